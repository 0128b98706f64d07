import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readCommandLine } from '../src/cli/argv.js';
import { ExitCode } from '../src/cli/exit-codes.js';
import { findCommands, loadCommand } from './build/commands.js';
import { renderHelp } from './build/help.js';
import { describeCommands } from './build/manifest.js';
import { helpWidth } from '../src/programs/calicoctl/help-width.js';
import { isInner } from '../src/programs/calicoctl/inner.js';
import { runCommand } from '../src/programs/calicoctl/main.js';

const root = join(import.meta.dirname, '..');
const facts = { ...(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string; description: string; oclif: { description: string; topics: Record<string, { description: string }> } }), root };
const commands = findCommands(join(root, 'src/commands'));
const line = readCommandLine(process.argv.slice(2), commands.map(({ name }) => name));

if (isInner(process.argv[2])) {
  // What runs inside of a lab is the build's.
  createRequire(import.meta.url)('../dist/launch.js');
} else if (line.kind === 'run') {
  await runCommand(facts, Object.fromEntries(commands.map((each) => [each.name, async () => ({ default: await loadCommand(each) })])), line.command, line.args);
} else if (line.kind === 'help') {
  process.stdout.write(renderHelp(await describeCommands(commands, facts), facts, helpWidth())[line.topic] ?? '');
} else if (line.kind === 'version') {
  process.stdout.write(`calicoctl ${facts.version}\n`);
} else {
  process.stderr.write(`${line.message}\nhint: ${line.hint}\n`);
  process.exitCode = ExitCode.usage;
}

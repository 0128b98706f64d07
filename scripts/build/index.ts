import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELP_WIDTHS } from '../../src/programs/calicoctl/help-width.js';
import { writeManual } from '../manual/index.js';
import { bundle } from './bundle.js';
import { makeCodeCaches } from './code-cache.js';
import { findCommands, readCommand } from './commands.js';
import { LOOK_UPS, writeCompletion } from './completion.js';
import { renderHelp } from './help.js';
import { commandNames, describeCommands } from './manifest.js';
import { licencesText, partsOf } from './parts.js';
import { Refusal } from './refusal.js';
import { checkTopics } from './topics.js';
import { checkTable } from './wire-table.js';

const root = join(import.meta.dirname, '../..');
const target = join(root, 'dist');
/** Built beside the old one, which stays usable until the new one is complete. */
const folder = `${target}.${process.pid}`;
const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string; description: string; oclif: { description: string; topics: Record<string, { description: string }> } };

const started = performance.now();
try {
  console.log(`${await build()}, in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  rmSync(target, { recursive: true, force: true });
  renameSync(folder, target);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function build(): Promise<string> {
  checkTable(root);
  mkdirSync(join(folder, 'cache'), { recursive: true });
  const commands = await Promise.all(findCommands(join(root, 'src/commands')).map(readCommand));
  checkTopics(commands.map(({ name }) => name), facts.oclif.topics);
  const manifest = await describeCommands(commands, { root, version: facts.version });
  writeFileSync(join(root, 'oclif.manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  for (const width of HELP_WIDTHS) writeFileSync(join(folder, `help-${width}.json`), JSON.stringify(renderHelp(manifest, facts, width)));
  writeManual(manifest, facts, { root, folder: join(folder, 'man') });
  writeCompletion(folder, manifest, facts.oclif.topics);
  const metafiles = await bundle({ root, folder, commands, names: commandNames(manifest), facts: { name: facts.name, version: facts.version, oclif: facts.oclif } });
  const parts = partsOf(metafiles, root);
  writeFileSync(join(folder, 'licences.txt'), licencesText(parts));
  writeFileSync(join(folder, 'parts.json'), JSON.stringify(parts.map(({ name, version, description, licence }) => ({ name, version, description, licence }))));
  const caches = await makeCodeCaches(folder, [...commands, LOOK_UPS]);
  return `built ${commands.length} commands, ${caches} code caches`;
}

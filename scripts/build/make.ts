import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
import { checkTopics } from './topics.js';
import { checkTable } from './wire-table.js';

interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly oclif: { readonly description: string; readonly topics: Record<string, { readonly description: string }> };
}

/** Builds everything into an empty folder; returns what was built, in words. Throws Refusal where something is not fit to be built. */
export async function make(root: string, folder: string): Promise<string> {
  const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackageFacts;
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

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.js';
import { makeCodeCaches } from './code-cache.js';
import { findCommands } from './commands.js';
import { renderHelp } from './help.js';
import { commandNames, describeCommands } from './manifest.js';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'dist');
const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string; description: string; oclif: object };

const started = performance.now();
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, 'cache'), { recursive: true });
const commands = findCommands(join(root, 'src/commands'));
const manifest = await describeCommands(commands, { root, version: facts.version });
writeFileSync(join(root, 'oclif.manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
writeFileSync(join(folder, 'help.json'), JSON.stringify(await renderHelp(manifest, { ...facts, root })));
await bundle({ root, folder, commands, names: commandNames(manifest), facts: { name: facts.name, version: facts.version, oclif: facts.oclif } });
const caches = await makeCodeCaches(folder, commands.map(({ name }) => name));
console.log(`built ${commands.length} commands, ${caches} code caches, in ${((performance.now() - started) / 1000).toFixed(1)} s`);

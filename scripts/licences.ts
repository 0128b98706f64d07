import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './build/parts.js';

/** `npm run licences`: the packages of npm that are inside what is built, and their licences; their texts are in dist/licences.txt. */
const parts = JSON.parse(readFileSync(join(import.meta.dirname, '../dist/parts.json'), 'utf8')) as readonly Part[];
const width = Math.max(...parts.map(({ name, version }) => `${name} ${version}`.length));
for (const { name, version, licence } of parts) console.log(`${`${name} ${version}`.padEnd(width)}  ${licence}`);

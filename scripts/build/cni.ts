import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { cni, type BundleInput } from './bundle.js';

/** Builds the network plugins alone, without looking at types, for who works on the plugins: `node --import tsx scripts/build/cni.ts`, half a second. */
const root = join(import.meta.dirname, '../..');
const folder = join(root, 'dist');
mkdirSync(folder, { recursive: true });
// Without it Node takes what is built here for modules of the package's own type.
writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as BundleInput['facts'];
await Promise.all(cni({ root, folder, facts }).map((options) => build(options)));

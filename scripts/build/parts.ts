import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { Refusal } from './refusal.js';

/** A package of npm that has code in a bundle. */
export interface Part {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** As SPDX writes it. */
  readonly licence: string;
  /** The texts that its licence wants to be passed on. */
  readonly texts: readonly string[];
}

/** What may be passed on inside a program under the Apache License 2.0. */
const ALLOWED = new Set(['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Python-2.0']);
const TEXT = /^(licen[cs]e|notice|copying)/i;

/**
 * The packages of which at least a byte is in the bundles, sorted by name. Throws Refusal where one has a licence that nobody looked at yet,
 * or none of its texts.
 * @param root the folder that the paths of the metafiles start from
 */
export function partsOf(metafiles: readonly Metafile[], root: string): readonly Part[] {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs)).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).flatMap(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  return [...new Set(folders)].map((folder) => readPart(join(root, folder))).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readPart(folder: string): Part {
  const { name, version, description = '', license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string; description?: string; license?: string };
  if (license === undefined || !ALLOWED.has(license)) throw new Refusal(`${name} ${version} is under ${license ?? 'no licence that it names'}, which is not one that scripts/build/parts.ts allows: look at what it asks for, and allow it there or leave the package`);
  const texts = readdirSync(folder).filter((file) => TEXT.test(basename(file))).sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (texts.length === 0) throw new Refusal(`${name} ${version} comes without the text of its licence (${license})`);
  return { name, version, description, licence: license, texts };
}

/** The licences of what is in the bundles, one behind the other. */
export function licencesText(parts: readonly Part[]): string {
  const pages = parts.map(({ name, version, licence, texts }) => `${name} ${version} (${licence})\n\n${texts.join('\n\n')}\n`);
  return `This program has these packages inside, each under its own licence.\n\n${pages.join(`\n${'-'.repeat(78)}\n\n`)}`;
}

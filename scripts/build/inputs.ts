import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesIn } from '../support/files.js';
import { commitOf } from './commit.js';

/** All that a build is made of, besides the packages that package-lock.json names. */
const INPUTS = ['src', 'scripts', 'docs/exit-codes.md', 'examples', 'CHANGELOG.md', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
const FILE = 'built-of';

/** One text for all that a build in this repository is made of now: another text where anything of it is different. */
export function inputsOf(root: string): string {
  const hash = createHash('sha256').update(JSON.stringify([process.version, process.arch, commitOf(root), process.env['SOURCE_DATE_EPOCH']]));
  for (const path of INPUTS.flatMap((input) => pathsOf(root, input)).sort()) hash.update(`\n${path} `).update(createHash('sha256').update(readFileSync(join(root, path))).digest());
  return hash.digest('hex');
}

/** The file of a build that says what it was made of. */
export function inputsFile(folder: string): string {
  return join(folder, FILE);
}

/** Whether a build is there that was made of this. */
export function isBuiltOf(folder: string, inputs: string): boolean {
  return existsSync(inputsFile(folder)) && readFileSync(inputsFile(folder), 'utf8') === inputs;
}

function pathsOf(root: string, input: string): readonly string[] {
  const path = join(root, input);
  return statSync(path).isDirectory() ? filesIn(path).map((file) => relative(root, file)) : [input];
}

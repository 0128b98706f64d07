import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is packed, in the words of package.json. */
export interface Product {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** When it was committed, in seconds since 1970: the time of every file in a package, so that it is the same whenever it is built. */
  readonly date: number;
}

export function readProduct(root: string): Product {
  const { name, version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Omit<Product, 'date'>;
  return { name, version, description, date: Number(process.env['SOURCE_DATE_EPOCH'] ?? commitDate(root)) };
}

/** Zero where there is no repository. */
function commitDate(root: string): string {
  try {
    return execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '0';
  }
}

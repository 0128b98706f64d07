import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/support/calicoctl.js';

const DOCS = join(ROOT, 'docs');

/** What the documentation shows below a command line, to the end of its sample. */
export function shownInDocs(command: string): string {
  const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md')).map((name) => readFileSync(join(DOCS, name), 'utf8'));
  const [shown, ...more] = pages.flatMap((page) => page.split(`\`\`\`console\n$ ${command}\n`).slice(1));
  if (shown === undefined || more.length > 0) throw new Error(`docs has ${shown === undefined ? 'no sample' : 'several samples'} of ${command}`);
  return shown.slice(0, shown.indexOf('```\n'));
}

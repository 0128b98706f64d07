import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/support/calicoctl.js';

/** What the README shows below a command line, to the end of its sample. */
export function shownInReadme(command: string): string {
  const [, shown] = readFileSync(join(ROOT, 'README.md'), 'utf8').split(`\`\`\`console\n$ ${command}\n`);
  if (shown === undefined) throw new Error(`the README has no sample of ${command}`);
  return shown.slice(0, shown.indexOf('```\n'));
}

import { CalicoError } from '../base/errors.js';
import type { Shell } from './shell.js';

/**
 * Shows what a restore would do, and asks unless it is agreed to; then only `remarks` are for everybody, the whole difference is for
 * somebody who is watching. Throws CalicoError where the answer is not yes.
 */
export async function confirmRestore(shell: Shell, difference: string, remarks: readonly string[], agreed: boolean): Promise<void> {
  if (agreed && shell.terminal.stderr) return shell.note(difference);
  if (agreed) return remarks.length === 0 ? undefined : shell.note(remarks.join('\n'));
  const answer = (await shell.canAnswer()) ? await shell.ask(difference, 'Write this to the datastore? [y/N] ') : undefined;
  if (answer === true) return;
  if (answer === undefined) await shell.note(difference);
  throw new CalicoError('failed', 'Nothing was written.', { hint: answer === undefined ? 'there is no terminal to ask on: --yes writes without asking' : undefined });
}

import { CalicoError } from '../base/errors.js';
import type { Effects } from '../changes/effects/draft.js';
import type { Shell } from './shell.js';

/** Shows what else goes or breaks with a deletion, and asks unless it is agreed to. Throws CalicoError where the answer is not yes. */
export async function confirmDeletion(shell: Shell, effects: readonly Effects[], agreed: boolean): Promise<void> {
  const { effectsText } = await import('../output/views/changes/effects.js');
  const lines = effectsText(effects).join('\n');
  if (agreed) return shell.hint(lines);
  const answer = (await shell.canAnswer()) ? await shell.ask(lines, 'Delete anyway? [y/N] ') : undefined;
  if (answer === true) return;
  if (answer === undefined) await shell.note(lines);
  throw new CalicoError('failed', 'Nothing was deleted.', { hint: answer === undefined ? 'there is no terminal to ask on: --yes deletes without asking' : undefined });
}

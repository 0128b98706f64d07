import { CalicoError } from '../base/errors.js';
import type { Effects } from '../changes/effects/draft.js';
import type { Target } from '../objects/target.js';
import { safe } from '../text/safe.js';
import type { Shell } from './shell.js';

/** Shows which resources a deletion means that does not name them, and asks unless it is agreed to. Throws CalicoError where the answer is not yes. */
export async function confirmChosen(shell: Shell, targets: readonly Target[], agreed: boolean): Promise<void> {
  await confirm(shell, targets.map(({ identity }) => safe(`${identity} would be deleted`)).join('\n'), 'Delete? [y/N] ', agreed);
}

/** Shows what else goes or breaks with a deletion, and asks unless it is agreed to. Throws CalicoError where the answer is not yes. */
export async function confirmDeletion(shell: Shell, effects: readonly Effects[], agreed: boolean): Promise<void> {
  const { effectsText } = await import('../output/views/changes/effects.js');
  await confirm(shell, effectsText(effects).join('\n'), 'Delete anyway? [y/N] ', agreed);
}

async function confirm(shell: Shell, lines: string, question: string, agreed: boolean): Promise<void> {
  if (agreed) return shell.hint(lines);
  const answer = (await shell.canAnswer()) ? await shell.ask(lines, question) : undefined;
  if (answer === true) return;
  if (answer === undefined) await shell.note(lines);
  throw new CalicoError('failed', 'Nothing was deleted.', { hint: answer === undefined ? 'there is no terminal to ask on: --yes deletes without asking' : undefined });
}

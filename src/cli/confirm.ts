import { CalicoError } from '../base/errors.js';
import type { Effects } from '../changes/effects/draft.js';
import type { Target } from '../objects/target.js';
import { safe } from '../text/safe.js';
import type { Shell } from './shell.js';

/** Shows which resources a deletion means that does not name them, and asks unless it is agreed to. Throws CalicoError where the answer is not yes. */
export async function confirmChosen(shell: Shell, targets: readonly Target[], agreed: boolean): Promise<void> {
  await confirm(shell, { lines: targets.map(({ identity }) => safe(`${identity} would be deleted`)), question: 'Delete? [y/N] ', ...OF_DELETION }, agreed);
}

/** Shows what else goes or breaks with a deletion, and asks unless it is agreed to. Throws CalicoError where the answer is not yes. */
export async function confirmDeletion(shell: Shell, effects: readonly Effects[], agreed: boolean): Promise<void> {
  const { effectsText } = await import('../output/views/changes/effects.js');
  await confirm(shell, { lines: effectsText(effects), question: 'Delete anyway? [y/N] ', ...OF_DELETION }, agreed);
}

/** Shows what --prune deletes, and asks unless it is agreed to. Throws CalicoError where the answer is not yes. */
export async function confirmPruning(shell: Shell, going: readonly Target[], effects: readonly Effects[], agreed: boolean): Promise<void> {
  const { pruneText } = await import('../output/views/changes/prune.js');
  await confirm(shell, { lines: pruneText(going, effects), question: 'Apply, and delete this? [y/N] ', refusal: 'Nothing was written.', agreeing: '--yes applies and deletes without asking' }, agreed);
}

/** Shows what an undo changes, and asks unless it is agreed to; the remarks are for everybody. Throws CalicoError where the answer is not yes. */
export async function confirmUndo(shell: Shell, difference: string, remarks: readonly string[], agreed: boolean): Promise<void> {
  if (agreed && !shell.terminal.stderr) return shell.note(remarks.join('\n'));
  await confirm(shell, { lines: [difference.trimEnd(), ...remarks], question: 'Undo this? [y/N] ', refusal: 'Nothing was written.', agreeing: '--yes undoes without asking' }, agreed);
}

interface Question {
  readonly lines: readonly string[];
  readonly question: string;
  /** What is said where the answer is not yes. */
  readonly refusal: string;
  /** How to agree where nobody can be asked. */
  readonly agreeing: string;
}

const OF_DELETION = { refusal: 'Nothing was deleted.', agreeing: '--yes deletes without asking' };

async function confirm(shell: Shell, { lines, question, refusal, agreeing }: Question, agreed: boolean): Promise<void> {
  const text = lines.join('\n');
  if (agreed) return shell.hint(text);
  const answer = (await shell.canAnswer()) ? await shell.ask(text, question) : undefined;
  if (answer === true) return;
  if (answer === undefined) await shell.note(text);
  throw new CalicoError('failed', refusal, { hint: answer === undefined ? `there is no terminal to ask on: ${agreeing}` : undefined });
}

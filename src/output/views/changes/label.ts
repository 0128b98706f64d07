import type { CallTarget, Labelling, LabelDeed } from '../../../changes/label.js';
import type { Refused } from '../../../changes/plan.js';
import type { WriteResult } from '../../../changes/write.js';
import { nameOf } from '../../../objects/reference.js';
import type { Target } from '../../../objects/target.js';
import { safe } from '../../../text/safe.js';
import { done, type CommandReport } from '../report.js';
import { partialReport, refusalMeaning, writeReport } from './report.js';
import type { ReportOptions } from './results.js';

/** `node n1` as it was typed, `KIND NAME` or `KIND/NAME`; of what was not named so, by its kind and its name. `targets` are those that the words name, in their order. */
export function typedName(words: readonly string[], targets: readonly Target[]): CallTarget {
  const [first = '', ...names] = words;
  const typed = new Map(first.includes(',') ? [] : targets.map((target, index) => [target, first.includes('/') ? apart(words[index] ?? '') : `${first} ${names[index] ?? ''}`]));
  return (target) => (words.length === 0 ? undefined : typed.get(target)) ?? apart(nameOf(target));
}

function apart(reference: string): string {
  return reference.replace('/', ' ');
}

/** What label came to, in the words of the official tool: a line for each label of each resource. */
export function labelReport(result: WriteResult, labelling: Labelling, options: ReportOptions & { readonly called: CallTarget }): CommandReport {
  const { plan, outcome } = result;
  const { called, dryRun } = options;
  if (plan.refused.length > 0) return { stdout: '', stderr: [...plan.refused.flatMap((refused) => refusalLines(refused, called)), 'Nothing was written.'], meaning: refusalMeaning(plan.refused) };
  if (outcome !== undefined && (outcome.refused.length > 0 || outcome.notWritten.length > 0)) return partialReport('label', outcome);
  if (options.output !== undefined) return writeReport('label', result.targets, result, options);
  const lines = [...labelling.deeds].flatMap(([target, deeds]) => deeds.map((deed) => `${deedText(deed, safe(called(target)), dryRun)}\n`));
  return lines.length === 0 ? { ...done(''), stderr: ['nothing is labeled: no such resource is there'] } : done(lines.join(''));
}

function deedText({ did, key }: LabelDeed, name: string, dryRun: boolean): string {
  const preposition = did === 'removed' ? 'from' : 'on';
  return dryRun ? `would ${WOULD[did]} label ${key} ${preposition} ${name}` : `Successfully ${did} label ${key} ${preposition} ${name}`;
}

const WOULD = { set: 'set', updated: 'update', removed: 'remove' } as const;

/** What a label stands in the way of is said by itself. */
function refusalLines({ target, reason, message }: Refused, called: CallTarget): readonly string[] {
  if (/^(?:failed to update|cannot remove) label of /.test(message)) return message.split('\n').map(safe);
  if (reason === 'missing') return [safe(`${called(target)} not found`)];
  return [safe(`failed to update ${called(target)}, label not changed: ${message}`)];
}

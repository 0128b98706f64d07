import type { Outcome } from '../../../changes/commit.js';
import type { Undoing } from '../../../changes/undo/find.js';
import type { UndoPlan, UndoStep } from '../../../changes/undo/plan.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import type { Authorship } from '../../../journal/past.js';
import { nameOf } from '../../../objects/reference.js';
import { ipPool } from '../../../resources/v3/ip-pool.js';
import { node } from '../../../resources/v3/node.js';
import { workloadEndpoint } from '../../../resources/v3/workload-endpoint.js';
import { safe } from '../../../text/safe.js';
import { noColours, type Colours } from '../../theme/colours.js';
import { authorData, authorText } from '../journal/journal.js';
import { done, type CommandReport } from '../report.js';
import { differencesData, documentDiff } from './document-diff.js';
import { partialReport, successLine } from './report.js';
import { totals } from './results.js';

/** Resources whose differences are shown whole; of the others it is said what becomes of them. */
const SHOWN = 20;
/** Kinds that addresses are assigned to or from. */
const WITH_ADDRESSES: readonly unknown[] = [ipPool, node, workloadEndpoint];

/** What an undo would change, as unified text: from what is to what was. */
export async function undoText({ steps }: UndoPlan, colours: Colours = noColours): Promise<string> {
  let text = '';
  for (const { target, changed } of steps.slice(0, SHOWN)) text += await documentDiff({ name: nameOf(target), ...changed, titles: { before: 'now', after: 'as it was' } }, colours);
  for (const { target, result } of steps.slice(SHOWN)) text += `would be ${WORDS[result] ?? result}: ${safe(target.identity)}\n`;
  return text + totals(steps, true);
}

const WORDS: Readonly<Record<string, string>> = { replaced: 'changed' };

/** What there is to say besides: what is undone, and what is not. */
export function undoRemarks({ undone, to, authors, journaled, rowAfter }: Undoing, { steps, kept }: UndoPlan): readonly string[] {
  const addresses = steps.some(({ target, result }) => WITH_ADDRESSES.includes(target.stored) && result !== 'replaced');
  return [
    ...(to === undefined ? byCommand(undone, authors).map(undoneText) : [`undoes everything since revision ${to}`]),
    ...(journaled === true ? ['etcd has compacted that revision: what others did before the oldest one it has is not in the journal, and not undone'] : []),
    ...kept.map(({ target, message }) => safe(`${target.identity} stays as it is: ${message}`)),
    ...(rowAfter === undefined ? [] : [`the transactions right before did the same to more resources; etcd does not know whether that was one command: undo --to ${rowAfter} takes all of it back`]),
    ...(addresses ? ['addresses, blocks and handles stay as they are now: see ipam check'] : []),
  ];
}

/** Revisions of one command, or of those that nobody is known for. */
interface UndoneTogether {
  readonly revisions: readonly string[];
  readonly by?: Authorship;
}

/** Revisions that are undone, those of one command together. */
function byCommand(undone: readonly string[], authors: Undoing['authors']): readonly UndoneTogether[] {
  const commands = new Map<string | undefined, { revisions: string[]; by?: Authorship }>();
  for (const revision of undone) {
    const by = authors?.get(revision);
    const together = commands.get(by?.command);
    if (together === undefined) commands.set(by?.command, { revisions: [revision], ...(by && { by }) });
    else together.revisions.push(revision);
  }
  return [...commands.values()];
}

function undoneText({ revisions, by }: UndoneTogether): string {
  return `undoes revision${revisions.length === 1 ? '' : 's'} ${revisions.join(', ')}${by === undefined ? '' : `: ${authorText(by)}`}`;
}

export interface UndoReportOptions {
  readonly dryRun: boolean;
  readonly json: boolean;
  /** What it does to many. */
  readonly largeEffects?: () => object | undefined;
}

/** What an undo came to; `outcome` is absent where nothing was written. */
export function undoReport(undoing: Undoing, plan: UndoPlan, outcome: Outcome | undefined, { dryRun, json, largeEffects }: UndoReportOptions): CommandReport {
  if (outcome !== undefined && outcome.refused.length + outcome.notWritten.length > 0) return partialReport('undo', outcome);
  if (json) return done(`${goJsonIndented({ ...undoData(undoing, plan, dryRun), largeEffects: largeEffects?.() })}\n`);
  return done(dryRun ? '' : successLine('undo', plan.steps.map(({ target }) => ({ kind: { kind: target.document.kind } }))));
}

/** `by` is who made all that is undone, where that was one command. */
function undoData({ undone, to, authors, journaled }: Undoing, { steps, kept }: UndoPlan, dryRun: boolean): object {
  const [{ by } = { by: undefined }, ...others] = byCommand(undone, authors);
  return { ...(dryRun ? { dryRun } : {}), undone, ...(by === undefined || others.length > 0 ? {} : { by: authorData(by) }), ...(to === undefined ? {} : { to }), ...(journaled === undefined ? {} : { journaled }), resources: steps.map(stepData), kept: kept.map(({ target, message }) => ({ name: nameOf(target), reason: message })) };
}

function stepData({ target, result, changed }: UndoStep): object {
  const { kind, apiVersion } = target.document;
  return { kind, apiVersion, name: nameOf(target), result, changes: differencesData(changed.differences) };
}

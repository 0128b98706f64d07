import { Pace } from '../../base/pace.js';
import type { Entry, Operation, Store } from '../../datastore/store.js';
import { changedEntry, type Changed } from '../../objects/changed.js';
import { v3Identity, storedTarget, type Target } from '../../objects/target.js';
import { storedKindOf, viewObject } from '../../objects/view.js';
import { nameInKey } from '../../resources/keys.js';
import type { Dialect, Kind, StoredKind } from '../../resources/kind.js';
import { shownKind, storedKindOfKey } from '../../resources/registry.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';
import { API_VERSION } from '../../resources/v3/document.js';
import { readOnlyReason, type Refused } from '../plan.js';
import { NOTHING, type Step } from '../step.js';
import { BatchRules, ruleNeeds } from '../store-rules.js';
import { tierNeeds, tiersInUse } from '../tiers-in-use.js';
import { Needs, readWorld } from '../world.js';

/** A key that is to be again what it was. */
export interface Reversal {
  readonly key: string;
  /** As it is now, and as it was; undefined where there is none. */
  readonly now: Entry | undefined;
  readonly then: Entry | undefined;
}

/** What takes changes back, one resource each. */
export interface UndoStep extends Step {
  readonly changed: Changed;
  reliesOn: readonly Operation[];
}

export interface UndoPlan {
  readonly steps: readonly UndoStep[];
  /** What cannot be taken back: nothing is, then. */
  readonly refused: readonly Refused[];
  /** What Calico keeps itself, and stays as it is. */
  readonly kept: readonly Refused[];
}

/**
 * Plans that keys become again exactly what they were, byte for byte. The rules between resources are asked of the store as it is
 * now: a policy does not come back into a tier that is gone, nor a tier go that policies are in. Throws DatastoreError.
 * @param named whether somebody named them: what Calico keeps itself is refused then, and otherwise left as it is
 */
export async function planUndo(store: Store, reversals: readonly Reversal[], { dialect, named, signal }: { readonly dialect: Dialect; readonly named: boolean; readonly signal?: AbortSignal | undefined }): Promise<UndoPlan> {
  const pace = new Pace(signal);
  const steps: UndoStep[] = [];
  const forbidden: Refused[] = [];
  await pace.each(reversals, (reversal) => {
    const step = stepOf(reversal, dialect);
    if (step === undefined) return;
    const message = readOnlyReason({ ...step.target, kind: step.target.stored }, step.result === 'deleted' ? 'delete' : 'replace');
    if (message === undefined) steps.push(step);
    else forbidden.push({ target: step.target, reason: 'forbidden', message });
  });
  const refused = await refusedByRules(store, steps, pace);
  return { steps, refused: [...(named ? forbidden : []), ...refused], kept: named ? [] : forbidden };
}

/** What of the steps the rest of the store is against; those that are not rely on what they name. */
async function refusedByRules(store: Store, steps: readonly UndoStep[], pace: Pace): Promise<readonly Refused[]> {
  const needs = new Needs();
  const deleted = steps.filter(({ result }) => result === 'deleted');
  tierNeeds(deleted.map(({ target }) => target), needs);
  const written = new Map(steps.filter(({ result }) => result !== 'deleted').map((step) => [step.key, step]));
  for (const { target } of written.values()) ruleNeeds(target.stored, target.object, needs);
  if (needs.isEmpty) return [];
  const world = await readWorld(store, needs);
  const rules = new BatchRules(world, written, written);
  const refused: Refused[] = [...(await tiersInUse(deleted, world, pace)).values()];
  await pace.each(written.values(), (step) => {
    const { target, key } = step;
    const now = world.entry(key);
    const object = now && decodeStored(target.stored, now);
    const message = rules.problem(target.stored, target.object, object === undefined || isCorrupt(object) ? undefined : object);
    if (message === undefined) step.reliesOn = rules.reliances(target.stored, target.object);
    else refused.push({ target, reason: 'precondition', message });
  });
  return refused;
}

/** Undefined for a key of no kind that is known, and where nothing is different. */
function stepOf({ key, now, then }: Reversal, dialect: Dialect): UndoStep | undefined {
  const stored = storedKindOfKey(key);
  const shown = then ?? now;
  if (stored === undefined || shown === undefined || (now !== undefined && then !== undefined && isSame(now, then))) return undefined;
  const kind = shownKind(stored, dialect);
  const operation: Operation = then === undefined ? { action: 'delete', key, expect: now?.modRevision ?? '0', ...bytesOf(now) } : { action: 'put', key, expect: now?.modRevision ?? '0', value: then.value, ...bytesOf(then) };
  return {
    target: targetOf(kind, stored, shown),
    key,
    result: then === undefined ? 'deleted' : now === undefined ? 'created' : 'replaced',
    operations: [operation],
    reliesOn: NOTHING,
    changed: changedEntry(kind, now, then),
  };
}

function bytesOf(entry: Entry | undefined): Pick<Entry, 'bytes'> {
  return entry?.bytes === undefined ? {} : { bytes: entry.bytes };
}

function isSame(left: Entry, right: Entry): boolean {
  if (left.bytes !== undefined || right.bytes !== undefined) return left.bytes !== undefined && right.bytes?.value.equals(left.bytes.value) === true;
  return left.value === right.value;
}

/** The resource of an entry, in the words of the operator's kind; of what cannot be read, what its key says. */
function targetOf(kind: Kind, stored: StoredKind, entry: Entry): Target {
  const object = decodeStored(stored, entry);
  if (isCorrupt(object)) {
    const { name, namespace } = nameInKey(stored, entry.key) ?? { name: entry.key };
    const bare = { kind: stored.kind, apiVersion: API_VERSION, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, spec: {} } as const;
    return { ...storedTarget(stored, bare), identity: v3Identity(stored, name, namespace) };
  }
  const target = storedTarget(storedKindOf(kind), object);
  const { document } = viewObject(kind, object, 'documents');
  return kind.dialect === 'v1' && document.apiVersion === 'v1' ? { ...target, kind, document, identity: kind.identityText(document.metadata) } : target;
}

import { CalicoError } from '../base/errors.js';
import type { Guard } from '../changes/guard.js';
import { ensureInitialized, INITIAL_KEYS, newIdentity, type Sources } from '../changes/initialize.js';
import { NOTHING, type Step } from '../changes/step.js';
import type { Store } from '../datastore/store.js';
import { transact, type Draft } from '../datastore/draft.js';
import { storedTarget } from '../objects/target.js';
import { keyOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { Problems } from '../resources/problem.js';
import { decodeStored, encodeStored, isCorrupt } from '../resources/stored-value.js';
import { inStoredOrder } from '../resources/v3/defaults.js';
import type { SettingLocation, Setting } from './setting.js';
import { objectName } from './scope.js';

/**
 * Sets a setting of the cluster, or of one node, or removes it where `value` is undefined. All of its places change
 * in one guarded transaction. Objects that are made hold nothing else: a default in the settings of a node would hide
 * those of the cluster. Throws CalicoError where the result would break a rule, and what the guard throws.
 */
export async function changeSetting(store: Store, setting: Setting, change: { readonly node?: string | undefined; readonly value: unknown }, { guard, ...sources }: Sources & { readonly guard?: Guard | undefined }): Promise<Change> {
  const { ranges } = await store.snapshot(INITIAL_KEYS.map((key) => ({ key })));
  if (change.value !== undefined) await ensureInitialized(store, new Set(ranges.flat().map(({ key }) => key)), sources);
  const name = objectName(change.node);
  return transact(store, async (draft) => {
    const changes: PlannedChange[] = [];
    for (const place of setting.places) changes.push(await planChange(draft, place, { name, value: change.value, sources }));
    const operations = draft.operations();
    await guard?.(store, { steps: changes.flatMap(({ step }) => (step === undefined ? [] : [{ ...step, operations: operations.filter(({ key }) => key === step.key) }])) });
    return { changed: changes.some(({ changed }) => changed), risks: changes.flatMap(({ risks }) => risks) };
  });
}

/** What became of a setting. */
export interface Change {
  readonly changed: boolean;
  /** What breaks by it, though Calico takes it, and what helps. */
  readonly risks: readonly { readonly message: string; readonly hint: string }[];
}

interface PlannedChange extends Change {
  /** What is done to the resource; the draft has the operations. */
  readonly step?: Step;
}

const NO_CHANGE: PlannedChange = { changed: false, risks: [] };

async function planChange(draft: Draft, { kind, field }: SettingLocation, { name, value, sources }: { readonly name: string; readonly value: unknown; readonly sources: Sources }): Promise<PlannedChange> {
  const key = keyOf(kind, name);
  const stored = await draft.value(key);
  if (stored === undefined && value === undefined) return NO_CHANGE;
  const before = stored === undefined ? newObject(kind, name, sources) : readable(kind, key, stored);
  if (stored !== undefined && JSON.stringify(before.spec[field]) === JSON.stringify(value)) return { changed: false, risks: newRisks(kind, field, before.spec, before.spec) };
  const changed = { ...before.spec, [field]: value };
  const decided = kind.decided?.(changed);
  if (value !== undefined && decided !== undefined && field in decided.values && decided.values[field] !== value) throw decidedBy(decided.by, field, decided.values[field]);
  const after = { ...before, spec: inStoredOrder(kind.spec, { ...changed, ...decided?.values }) };
  refuseBroken(kind, before, after);
  // Settings of a node that say nothing are of no use to anybody.
  const goes = name !== 'default' && Object.keys(after.spec).length === 0;
  if (goes) draft.remove(key);
  else draft.put(key, encodeStored(kind, after));
  const step: Step = { target: storedTarget(kind, after), key, result: goes ? 'deleted' : stored === undefined ? 'created' : 'replaced', operations: NOTHING, reliesOn: NOTHING };
  return { changed: true, risks: newRisks(kind, field, before.spec, after.spec), step };
}

/** The risks that a change of a field brings, those of the field itself first of all. */
function newRisks(kind: StoredKind, field: string, before: StoredObject['spec'], after: StoredObject['spec']): Change['risks'] {
  const known = new Set((kind.risks?.(before) ?? []).map((risk) => risk.field));
  return (kind.risks?.(after) ?? []).filter((risk) => risk.field === field || !known.has(risk.field));
}

function decidedBy(by: string, field: string, value: unknown): CalicoError {
  return new CalicoError('precondition', `${field} cannot be set: ${by}, which is deprecated and set here, makes it ${String(value)}`, { hint: `unset ${by} first` });
}

function newObject(kind: StoredKind, name: string, sources: Sources): StoredObject {
  const problem = kind.nameProblem(name);
  if (problem !== undefined) throw new CalicoError('forbidden', `the settings of this node cannot be stored: ${problem}`);
  return { kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...newIdentity(sources) }, spec: {} };
}

function readable(kind: StoredKind, key: string, value: string): StoredObject {
  const object = decodeStored(kind, { key, value, modRevision: '0' });
  if (isCorrupt(object)) throw new CalicoError('unreadable', `${key} cannot be read: ${object.reason}`);
  return object;
}

/** Throws where the change breaks a rule of the kind that held before. */
function refuseBroken(kind: StoredKind, before: StoredObject, after: StoredObject): void {
  const known = new Set(problemsOf(kind, before));
  const problem = problemsOf(kind, after).find((message) => !known.has(message));
  if (problem !== undefined) throw new CalicoError('forbidden', problem);
}

function problemsOf(kind: StoredKind, object: StoredObject): string[] {
  const problems = new Problems();
  kind.check?.(object, problems);
  return problems.list.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

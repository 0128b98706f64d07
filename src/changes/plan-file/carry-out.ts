import type { Store } from '../../datastore/store.js';
import { v3Identity, storedTarget, type Target } from '../../objects/target.js';
import { nameInKey } from '../../resources/keys.js';
import type { AnyDocument, StoredKind } from '../../resources/kind.js';
import { kindOfDocument, storedKindOfKey } from '../../resources/registry.js';
import { API_VERSION } from '../../resources/v3/document.js';
import { commitSteps, intoBatches } from '../commit.js';
import { deleteTargets, type DeleteOptions } from '../delete.js';
import { ensureInitialized, INITIAL_KEYS, type Sources } from '../initialize.js';
import { deleteAfter, type Pruned } from '../prune/apply.js';
import { DeleteStep, NOTHING, type Step } from '../step.js';
import { rankOf } from '../store-rules.js';
import type { PlanFile, PlannedStep } from './plan-file.js';
import { Needs } from '../world.js';
import { clusterOf, revisionsOf } from './present.js';

export interface CarryOutOptions extends DeleteOptions {
  readonly sources: Sources;
}

/** What stands against a plan: nothing of it may be carried out then. */
export interface Overtaken {
  /** A sentence for each thing that is not as the plan says. */
  readonly differs: readonly string[];
}

/**
 * Carries out a plan, exactly: in its own cluster, and only while everything that it rests on is as it was. What is written is
 * compared once more in its transaction; deletions go by their procedures, as `delete` does them.
 */
export async function carryOutPlan(store: Store, plan: PlanFile, { sources, guard, ...options }: CarryOutOptions): Promise<Pruned | Overtaken> {
  const differs = await differencesFrom(store, plan);
  if (differs.length > 0) return { differs };
  const steps = plan.steps.filter(({ result }) => result !== 'deleted').map(stepOf);
  const leaving = plan.steps.filter(({ result }) => result === 'deleted').map((step) => deletion(step, plan.restsOn[step.key] ?? '0'));
  const going = leaving.map(({ target }) => target);
  await guard?.(store, { steps: [...steps, ...leaving] });
  const written = { targets: steps.map(({ target }) => target), warnings: [], plan: { steps, refused: [], invalid: [], lacks: new Needs() }, revision: plan.revision };
  if (options.dryRun === true) return { write: written, ...(going.length > 0 && { deletion: await deleteTargets(store, going, options) }) };
  const present = await revisionsOf(store, INITIAL_KEYS, []);
  await ensureInitialized(store, { has: (key) => present.get(key) !== '0' }, sources);
  const outcome = await commitSteps(store, await intoBatches(steps, { stageOf: ({ target }) => rankOf(target.stored), signal: options.signal }), { signal: options.signal });
  const write = { ...written, outcome };
  if (going.length === 0 || outcome.refused.length + outcome.notWritten.length > 0) return { write };
  return { write, deletion: await deleteAfter(write, leaving, () => deleteTargets(store, going, options)) };
}

/** What is not as a plan says: the cluster, or the keys that it rests on. */
async function differencesFrom(store: Store, { cluster, restsOn, complete, steps }: PlanFile): Promise<readonly string[]> {
  const here = await clusterOf(store);
  if (here !== cluster) return [`this is another cluster: ${here ?? 'none yet'}, not ${cluster ?? 'one without an identity'}`];
  const names = new Map(steps.map((step) => [step.key, identityOf(step)]));
  const present = await revisionsOf(store, Object.keys(restsOn), complete);
  return [...present].filter(([key, revision]) => revision !== (restsOn[key] ?? '0')).map(([key, revision]) => {
    const [what, then] = [names.get(key) ?? nameOfKey(key), restsOn[key] ?? '0'];
    if (then === '0') return `${what} exists now`;
    return revision === '0' ? `${what} does not exist any more` : `${what} has changed: revision ${revision}, not ${then}`;
  });
}

/** A plan that is carried out has keys of resources alone (isSoundStep). */
function kindOf(key: string): StoredKind {
  return storedKindOfKey(key) as StoredKind;
}

function nameOfKey(key: string): string {
  const kind = kindOf(key);
  const named = nameInKey(kind, key);
  return named === undefined ? key : v3Identity(kind, named.name, named.namespace);
}

function identityOf({ resource: { apiVersion, kind, metadata }, key }: PlannedStep): string {
  const found = kindOfDocument(apiVersion, kind);
  return found?.dialect === 'v1' ? found.identityText(metadata) : v3Identity(kindOf(key), String(metadata['name']), metadata['namespace'] as string | undefined);
}

/** The target of a step, with no more content than its identity. */
function targetOf(step: PlannedStep): Target {
  const { resource, key, stored = nameInKey(kindOf(key), key) ?? { name: '' } } = step;
  const target = storedTarget(kindOf(key), { kind: kindOf(key).kind, apiVersion: API_VERSION, metadata: stored, spec: {} });
  const kind = kindOfDocument(resource.apiVersion, resource.kind) ?? target.kind;
  return { ...target, kind, identity: identityOf(step), document: { ...resource, spec: {} } as AnyDocument };
}

function stepOf(step: PlannedStep): Step {
  return { target: targetOf(step), key: step.key, result: step.result, operations: step.operations ?? NOTHING, reliesOn: NOTHING };
}

/** What is deleted is found under its own name, and only while it is as it was. */
function deletion(step: PlannedStep, revision: string): DeleteStep {
  const target = targetOf(step);
  const { object, stored } = target;
  return new DeleteStep({ ...target, kind: stored, object: { ...object, metadata: { ...object.metadata, resourceVersion: revision } } }, step.key, revision);
}

/** What stands against carrying out a plan, as refusals are told. */
export function isOvertaken(result: Pruned | Overtaken): result is Overtaken {
  return 'differs' in result;
}

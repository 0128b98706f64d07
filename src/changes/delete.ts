import type { Store } from '../datastore/store.js';
import { prefixOf } from '../resources/keys.js';
import { STORED_KINDS } from '../resources/registry.js';
import { tier } from '../resources/v3/tier.js';
import { commitSteps, intoBatches, InterruptedBatch, isOutcomeUnknown, type Outcome } from './commit.js';
import { belongingsOf, deleteNode } from './delete-node.js';
import { deletePool } from './delete-pool.js';
import { findExisting, findingNeeds } from './find.js';
import { readOnlyReason, type Refused, type Step } from './plan.js';
import { storedIdentity, type Target } from './target.js';
import { Needs, readWorld, type World } from './world.js';

export interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  /** Told after each transaction how many resources are deleted. */
  readonly onProgress?: (deleted: number) => void;
}

export interface DeleteResult {
  /** What was deleted, or would be. */
  readonly deleted: readonly Target[];
  readonly missing: readonly Target[];
  readonly refused: readonly Refused[];
  /** In a dry run: identities of what would go with them. */
  readonly belongings?: readonly string[];
  /** Absent in a dry run. */
  readonly outcome?: Outcome;
}

interface Deletion {
  readonly steps: Step[];
  readonly missing: Target[];
  readonly refused: Refused[];
}

const ROUNDS = 5;

/** Kinds whose deletion takes more than removing a key: what belongs to them goes first. */
const PROCEDURES: Readonly<Record<string, (store: Store, step: Step) => Promise<void>>> = {
  IPPool: deletePool,
  Node: deleteNode,
};

/**
 * Deletes resources: those that exist go, in one transaction where they fit in one; the others are named in the result.
 * Pools and nodes go one by one afterwards, each with what belongs to it, in an order that is safe to repeat.
 */
export async function deleteTargets(store: Store, targets: readonly Target[], options: DeleteOptions): Promise<DeleteResult> {
  for (let round = 1; ; round++) {
    const deletion = planDeletion(targets, await readFor(store, targets));
    const { missing, refused } = deletion;
    if (options.dryRun === true) return { deleted: deletion.steps.map((step) => step.target), missing, refused, belongings: await belongings(store, deletion.steps) };
    const [plain, belated] = [deletion.steps.filter((step) => procedureOf(step) === undefined), deletion.steps.filter((step) => procedureOf(step) !== undefined)];
    const first = await commitPlain(store, plain, belated, options);
    const changedMeanwhile = first.refused.length > 0;
    if (changedMeanwhile && first.written.length === 0 && round < ROUNDS && !targets.some(namesRevision)) continue;
    const then = changedMeanwhile ? { written: [], notWritten: belated } : await carryOut(store, belated, first.written, options);
    const outcome = { written: [...first.written, ...then.written], notWritten: [...first.notWritten, ...then.notWritten], refused: first.refused };
    return { deleted: outcome.written.map((step) => step.target), missing, refused, outcome };
  }
}

function procedureOf(step: Step): ((store: Store, step: Step) => Promise<void>) | undefined {
  return PROCEDURES[step.target.stored.kind];
}

/** Deletes what takes no more than a transaction; `belated` has its place in the account of a failure. */
async function commitPlain(store: Store, plain: readonly Step[], belated: readonly Step[], options: DeleteOptions): Promise<Outcome> {
  try {
    return await commitSteps(store, intoBatches(plain), options);
  } catch (error) {
    if (!(error instanceof InterruptedBatch)) throw error;
    const { account, cause } = error;
    throw new InterruptedBatch({ ...account, notWritten: [...account.notWritten, ...belated] }, cause);
  }
}

/**
 * Deletes one after the other what takes more than a transaction.
 * @param before what was deleted already, for the account of a failure
 */
async function carryOut(store: Store, steps: readonly Step[], before: readonly Step[], { signal, onProgress }: DeleteOptions): Promise<Pick<Outcome, 'written' | 'notWritten'>> {
  const written: Step[] = [];
  for (const [index, step] of steps.entries()) {
    const rest = steps.slice(index);
    if (signal?.aborted === true) return { written, notWritten: rest };
    try {
      await procedureOf(step)?.(store, step);
    } catch (cause) {
      if (before.length + written.length === 0) throw cause;
      const [unknown, notWritten] = isOutcomeUnknown(cause) ? [[step], rest.slice(1)] : [[], rest];
      throw new InterruptedBatch({ written: [...before, ...written], unknown, notWritten }, cause instanceof InterruptedBatch ? cause.cause : cause);
    }
    written.push(step);
    onProgress?.(before.length + written.length);
  }
  return { written, notWritten: [] };
}

async function belongings(store: Store, steps: readonly Step[]): Promise<readonly string[]> {
  const identities: string[] = [];
  for (const { target } of steps) {
    if (target.stored.kind !== 'Node') continue;
    for (const { kind, object } of await belongingsOf(store, target.object.metadata.name)) identities.push(storedIdentity(kind, object.metadata.name, object.metadata.namespace));
  }
  return identities;
}

function namesRevision(target: Target): boolean {
  return target.object.metadata.resourceVersion !== undefined;
}

/** Kinds that belong to a tier. */
const TIERED = STORED_KINDS.filter((kind) => kind.spec.fields.some((field) => field.name === 'tier'));

async function readFor(store: Store, targets: readonly Target[]): Promise<World> {
  const needs = new Needs();
  findingNeeds(targets, needs);
  if (targets.some((target) => target.stored === tier)) for (const kind of TIERED) needs.prefix(prefixOf(kind));
  return readWorld(store, needs);
}

function planDeletion(targets: readonly Target[], world: World): Deletion {
  const deletion: Deletion = { steps: [], missing: [], refused: [] };
  const keys = new Set<string>();
  for (const target of targets) {
    const forbidden = readOnlyReason(target, 'delete');
    const found = findExisting(target, world);
    const wanted = target.object.metadata.resourceVersion;
    if (forbidden !== undefined) deletion.refused.push({ target, reason: 'forbidden', message: forbidden });
    else if (found === undefined || keys.has(found.entry.key)) deletion.missing.push(target);
    else if (wanted !== undefined && wanted !== found.entry.modRevision) {
      deletion.refused.push({ target, reason: 'changed', message: `update conflict: ${target.identity} has changed: revision ${found.entry.modRevision}, not ${wanted}` });
    } else if (target.stored === tier && hasPolicies(target, world)) {
      deletion.refused.push({ target, reason: 'rule', message: `tier ${target.object.metadata.name} is not empty: delete or move its policies first` });
    } else {
      const { key, modRevision } = found.entry;
      keys.add(key);
      deletion.steps.push({ target, key, result: 'deleted', operations: [{ action: 'delete', key, expect: modRevision }], reliesOn: [] });
    }
  }
  return deletion;
}

function hasPolicies(target: Target, world: World): boolean {
  return TIERED.some((kind) => world.objects(kind).some((policy) => policy.spec['tier'] === target.object.metadata.name));
}

import type { Store } from '../datastore/store.js';
import { prefixOf } from '../resources/keys.js';
import { STORED_KINDS } from '../resources/registry.js';
import { tier } from '../resources/v3/tier.js';
import { commitSteps, type Outcome } from './commit.js';
import { belongingsOf, deleteNode } from './delete-node.js';
import { deletePool } from './delete-pool.js';
import { findExisting, findingNeeds } from './find.js';
import { readOnlyReason, type Refused, type Step } from './plan.js';
import { storedIdentity, type Target } from './target.js';
import { Needs, readWorld, type World } from './world.js';

export interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

export interface DeleteResult {
  /** What was deleted, or would be. */
  readonly deleted: readonly Target[];
  readonly missing: readonly Target[];
  readonly refused: readonly Refused[];
  /** In a dry run: identities of what would go with them. */
  readonly belongings?: readonly string[];
  /** Present where a batch was not written whole. */
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
    const plain = deletion.steps.filter((step) => PROCEDURES[step.target.stored.kind] === undefined);
    const outcome = await commitSteps(store, plain, options.signal);
    const changedMeanwhile = outcome.refused.length > 0;
    if (changedMeanwhile && outcome.written.length === 0 && round < ROUNDS && !targets.some(namesRevision)) continue;
    const deleted = outcome.written.map((step) => step.target);
    if (changedMeanwhile || options.signal?.aborted === true) return { deleted, missing, refused, outcome };
    for (const step of deletion.steps) {
      const procedure = PROCEDURES[step.target.stored.kind];
      if (procedure === undefined) continue;
      await procedure(store, step);
      deleted.push(step.target);
    }
    return { deleted, missing, refused };
  }
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

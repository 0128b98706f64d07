import { AccountedStore, isOutcomeUnknown, type Account } from '../datastore/account.js';
import type { Store } from '../datastore/store.js';
import { ManifestError, type Diagnostic } from '../base/errors.js';
import type { Ip } from '../net/address.js';
import { releaseAddresses } from '../ipam/operations/release.js';
import { retry } from '../base/back-off.js';
import { Pace } from '../base/pace.js';
import type { AsStored } from '../resources/fields/field.js';
import type { StoredObject } from '../resources/kind.js';
import { node } from '../resources/v3/node.js';
import { workloadEndpoint, type WorkloadEndpointSpec } from '../resources/v3/workload-endpoint.js';
import type { Notify } from '../base/notice.js';
import type { ChangeNotice } from './notices.js';
import { changedMeanwhile, commitSteps, DECIDING, intoBatches, InterruptedBatch, type CommitOptions, type Outcome } from './commit.js';
import { addressesOfEndpoint } from './delete-node.js';
import { givenTwice } from './duplicates.js';
import { Consent, type Confirm } from './effects/consent.js';
import type { Effects, FindEffects } from './effects/draft.js';
import type { Guard } from './guard.js';
import { findExisting, findingNeeds, type Existing } from './find.js';
import { readOnlyReason, revisionConflict, type Refused } from './plan.js';
import { DeleteStep, type Step } from './step.js';
import { carryOut, isProcedure } from './procedures.js';
import { rankOf } from './store-rules.js';
import type { Target } from '../objects/target.js';
import { tierNeeds, tiersInUse } from './tiers-in-use.js';
import { Needs, readWorld, type World } from './world.js';

export interface DeleteOptions {
  readonly dryRun?: boolean;
  /** Finds what else goes or breaks; absent where nobody wants to know. */
  readonly findEffects?: FindEffects | undefined;
  /** Asked before anything is deleted with which something else goes or breaks; throws where that is not wanted. */
  readonly confirm?: Confirm | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly notify?: Notify<ChangeNotice> | undefined;
  /** Asked before anything is deleted, also in a dry run. */
  readonly guard?: Guard | undefined;
}

export interface DeleteResult {
  /** What was deleted, or would be. */
  readonly deleted: readonly Target[];
  readonly missing: readonly Target[];
  readonly refused: readonly Refused[];
  /** What else went or broke, or would; empty where nobody asked. */
  readonly effects: readonly Effects[];
  /** Absent in a dry run. */
  readonly outcome?: Outcome;
}

interface Deletion {
  /** As of which nothing of it is to have changed. */
  readonly revision: string;
  readonly steps: Step[];
  readonly missing: Target[];
  readonly refused: Refused[];
  /** The stored endpoints that are deleted together with nodes they may be on. */
  readonly endpoints: StoredObject<WorkloadEndpointSpec>[];
}

/**
 * Deletes resources: those that exist go, in one transaction where they fit in one; the others are named in the result.
 * Pools and nodes go one by one afterwards, each with what belongs to it, in an order that is safe to repeat.
 * What else goes or breaks is only looked for where somebody asks; that and the resources are read at one revision.
 */
export async function deleteTargets(store: Store, targets: readonly Target[], options: DeleteOptions): Promise<DeleteResult> {
  const consent = new Consent(options.confirm);
  const accounted = new AccountedStore(store);
  const commit: CommitOptions = { signal: options.signal, onProgress: (count) => options.notify?.({ code: 'changes.progress', did: 'deleted', count, of: targets.length }) };
  const result = await retry(DECIDING, async (isLast): Promise<DeleteResult | undefined> => {
    const { deletion, effects } = await planWithConsent(store, targets, consent, options);
    const { missing, refused } = deletion;
    await options.guard?.(store, deletion);
    if (options.dryRun === true) return { deleted: deletion.steps.map((step) => step.target), missing, refused, effects };
    const [plain, belated] = [deletion.steps.filter((step) => !isProcedure(step)), deletion.steps.filter(isProcedure)];
    const first = await commitPlain(accounted, { plain, belated, addresses: addressesOfLeaving(belated, deletion) }, commit);
    const refusedMeanwhile = first.refused.length > 0;
    if (refusedMeanwhile && first.written.length === 0 && !targets.some(namesRevision) && !isLast) return undefined;
    const then = refusedMeanwhile ? { written: [], notWritten: belated } : await carryOut(store, belated, { written: first.written, parts: accounted.account.done }, commit);
    const outcome = { written: [...first.written, ...then.written], notWritten: [...first.notWritten, ...then.notWritten], refused: first.refused };
    if (outcome.notWritten.length > 0 && !accounted.account.isEmpty) throw endedAfterRelease(outcome, accounted.account, options);
    return { deleted: outcome.written.map((step) => step.target), missing, refused, effects, outcome };
  });
  return result!;
}

/** Decides what goes, and again where the answer to a question about it took its time. A dry run asks nothing. */
async function planWithConsent(store: Store, targets: readonly Target[], consent: Consent, options: DeleteOptions): Promise<{ readonly deletion: Deletion; readonly effects: readonly Effects[] }> {
  for (;;) {
    const deletion = await planDeletion(store, targets, options.signal);
    const effects = (await options.findEffects?.(store, deletion.steps, deletion.revision)) ?? [];
    if (options.dryRun === true || !(await consent.asksAbout(effects))) return { deletion, effects };
  }
}

/** The addresses of endpoints that are deleted together with their nodes, which then find them no more. */
function addressesOfLeaving(belated: readonly Step[], { endpoints }: Deletion): readonly Ip[] {
  const nodes = nodesAmong(belated.map(({ target }) => target));
  return endpoints.flatMap((endpoint) => (nodes.has(endpoint.spec.node) ? addressesOfEndpoint(endpoint) : []));
}

/**
 * Deletes what takes no more than a transaction; `belated` has its place in the account of a failure. First `addresses` are given
 * back, as the deletion of a node does: were the endpoints gone before, nobody would know of them after a crash.
 */
async function commitPlain(store: AccountedStore, { plain, belated, addresses }: { readonly plain: readonly Step[]; readonly belated: readonly Step[]; readonly addresses: readonly Ip[] }, options: CommitOptions): Promise<Outcome> {
  const parts = store.account;
  try {
    if (addresses.length > 0) await releaseAddresses(store, addresses.map((ip) => ({ ip })));
    return await commitSteps(store.store, await intoBatches(plain, { stageOf: ({ target }) => -rankOf(target.stored) }), options);
  } catch (error) {
    if (!(error instanceof InterruptedBatch) && parts.isEmpty) throw error;
    const isUnknown = isOutcomeUnknown(error) && parts.unknown.length === 0;
    const { account, cause } = error instanceof InterruptedBatch ? error : { account: { written: [], unknown: isUnknown ? plain : [], notWritten: isUnknown ? [] : plain }, cause: error };
    throw new InterruptedBatch({ ...account, notWritten: [...account.notWritten, ...belated], parts }, cause);
  }
}

/** Something was changed, or the command interrupted, just when addresses had been released. */
function endedAfterRelease({ written, notWritten, refused }: Outcome, parts: Account, { signal }: DeleteOptions): InterruptedBatch {
  const [first] = refused;
  return new InterruptedBatch({ written, unknown: [], notWritten, parts }, first === undefined ? signal?.reason : changedMeanwhile(first.step));
}

function namesRevision(target: Target): boolean {
  return target.object.metadata.resourceVersion !== undefined;
}

async function readFor(store: Store, targets: readonly Target[]): Promise<World> {
  const needs = new Needs();
  findingNeeds(targets, needs);
  tierNeeds(targets, needs);
  return readWorld(store, needs);
}

/** The names of the nodes among targets. */
function nodesAmong(targets: readonly Target[]): ReadonlySet<unknown> {
  return new Set(targets.filter(({ stored }) => stored === node).map(({ object }) => object.metadata.name));
}

/** Reads and decides. What was read is let go of: it may be very much. */
async function planDeletion(store: Store, targets: readonly Target[], signal: AbortSignal | undefined): Promise<Deletion> {
  const world = await readFor(store, targets);
  const deletion: Deletion = { revision: world.revision, steps: [], missing: [], refused: [], endpoints: [] };
  const nodes = nodesAmong(targets);
  const going = new Map<string, Target>();
  const twice: Diagnostic[] = [];
  const pace = new Pace(signal);
  await pace.each(targets, (target) => {
    const found = findExisting(target, world);
    const reason = whyNot(target, found);
    const before = found && going.get(found.entry.key);
    if (reason !== undefined) deletion.refused.push({ target, ...reason });
    else if (found === undefined) deletion.missing.push(target);
    else if (before !== undefined) twice.push(...givenTwice(target, before));
    else {
      const { key, modRevision } = found.entry;
      going.set(key, target);
      deletion.steps.push(new DeleteStep(target, key, modRevision));
      const { node: host }: AsStored<WorkloadEndpointSpec> = found.object.spec;
      if (target.stored === workloadEndpoint && nodes.has(host)) deletion.endpoints.push(found.object);
    }
  });
  if (twice.length > 0) throw new ManifestError(twice);
  const kept = await tiersInUse(deletion.steps, world, pace);
  return { ...deletion, steps: deletion.steps.filter((step) => !kept.has(step)), refused: [...deletion.refused, ...kept.values()] };
}

/** Why a resource may not be deleted, whatever else is. */
function whyNot(target: Target, found: Existing | undefined): Omit<Refused, 'target'> | undefined {
  const forbidden = readOnlyReason(target, 'delete');
  if (forbidden !== undefined) return { reason: 'forbidden', message: forbidden };
  return revisionConflict(target, found);
}

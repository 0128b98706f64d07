import type { Store } from '../datastore/store.js';
import { ManifestError, type Diagnostic } from '../errors.js';
import { prefixOf } from '../resources/keys.js';
import { STORED_KINDS } from '../resources/registry.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { tier } from '../resources/v3/tier.js';
import { commitSteps, intoBatches, InterruptedBatch, type Outcome } from './commit.js';
import { givenTwice } from './duplicates.js';
import { Consent, type Confirm } from './effects/consent.js';
import type { Effects, FindEffects } from './effects/draft.js';
import { findExisting, findingNeeds, type Found } from './find.js';
import { readOnlyReason, revisionConflict, type Refused, type Step } from './plan.js';
import { carryOut, isProcedure } from './procedures.js';
import { rankOf } from './store-rules.js';
import { storedIdentity, type Target } from './target.js';
import { Needs, readWorld, type World } from './world.js';

export interface DeleteOptions {
  readonly dryRun?: boolean;
  /** Finds what else goes or breaks; absent where nobody wants to know. */
  readonly findEffects?: FindEffects | undefined;
  /** Asked before anything is deleted with which something else goes or breaks; throws where that is not wanted. */
  readonly confirm?: Confirm | undefined;
  readonly signal?: AbortSignal;
  /** Told after each transaction how many resources are deleted. */
  readonly onProgress?: (deleted: number) => void;
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
  readonly steps: Step[];
  readonly missing: Target[];
  readonly refused: Refused[];
}

const ROUNDS = 5;

/**
 * Deletes resources: those that exist go, in one transaction where they fit in one; the others are named in the result.
 * Pools and nodes go one by one afterwards, each with what belongs to it, in an order that is safe to repeat.
 * What else goes or breaks is only looked for where somebody asks; that and the resources are read at one revision.
 */
export async function deleteTargets(store: Store, targets: readonly Target[], options: DeleteOptions): Promise<DeleteResult> {
  const consent = new Consent(options.confirm);
  let round = 1;
  for (;;) {
    const world = await readFor(store, targets);
    const deletion = planDeletion(targets, world);
    const { missing, refused } = deletion;
    const effects = (await options.findEffects?.(store, deletion.steps, world.revision)) ?? [];
    if (options.dryRun === true) return { deleted: deletion.steps.map((step) => step.target), missing, refused, effects };
    if (await consent.asksAbout(effects)) continue;
    const [plain, belated] = [deletion.steps.filter((step) => !isProcedure(step)), deletion.steps.filter(isProcedure)];
    const first = await commitPlain(store, plain, belated, options);
    const changedMeanwhile = first.refused.length > 0;
    if (changedMeanwhile && first.written.length === 0 && !targets.some(namesRevision) && round++ < ROUNDS) continue;
    const then = changedMeanwhile ? { written: [], notWritten: belated } : await carryOut(store, belated, first.written, options);
    const outcome = { written: [...first.written, ...then.written], notWritten: [...first.notWritten, ...then.notWritten], refused: first.refused };
    return { deleted: outcome.written.map((step) => step.target), missing, refused, effects, outcome };
  }
}

/** Deletes what takes no more than a transaction; `belated` has its place in the account of a failure. */
async function commitPlain(store: Store, plain: readonly Step[], belated: readonly Step[], options: DeleteOptions): Promise<Outcome> {
  try {
    return await commitSteps(store, intoBatches(plain, ({ target }) => -rankOf(target.stored)), options);
  } catch (error) {
    if (!(error instanceof InterruptedBatch)) throw error;
    const { account, cause } = error;
    throw new InterruptedBatch({ ...account, notWritten: [...account.notWritten, ...belated] }, cause);
  }
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
  const going = new Map<string, Target>();
  const twice: Diagnostic[] = [];
  for (const target of targets) {
    const found = findExisting(target, world);
    const reason = whyNot(target, found);
    const before = found && going.get(found.entry.key);
    if (reason !== undefined) deletion.refused.push({ target, ...reason });
    else if (found === undefined) deletion.missing.push(target);
    else if (before !== undefined) twice.push(...givenTwice(target, before));
    else {
      const { key, modRevision } = found.entry;
      going.set(key, target);
      deletion.steps.push({ target, key, result: 'deleted', operations: [{ action: 'delete', key, expect: modRevision }], reliesOn: [] });
    }
  }
  if (twice.length > 0) throw new ManifestError(twice);
  return withoutTiersInUse(deletion, world);
}

/** Why a resource may not be deleted, whatever else is. */
function whyNot(target: Target, found: Found | undefined): Omit<Refused, 'target'> | undefined {
  const forbidden = readOnlyReason(target, 'delete');
  if (forbidden !== undefined) return { reason: 'forbidden', message: forbidden };
  return revisionConflict(target, found);
}

/** A tier goes only with all of its policies: those that stay, since nobody named them or they may not go, keep it. */
function withoutTiersInUse({ steps, missing, refused }: Deletion, world: World): Deletion {
  const going = new Set(steps.map(({ key }) => key));
  const kept = new Map<Step, Refused>();
  for (const step of steps) {
    const staying = step.target.stored === tier ? policiesOf(step.target, world).filter(({ key }) => !going.has(key)) : [];
    if (staying.length > 0) kept.set(step, { target: step.target, reason: 'rule', message: notEmptyText(step.target, staying.map(({ identity }) => identity)) });
  }
  return { steps: steps.filter((step) => !kept.has(step)), missing, refused: [...refused, ...kept.values()] };
}

interface Policy {
  readonly key: string;
  readonly identity: string;
}

/** The readable policies of a tier. */
function policiesOf(target: Target, world: World): readonly Policy[] {
  const { name } = target.object.metadata;
  return TIERED.flatMap((kind) => [...world.below(prefixOf(kind))].flatMap((entry): Policy[] => {
    const policy = decodeStored(kind, entry);
    return isCorrupt(policy) || policy.spec['tier'] !== name ? [] : [{ key: entry.key, identity: storedIdentity(kind, policy.metadata.name, policy.metadata.namespace) }];
  }));
}

/** Names in a sentence. */
const MOST_NAMED = 5;

function notEmptyText(target: Target, policies: readonly string[]): string {
  const more = policies.length - MOST_NAMED;
  return `tier ${target.object.metadata.name} is not empty: delete or move its policies first: ${policies.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

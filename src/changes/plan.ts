import { isMap } from '../base/data.js';
import type { Entry } from '../datastore/store.js';
import type { Diagnostic, Meaning } from '../base/errors.js';
import { Pace } from '../base/pace.js';
import { parseJson } from '../go/read-json.js';
import { goJson } from '../go/json.js';
import { keyOf } from '../resources/keys.js';
import type { StoredKind } from '../resources/kind.js';
import { sameStored } from '../resources/same-value.js';
import { decodeStored, encodeStored, isCorrupt } from '../resources/stored-value.js';
import { doubtsLeft, isAsPrinted } from '../objects/doubts.js';
import { givenTwice } from './duplicates.js';
import { findExisting, type Existing } from './find.js';
import { isInitial, timestamp, type Sources } from './initialize.js';
import { replaced } from './joined.js';
import { PLAIN, entrySize } from './entries.js';
import { Packed } from './packed.js';
import { sameContent } from '../objects/same-content.js';
import { NOTHING, WriteStep, type Onto, type Step } from './step.js';
import { BatchRules, hasRules, ruleNeeds } from './store-rules.js';
import type { Affected } from './effects/draft.js';
import { v3Identity, type Target } from '../objects/target.js';
import { Needs, type World } from './world.js';

export type WriteVerb = 'create' | 'apply' | 'replace';

/** Why a resource cannot be written. */
export interface Refused {
  readonly target: Target;
  readonly reason: Extract<Meaning, 'exists' | 'missing' | 'changed' | 'precondition' | 'forbidden' | 'unreadable'>;
  readonly message: string;
  /** All that is in the way, where the message names only the first of it. */
  readonly keptBy?: readonly Affected[];
  /** Set where the document was read before somebody else changed what is stored. */
  readonly overtaken?: Overtaken | undefined;
}

/** What is stored, and the revision that a document names instead. */
export interface Overtaken {
  readonly entry: Entry;
  readonly revision: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly refused: readonly Refused[];
  /** What is wrong with documents, where only the store could tell. */
  readonly invalid: readonly Diagnostic[];
  /**
   * What has to be read before the plan holds: what is to be written may name more than its document, which leaves fields of
   * the stored object as they are.
   */
  readonly lacks: Needs;
}

export interface PlanOptions {
  readonly skipExists?: boolean;
  /** Revisions that documents name do not count: they are those of another store. */
  readonly anyRevision?: boolean;
  /** Ends the planning with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decides what writing the targets comes to, in the store as it was read. They are judged as one batch: what one of them names
 * may be another one, wherever it stands.
 */
export async function planWrites(verb: WriteVerb, targets: readonly Target[], world: World, sources: Sources, options: PlanOptions = {}): Promise<Plan> {
  const planner = new Planner(verb, world, sources, options);
  const pace = new Pace(options.signal);
  await pace.each(targets, (target) => planner.add(target));
  return planner.plan(pace);
}

type Reason = Omit<Refused, 'target'>;

/** What became of one target: a step, or why there is none. */
type Decision = Step | Refused;

/** A target whose document turned out to be wrong. */
type Wrong = Pick<Refused, 'target'>;

class Planner {
  /** What becomes of each target, by the key that it is about. */
  private readonly decisions = new Map<string, Decision | Wrong>();
  private readonly invalid: Diagnostic[] = [];
  /** What is written onto, in the order in which it is: they go on without the world. */
  private readonly kept = new Packed<Onto>({ plain: PLAIN, sizeOf: (onto) => entrySize('value' in onto ? onto : { value: onto.uid }) });
  private readonly creationTimestamp: string;

  constructor(
    private readonly verb: WriteVerb,
    private readonly world: World,
    private readonly sources: Sources,
    private readonly options: PlanOptions,
  ) {
    this.creationTimestamp = timestamp(sources.now());
  }

  /** Everything is known now: the rules between resources are asked of the store and the batch together. */
  async plan(pace: Pace): Promise<Plan> {
    const needs = new Needs();
    const rules = new BatchRules(this.world, { has: (key) => this.decisions.get(key) instanceof WriteStep }, this.decisions);
    await pace.each(this.decisions, ([key, decision]) => {
      if (decision instanceof WriteStep) this.decisions.set(key, judged(decision, rules, needs));
    });
    const decisions = [...this.decisions.values()];
    return {
      steps: decisions.filter((decision) => 'key' in decision),
      refused: decisions.filter((decision) => 'reason' in decision),
      invalid: this.invalid,
      lacks: this.world.lacks(needs),
    };
  }

  add(target: Target): void {
    const found = findExisting(target, this.world);
    const key = keyToWrite(target, found);
    const before = this.decisions.get(key)?.target;
    if (before === undefined) this.decisions.set(key, this.decide(target, found, key));
    // Only the store can tell that two names mean one resource; equal documents are one.
    else if (!sameContent(before.object, target.object)) this.invalid.push(...givenTwice(target, before));
  }

  /** What becomes of a target, as far as nothing else of the batch has a say in it. */
  private decide(target: Target, found: Existing | undefined, key: string): Decision | Wrong {
    const done = (result: Step['result']): Step => ({ target, key, result, operations: NOTHING, reliesOn: NOTHING });
    if (this.verb !== 'create' && (saysWhatIsShown(target) || (found !== undefined && isAsPrinted(target, found.object)))) return done('unchanged');
    const doubts = doubtsLeft(target, found?.object);
    if (doubts.length > 0) {
      this.invalid.push(...doubts);
      return { target };
    }
    const forbidden = readOnlyReason(target, this.verb);
    if (forbidden !== undefined) return this.isShownAs(target, found, key) ? done('unchanged') : this.passesOver(target, found) ? { ...done('skipped'), leftAs: forbidden } : { target, reason: 'forbidden', message: forbidden };
    if (found !== undefined && isInitial(target.stored, found.object) && isSame(target, found)) return done('unchanged');
    const refusal = this.refusal(target, found, key);
    if (refusal !== undefined) return { target, ...refusal };
    if (found !== undefined && this.verb === 'create') return done('skipped');
    const conflict = this.options.anyRevision === true ? undefined : revisionConflict(target, found);
    if (conflict !== undefined && this.insists(target)) return { target, ...conflict };
    if (found === undefined) return new WriteStep(target, key, { uid: this.sources.uuid(), creationTimestamp: this.creationTimestamp }, this.kept);
    if (found.entry.key === key && isSame(target, found)) return done('unchanged');
    if (conflict !== undefined) return { target, ...conflict };
    return new WriteStep(target, key, found.entry, this.kept);
  }

  /** Whether a document that names a revision means just that one: somebody wrote it there. Listings name revisions of all that is in them. */
  private insists({ object: { metadata: { uid, resourceVersion } } }: Target): boolean {
    return this.verb === 'replace' && uid === undefined && resourceVersion !== undefined;
  }

  /** Whether a document that came out of this store says what is there: who feeds a listing back wants nothing changed. */
  private isShownAs(target: Target, found: Existing | undefined, key: string): boolean {
    const { uid } = target.object.metadata;
    if (this.verb === 'create' || found === undefined || uid === undefined || uid !== found.object.metadata.uid || found.entry.key !== key) return false;
    return isSame(target, found);
  }

  /** Whether what may not be written is passed over: a listing of another store holds what Calico keeps for itself in each. */
  private passesOver({ object }: Target, found: Existing | undefined): boolean {
    const { uid } = object.metadata;
    return this.verb !== 'create' && uid !== undefined && uid !== found?.object.metadata.uid;
  }

  private refusal(target: Target, found: Existing | undefined, key: string): Reason | undefined {
    const taken = found === undefined ? this.world.entry(key) : undefined;
    if (taken !== undefined) return { reason: 'exists', message: takenText(target, taken) };
    if (this.verb === 'create' && target.object.metadata.resourceVersion !== undefined) return { reason: 'precondition', message: 'metadata.resourceVersion must not be set when a resource is created' };
    if (this.verb === 'create' && found !== undefined && !this.options.skipExists) return { reason: 'exists', message: `resource already exists: ${target.identity}` };
    if (this.verb === 'replace' && found === undefined) return { reason: 'missing', message: `resource does not exist: ${target.identity}` };
    return undefined;
  }
}

/** A step in sight of all that is written with it; what has to be known for that is added to `needs`. */
function judged(step: WriteStep, rules: BatchRules, needs: Needs): Decision {
  const { target } = step;
  if (!hasRules(target.stored)) return step;
  const { object, before } = step.objects;
  ruleNeeds(target.stored, object, needs);
  const problem = rules.problem(target.stored, object, before);
  if (problem !== undefined) return { target, reason: 'precondition', message: problem };
  const reliances = rules.reliances(target.stored, object);
  if (reliances.length > 0) step.reliesOn = reliances;
  return step;
}

/** Says whose the name is under which a resource would be stored: two classic names may be one in Calico 3. */
function takenText({ kind, stored, object, identity }: Target, entry: Entry): string {
  const other = decodeStored(stored, entry);
  const classic = kind.dialect === 'v1' ? kind : undefined;
  const owner = isCorrupt(other) ? 'a resource that cannot be read' : (classic?.identityText(classic.fromStored(other).metadata) ?? v3Identity(stored, other.metadata.name, other.metadata.namespace));
  return `${identity} would be stored as ${object.metadata.name}, which is taken by ${owner}: change or delete that one by its own name, or choose another name`;
}

/** Why a resource whose document names a revision cannot be changed, or undefined. What was read of another object by that name says nothing of this one. */
export function revisionConflict({ object, readAt, identity }: Target, found: Existing | undefined): Reason | undefined {
  if (found === undefined) return undefined;
  const isThis = readAt?.uid === undefined || readAt.uid === found.object.metadata.uid;
  const wanted = object.metadata.resourceVersion ?? (isThis ? readAt?.revision : undefined);
  if (wanted === undefined || wanted === found.entry.modRevision) return undefined;
  return { reason: 'changed', message: `update conflict: ${identity} has changed: revision ${found.entry.modRevision}, not ${wanted}`, overtaken: { entry: found.entry, revision: wanted } };
}

/** Whether the document is that of an object which is shown though nobody stored it: a listing fed back changes nothing. */
function saysWhatIsShown({ stored, object }: Target): boolean {
  const shown = stored.synthetic?.find(({ metadata }) => metadata.name === object.metadata.name);
  return shown !== undefined && isStored(stored, goJson({ metadata: {}, spec: shown.spec }), goJson({ metadata: {}, spec: object.spec }));
}

/** A v3 object is written under its own name, also where an older version stored it under another; a classic one stays where it is. */
function keyToWrite(target: Target, found: Existing | undefined): string {
  if (found !== undefined && target.kind.dialect === 'v1') return found.entry.key;
  return keyOf(target.stored, target.object.metadata.name, target.object.metadata.namespace);
}

/** Why a resource may not be written through us, or undefined. */
export function readOnlyReason(target: Target, verb: WriteVerb | 'delete'): string | undefined {
  const { kind } = target;
  if (kind.dialect === 'v1') return kind.readOnly?.(target.document.metadata, verb);
  return kind.readOnly?.(target.object, verb);
}

/** Whether nothing would be changed by replacing what is stored. */
function isSame(target: Target, found: Existing): boolean {
  return isStored(target.stored, encodeStored(target.stored, replaced(target, found)), found.entry.value);
}

/** Whether two stored texts say the same, however they are written. */
function isStored(kind: StoredKind, left: string, right: string): boolean {
  if (left === right) return true;
  try {
    const [ours, theirs] = [parseJson(left), parseJson(right)];
    return isMap(ours) && isMap(theirs) && sameStored(kind, ours, theirs);
  } catch {
    return false;
  }
}

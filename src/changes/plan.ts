import type { Operation } from '../datastore/store.js';
import { goJson } from '../resources/go-json.js';
import { keyOf } from '../resources/keys.js';
import type { Metadata, StoredObject } from '../resources/kind.js';
import { encodeStored } from '../resources/stored-value.js';
import { findExisting, type Found } from './find.js';
import { newIdentity, type Sources } from './initialize.js';
import { storeRulesOf } from './store-rules.js';
import type { Target } from './target.js';
import type { World } from './world.js';

export type WriteVerb = 'create' | 'apply' | 'replace';

/** What is to happen to one resource. */
export interface Step {
  readonly target: Target;
  readonly key: string;
  readonly result: 'created' | 'replaced' | 'unchanged' | 'skipped' | 'deleted';
  /** What is written; empty where nothing is. */
  readonly operations: readonly Operation[];
  /** Keys that must be as they were read. */
  readonly reliesOn: readonly Operation[];
}

/** Why a resource cannot be written. */
export interface Refused {
  readonly target: Target;
  readonly reason: 'exists' | 'missing' | 'changed' | 'forbidden' | 'rule';
  readonly message: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly refused: readonly Refused[];
}

export interface PlanOptions {
  readonly skipExists?: boolean;
}

/** Decides what writing the targets comes to, in the store as it was read. */
export function planWrites(verb: WriteVerb, targets: readonly Target[], world: World, sources: Sources, options: PlanOptions = {}): Plan {
  const planner = new Planner(verb, world, sources, options);
  for (const target of targets) planner.add(target);
  return planner.plan();
}

class Planner {
  private readonly steps = new Map<string, Step>();
  private readonly refused: Refused[] = [];
  private readonly pending = new Map<string, StoredObject>();

  constructor(
    private readonly verb: WriteVerb,
    private readonly world: World,
    private readonly sources: Sources,
    private readonly options: PlanOptions,
  ) {}

  plan(): Plan {
    return { steps: [...this.steps.values()], refused: this.refused };
  }

  add(target: Target): void {
    const found = findExisting(target, this.world);
    const key = keyToWrite(target, found);
    if (this.verb !== 'create' && saysWhatIsShown(target)) {
      this.steps.set(key, { target, key, result: 'unchanged', operations: [], reliesOn: [] });
      return;
    }
    const refusal = this.refusal(target, found, key);
    if (refusal !== undefined) this.refused.push({ target, ...refusal });
    else if (found !== undefined && this.verb === 'create') this.steps.set(key, { target, key, result: 'skipped', operations: [], reliesOn: [] });
    else this.write(target, found, key);
  }

  private refusal(target: Target, found: Found | undefined, key: string): Pick<Refused, 'reason' | 'message'> | undefined {
    const forbidden = readOnlyReason(target, this.verb);
    if (forbidden !== undefined) return { reason: 'forbidden', message: forbidden };
    const taken = found === undefined ? this.world.entry(key) : undefined;
    if (taken !== undefined) return { reason: 'exists', message: `the name ${target.object.metadata.name}, under which ${target.identity} would be stored, is taken by another resource` };
    const wanted = target.object.metadata.resourceVersion;
    if (this.verb === 'create' && wanted !== undefined) return { reason: 'rule', message: 'metadata.resourceVersion must not be set when a resource is created' };
    if (this.verb === 'create' && this.pending.has(key)) return { reason: 'exists', message: `${target.identity} is given twice` };
    if (this.verb === 'create' && found !== undefined && !this.options.skipExists) return { reason: 'exists', message: `resource already exists: ${target.identity}` };
    if (this.verb === 'replace' && found === undefined && !this.pending.has(key)) return { reason: 'missing', message: `resource does not exist: ${target.identity}` };
    if (found !== undefined && wanted !== undefined && wanted !== found.entry.modRevision) return { reason: 'changed', message: `update conflict: ${target.identity} has changed: revision ${found.entry.modRevision}, not ${wanted}` };
    return undefined;
  }

  private write(target: Target, found: Found | undefined, key: string): void {
    const object = found === undefined ? created(target, this.sources) : replaced(target, found);
    const problem = this.ruleProblem(target, object, found);
    if (problem !== undefined) {
      this.refused.push({ target, reason: 'rule', message: problem });
      return;
    }
    this.pending.set(key, object);
    const value = encodeStored(target.stored, object);
    if (found !== undefined && found.entry.key === key && sameValue(value, found.entry.value)) {
      this.steps.set(key, { target, key, result: 'unchanged', operations: [], reliesOn: [] });
      return;
    }
    this.steps.set(key, { target, key, result: found === undefined ? 'created' : 'replaced', operations: puts(key, value, found), reliesOn: this.reliances(target, object) });
  }

  private ruleProblem(target: Target, object: StoredObject, found: Found | undefined): string | undefined {
    const objects = (): readonly StoredObject[] => [...this.world.objects(target.stored), ...[...this.pending.values()].filter((each) => each.kind === object.kind)];
    for (const rule of storeRulesOf(target.stored)) {
      const problem = rule.problem(object, found?.object, objects, this.world, this.pending);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private reliances(target: Target, object: StoredObject): readonly Operation[] {
    const keys = storeRulesOf(target.stored).flatMap((rule) => rule.reliesOn(object));
    return keys.flatMap((key): Operation[] => {
      const entry = this.world.entry(key);
      return entry === undefined ? [] : [{ action: 'check', key, expect: entry.modRevision }];
    });
  }
}

/** Whether the document is that of an object which is shown though nobody stored it: a listing fed back changes nothing. */
function saysWhatIsShown({ stored, object }: Target): boolean {
  const shown = stored.synthetic?.find(({ metadata }) => metadata.name === object.metadata.name);
  return shown !== undefined && sameValue(goJson(shown.spec), goJson(object.spec));
}

/** A v3 object is written under its own name, also where an older version stored it under another; a classic one stays where it is. */
function keyToWrite(target: Target, found: Found | undefined): string {
  if (found !== undefined && target.kind.dialect === 'v1') return found.entry.key;
  return keyOf(target.stored, target.object.metadata.name, target.object.metadata.namespace);
}

function puts(key: string, value: string, found: Found | undefined): readonly Operation[] {
  if (found === undefined || found.entry.key === key) return [{ action: 'put', key, expect: found?.entry.modRevision ?? '0', value }];
  return [{ action: 'delete', key: found.entry.key, expect: found.entry.modRevision }, { action: 'put', key, expect: '0', value }];
}

/** Why a resource may not be written through us, or undefined. */
export function readOnlyReason(target: Target, verb: WriteVerb | 'delete'): string | undefined {
  const { kind } = target;
  if (kind.dialect === 'v1') return kind.readOnly?.(target.document.metadata, verb);
  return kind.readOnly?.(target.object, verb);
}

/** A new object keeps only what a document may say of metadata (v3-storage.md 2.5). */
function created(target: Target, sources: Sources): StoredObject {
  const { name, namespace, labels, annotations } = target.object.metadata;
  return { ...target.object, metadata: orderedMetadata({ name, namespace, ...newIdentity(sources), labels, annotations }) };
}

/** What is stored keeps its identity; labels, annotations and spec are the document's (v3-storage.md 2.5). */
function replaced(target: Target, found: Found): StoredObject {
  const { kind } = target;
  const object = kind.dialect === 'v1' && kind.mergeOnto !== undefined ? kind.mergeOnto(found.object, target.object) : target.object;
  const { labels: _labels, annotations: _annotations, resourceVersion: _revision, ...kept } = found.object.metadata;
  const { labels, annotations } = object.metadata;
  const status = found.object.status === undefined ? {} : { status: found.object.status };
  return { ...object, ...status, metadata: orderedMetadata({ ...kept, labels, annotations }) };
}

const METADATA_ORDER = ['name', 'generateName', 'namespace', 'uid', 'generation', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'labels', 'annotations'];

/** Metadata in the order in which they are stored, without what is undefined. */
function orderedMetadata(metadata: Record<string, unknown>): Metadata {
  const ordered: Record<string, unknown> = {};
  for (const key of METADATA_ORDER) if (metadata[key] !== undefined) ordered[key] = metadata[key];
  for (const key in metadata) if (metadata[key] !== undefined) ordered[key] = metadata[key];
  return ordered as unknown as Metadata;
}

/** Whether two stored texts say the same, however they are written. */
function sameValue(left: string, right: string): boolean {
  if (left === right) return true;
  try {
    return canonical(JSON.parse(left)) === canonical(JSON.parse(right));
  } catch {
    return false;
  }
}

function canonical(value: unknown): string {
  return goJson(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const map = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(value)) map[key] = sorted((value as Record<string, unknown>)[key]);
  return map;
}

import type { Operation } from '../datastore/store.js';
import { BLOCK_PREFIX, parseBlockKey } from '../ipam/records/keys.js';
import type { Cidr } from '../net/address.js';
import { keyOf, prefixOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { ipPool, immutablePoolProblem, poolBlockSizeProblem, poolOverlapProblem } from '../resources/v3/ip-pool.js';
import { referencesOf, type Reference } from '../resources/v3/references.js';
import { BUILT_IN_TIERS, tier } from '../resources/v3/tier.js';
import type { Needs, World } from './world.js';

/** What a batch comes to, as far as rules between resources ask. */
interface Batch {
  readonly world: World;
  /** Whether something will be there when the batch is written. */
  exists(key: string): boolean;
  /** The objects of a kind that are stored, and those that the batch writes before this one. */
  objects(kind: StoredKind): readonly StoredObject[];
}

/** A rule about an object that only the store can answer. */
interface StoreRule {
  appliesTo(kind: StoredKind): boolean;
  /** What has to be read to answer it. */
  needs(kind: StoredKind, object: StoredObject, needs: Needs): void;
  /** What is wrong, or undefined. `before` is the object as it is stored now. */
  problem(kind: StoredKind, object: StoredObject, before: StoredObject | undefined, batch: Batch): string | undefined;
  /** Keys that must still be as they were read when the object is written. */
  reliesOn(kind: StoredKind, object: StoredObject): readonly string[];
}

/** What an object names and Calico wants to be there; the tiers that every datastore has need not be looked for. */
function demandsOf(kind: StoredKind, object: StoredObject): readonly Reference[] {
  return referencesOf(kind, object).filter((reference) => reference.demanded && !(reference.kind === tier && reference.name in BUILT_IN_TIERS));
}

function keysOf(references: readonly Reference[]): readonly string[] {
  return references.map((reference) => keyOf(reference.kind, reference.name));
}

const namedExist: StoreRule = {
  appliesTo: (kind) => kind.references?.some(({ demanded }) => demanded) === true,
  needs(kind, object, needs) {
    for (const key of keysOf(demandsOf(kind, object))) needs.key(key);
  },
  problem(kind, object, _before, batch) {
    const missing = demandsOf(kind, object).filter((reference) => !batch.exists(keyOf(reference.kind, reference.name)));
    return missing.length === 0 ? undefined : missing.map((reference) => `resource does not exist: ${reference.kind.kind}(${reference.name})`).join('; ');
  },
  reliesOn: (kind, object) => keysOf(demandsOf(kind, object)),
};

const poolsFit: StoreRule = {
  appliesTo: (kind) => kind === ipPool,
  needs(_kind, _object, needs) {
    needs.prefix(prefixOf(ipPool));
    needs.prefix(BLOCK_PREFIX, true);
  },
  problem(_kind, object, before, batch) {
    if (before !== undefined) return immutablePoolProblem(before, object);
    return poolOverlapProblem(object, batch.objects(ipPool)) ?? poolBlockSizeProblem(object, blocksOf(batch.world));
  },
  reliesOn: () => [],
};

function blocksOf(world: World): readonly Cidr[] {
  const blocks: Cidr[] = [];
  for (const entry of world.below(BLOCK_PREFIX)) {
    const cidr = parseBlockKey(entry.key);
    if (cidr !== undefined) blocks.push(cidr);
  }
  return blocks;
}

const RULES: readonly StoreRule[] = [namedExist, poolsFit];

function rulesOf(kind: StoredKind): readonly StoreRule[] {
  return RULES.filter((rule) => rule.appliesTo(kind));
}

/** Whether there is any rule about a kind that only the store can answer. */
export function hasRules(kind: StoredKind): boolean {
  return rulesOf(kind).length > 0;
}

/** Asks for all that the rules about an object have to know (reference/storage 2.7). */
export function ruleNeeds(kind: StoredKind, object: StoredObject, needs: Needs): void {
  for (const rule of rulesOf(kind)) rule.needs(kind, object, needs);
}

/** The rules that only the store can answer, asked of the store and of what a batch writes together. */
export class BatchRules implements Batch {
  private readonly byKind = new Map<StoredKind, StoredObject[]>();

  /**
   * @param written keys of what the batch writes
   * @param mentioned keys of all that the batch is about; what may not be written ends the batch by itself
   */
  constructor(
    readonly world: World,
    private readonly written: { has(key: string): boolean },
    private readonly mentioned: { has(key: string): boolean },
  ) {}

  exists(key: string): boolean {
    return this.world.has(key) || this.mentioned.has(key);
  }

  objects(kind: StoredKind): StoredObject[] {
    let objects = this.byKind.get(kind);
    if (objects === undefined) this.byKind.set(kind, (objects = [...this.world.objects(kind)]));
    return objects;
  }

  /** What is wrong with an object that is to be written, or undefined. Asked of each object of the batch, in order. */
  problem(kind: StoredKind, object: StoredObject, before: StoredObject | undefined): string | undefined {
    const problem = rulesOf(kind).reduce<string | undefined>((found, rule) => found ?? rule.problem(kind, object, before, this), undefined);
    if (kind === ipPool) this.objects(kind).push(object);
    return problem;
  }

  /** What must be as it was read when an object is written; what the batch writes itself is compared there. */
  reliances(kind: StoredKind, object: StoredObject): readonly Operation[] {
    return rulesOf(kind).flatMap((rule) => rule.reliesOn(kind, object)).flatMap((key): Operation[] => {
      const entry = this.written.has(key) ? undefined : this.world.entry(key);
      return entry === undefined ? [] : [{ action: 'check', key, expect: entry.modRevision }];
    });
  }
}

const ranks = new Map<StoredKind, number>();

/** How late a kind is written: after all kinds that it names, so that nobody reads a policy whose tier is not there. Deletion goes the other way. */
export function rankOf(kind: StoredKind): number {
  let rank = ranks.get(kind);
  if (rank === undefined) {
    rank = Math.max(0, ...(kind.references ?? []).map(({ to }) => rankOf(to) + 1));
    ranks.set(kind, rank);
  }
  return rank;
}

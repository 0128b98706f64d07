import { parseCidr, type Cidr } from '../ipam/address.js';
import { keyOf, prefixOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { ipPool, immutablePoolProblem, poolBlockSizeProblem, poolOverlapProblem } from '../resources/v3/ip-pool.js';
import { bgpFilter } from '../resources/v3/bgp-filter.js';
import { BUILT_IN_TIERS, tier } from '../resources/v3/tier.js';
import type { Needs, World } from './world.js';

/** A rule about an object that only the store can answer. */
interface StoreRule {
  appliesTo(kind: StoredKind): boolean;
  /** What has to be read to answer it. */
  needs(object: StoredObject, needs: Needs): void;
  /** What is wrong, or undefined. `before` is the object as it is stored now; `objects` are all of its kind, with those this batch writes; `pending` has their keys. */
  problem(object: StoredObject, before: StoredObject | undefined, objects: () => readonly StoredObject[], world: World, pending: { has(key: string): boolean }): string | undefined;
  /** Keys that must still be as they were read when the object is written. */
  reliesOn(object: StoredObject): readonly string[];
}

const BLOCKS = '/calico/ipam/v2/assignment/';

function tierOf(object: StoredObject): string {
  return (object.spec['tier'] as string | undefined) ?? 'default';
}

const tierExists: StoreRule = {
  appliesTo: (kind) => kind.spec.fields.some((field) => field.name === 'tier'),
  needs: (object, needs) => needs.key(keyOf(tier, tierOf(object))),
  problem(object, _before, _objects, world, pending) {
    const name = tierOf(object);
    const key = keyOf(tier, name);
    return name in BUILT_IN_TIERS || world.has(key) || pending.has(key) ? undefined : `resource does not exist: Tier(${name})`;
  },
  reliesOn: (object) => (tierOf(object) in BUILT_IN_TIERS ? [] : [keyOf(tier, tierOf(object))]),
};

function filtersOf(object: StoredObject): readonly string[] {
  return (object.spec['filters'] as readonly string[] | undefined) ?? [];
}

const filtersExist: StoreRule = {
  appliesTo: (kind) => kind.kind === 'BGPPeer',
  needs(object, needs) {
    for (const name of filtersOf(object)) needs.key(keyOf(bgpFilter, name));
  },
  problem(object, _before, _objects, world, pending) {
    const missing = filtersOf(object).filter((name) => !world.has(keyOf(bgpFilter, name)) && !pending.has(keyOf(bgpFilter, name)));
    return missing.length === 0 ? undefined : missing.map((name) => `resource does not exist: BGPFilter(${name})`).join('; ');
  },
  reliesOn: (object) => filtersOf(object).map((name) => keyOf(bgpFilter, name)),
};

const poolsFit: StoreRule = {
  appliesTo: (kind) => kind === ipPool,
  needs(_object, needs) {
    needs.prefix(prefixOf(ipPool));
    needs.prefix(BLOCKS, true);
  },
  problem(object, before, objects, world) {
    if (before !== undefined) return immutablePoolProblem(before, object);
    const others = objects().filter((other) => other.metadata.name !== object.metadata.name);
    return poolOverlapProblem(object, others) ?? poolBlockSizeProblem(object, blocksOf(world));
  },
  reliesOn: () => [],
};

function blocksOf(world: World): readonly Cidr[] {
  const blocks: Cidr[] = [];
  for (const entry of world.below(BLOCKS)) {
    const cidr = parseCidr((entry.key.split('/').at(-1) ?? '').replace('-', '/'));
    if (cidr !== undefined) blocks.push(cidr);
  }
  return blocks;
}

const RULES: readonly StoreRule[] = [tierExists, filtersExist, poolsFit];

/** The rules of a kind that only the store can answer (v3-storage.md 2.7). */
export function storeRulesOf(kind: StoredKind): readonly StoreRule[] {
  return RULES.filter((rule) => rule.appliesTo(kind));
}

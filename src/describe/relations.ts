import type { StoredKind, StoredObject } from '../resources/kind.js';
import { STORED_KINDS } from '../resources/registry.js';
import { referencesOf } from '../resources/v3/references.js';
import { bgpPeer } from '../resources/v3/bgp-peer.js';
import { ipPool } from '../resources/v3/ip-pool.js';
import { node } from '../resources/v3/node.js';
import { tier } from '../resources/v3/tier.js';
import { addressesOf, blocksClaimedBy, blocksIn, blocksOf, endpointsIn, poolsOf } from './addresses.js';
import { nodesOfPeer, nodesPeeredWith, peersOf, sessionsOf } from './peers.js';
import { ENDPOINT_KINDS, policiesIn, policiesNaming, policiesOf, POLICY_KINDS, selectedBy, SET_KINDS } from './policies.js';
import { related, type Fact, type Related, type Relation, type Relations } from './relation.js';
import type { World } from './world.js';

/** What an object refers to and what refers to it: by name, by selector, by its addresses. Throws DatastoreError. */
export async function relationsOf(world: World, kind: StoredKind, object: StoredObject): Promise<Relations> {
  const special = await specialOf(world, kind, object);
  return {
    refersTo: filled([...(await named(world, kind, object)), ...special.refersTo]),
    referredToBy: filled([...(await namers(world, kind, object)), ...special.referredToBy]),
  };
}

/** What no field names: it follows from selectors and addresses. */
async function specialOf(world: World, kind: StoredKind, object: StoredObject): Promise<Relations> {
  if (ENDPOINT_KINDS.includes(kind)) return endpoint(world, object);
  if (POLICY_KINDS.includes(kind)) return policy(world, object);
  if (SET_KINDS.includes(kind)) return { refersTo: [], referredToBy: [relation('policies', 'policies with a rule that matches it, in order', await policiesNaming(world, object))] };
  if (kind === tier) return { refersTo: [], referredToBy: [relation('policies', 'policies of the tier, in order', await policiesIn(world, object.metadata.name))] };
  if (kind === node) return nodeRelations(world, object);
  if (kind === ipPool) {
    return { refersTo: [], referredToBy: [relation('blocks', 'blocks', await blocksIn(world, object)), relation('endpoints', 'endpoints with addresses of the pool', await endpointsIn(world, object))] };
  }
  if (kind === bgpPeer) return { refersTo: [relation('nodes', 'nodes it is for', await nodesOfPeer(world, object)), relation('peers', 'nodes it peers with', await nodesPeeredWith(world, object))], referredToBy: [] };
  return { refersTo: [], referredToBy: [] };
}

async function endpoint(world: World, object: StoredObject): Promise<Relations> {
  const labels = (await world.labels())(object);
  const addresses = addressesOf(object);
  return {
    refersTo: [
      relation('labels', 'labels that selectors see, those of its profiles included', Object.keys(labels).sort().map((key) => ({ label: key, value: labels[key] as string }))),
      relation('pools', 'pools of its addresses', await poolsOf(world, addresses)),
      relation('blocks', 'blocks of its addresses', await blocksOf(world, addresses)),
    ],
    referredToBy: [relation('policies', 'policies that select it, in order', await policiesOf(world, object))],
  };
}

async function policy(world: World, object: StoredObject): Promise<Relations> {
  return {
    refersTo: [
      relation('endpoints', 'endpoints that it selects', await selectedBy(world, object, ENDPOINT_KINDS, 'selects')),
      relation('networkSets', 'network sets that its rules match', await selectedBy(world, object, SET_KINDS, 'rulesMatch')),
    ],
    referredToBy: [],
  };
}

async function nodeRelations(world: World, object: StoredObject): Promise<Relations> {
  const { name } = object.metadata;
  return {
    refersTo: [],
    referredToBy: [
      relation('bgpPeers', 'BGP peers', await peersOf(world, object)),
      relation('sessions', 'BGP sessions that it should have', await sessionsOf(world, name)),
      relation('blocks', 'blocks that it has claimed', await blocksClaimedBy(world, name)),
    ],
  };
}

/** What its fields name, existing or not. */
async function named(world: World, kind: StoredKind, object: StoredObject): Promise<readonly Relation[]> {
  const references = referencesOf(kind, object);
  const kinds = [...new Set(references.map(({ kind: to }) => to))];
  return Promise.all(kinds.map(async (to) => relation(to.plural, to.plural, await Promise.all(references.filter((each) => each.kind === to).map(async ({ name }): Promise<Related> => ({ kind: to, name, object: await world.object(to, name) }))))));
}

/** What names it in a field; a tier's policies are told in their order instead. */
async function namers(world: World, kind: StoredKind, { metadata: { name } }: StoredObject): Promise<readonly Relation[]> {
  if (kind === tier) return [];
  const kinds = STORED_KINDS.filter(({ references = [] }) => references.some(({ to }) => to === kind));
  return Promise.all(kinds.filter((from) => !(kind === node && from === bgpPeer)).map(async (from) =>
    relation(from.plural, from.plural, (await world.objects(from)).filter((other) => referencesOf(from, other).some((each) => each.kind === kind && each.name === name)).map((other) => related(from, other)))));
}

function relation(code: string, title: string, items: readonly (Related | Fact)[]): Relation {
  return { code, title, items };
}

function filled(relations: readonly Relation[]): readonly Relation[] {
  return relations.filter(({ items }) => items.length > 0);
}

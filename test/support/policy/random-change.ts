import type { StoredObject } from '../../../src/resources/kind.js';
import { randomNetwork } from './random-network.js';
import type { Random } from './random.js';

/** Kinds that come and go; workloads stay where they are, and settings as they are. */
const COMING_AND_GOING = ['GlobalNetworkPolicy', 'NetworkPolicy', 'Tier', 'Profile', 'GlobalNetworkSet', 'NetworkSet', 'HostEndpoint'];
const OF_A_WORKLOAD = ['profiles', 'ports', 'serviceAccountName'];

/** A network with one object more, less, or another than before. */
export function randomChange(random: Random, objects: readonly StoredObject[]): readonly StoredObject[] {
  const others = objects.filter((object) => COMING_AND_GOING.includes(object.kind) && !isDefaultTier(object));
  if (random.chance(0.25) && others.length > 0) {
    const gone = random.one(others);
    return objects.filter((object) => object !== gone);
  }
  const news = randomNetwork(random).filter(({ kind }) => COMING_AND_GOING.includes(kind) || kind === 'WorkloadEndpoint');
  const made = random.one(news);
  if (made.kind === 'WorkloadEndpoint') return objects.map((object) => (object.kind === made.kind && object.spec['interfaceName'] === made.spec['interfaceName'] ? relabelled(object, made) : object));
  const before = objects.find((object) => isSame(object, made));
  if (before === undefined) return [...objects, made];
  // Of a policy often only its place.
  const now = 'order' in before.spec && random.chance(0.4) ? { ...before, spec: { ...before.spec, order: random.below(20) } } : made;
  return objects.map((object) => (object === before ? now : object));
}

function isDefaultTier({ kind, metadata }: StoredObject): boolean {
  return kind === 'Tier' && metadata.name === 'default';
}

function isSame(left: StoredObject, right: StoredObject): boolean {
  return left.kind === right.kind && left.metadata.name === right.metadata.name && left.metadata.namespace === right.metadata.namespace;
}

/** The same workload, as another one is: its addresses and its place stay. */
function relabelled(workload: StoredObject, as: StoredObject): StoredObject {
  const namespace = 'projectcalico.org/namespace';
  const labels = { ...as.metadata.labels, [namespace]: workload.metadata.labels![namespace]! };
  const taken = Object.fromEntries(OF_A_WORKLOAD.flatMap((name) => (name in as.spec ? [[name, as.spec[name]]] : [])));
  const kept = Object.fromEntries(Object.entries(workload.spec).filter(([name]) => !OF_A_WORKLOAD.includes(name)));
  return { ...workload, metadata: { ...workload.metadata, labels }, spec: { ...kept, ...taken } };
}

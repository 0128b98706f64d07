import { selectionOf } from '../policy/selection.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { globalNetworkPolicy } from '../resources/v3/global-network-policy.js';
import { globalNetworkSet } from '../resources/v3/global-network-set.js';
import { hostEndpoint } from '../resources/v3/host-endpoint.js';
import { networkPolicy } from '../resources/v3/network-policy.js';
import { networkSet } from '../resources/v3/network-set.js';
import { DEFAULT_TIER } from '../resources/v3/policy.js';
import { stagedGlobalNetworkPolicy } from '../resources/v3/staged-global-network-policy.js';
import { stagedKubernetesNetworkPolicy } from '../resources/v3/staged-kubernetes-network-policy.js';
import { stagedNetworkPolicy } from '../resources/v3/staged-network-policy.js';
import { tier } from '../resources/v3/tier.js';
import { workloadEndpoint } from '../resources/v3/workload-endpoint.js';
import { related, type Related } from './relation.js';
import type { World } from './world.js';

/** All kinds of policies. */
export const POLICY_KINDS: readonly StoredKind[] = [globalNetworkPolicy, networkPolicy, stagedGlobalNetworkPolicy, stagedNetworkPolicy, stagedKubernetesNetworkPolicy];
export const ENDPOINT_KINDS: readonly StoredKind[] = [workloadEndpoint, hostEndpoint];
export const SET_KINDS: readonly StoredKind[] = [globalNetworkSet, networkSet];

/** All policies in the order in which they are evaluated: by tier, by order (those without one last), by name. */
export async function policiesInOrder(world: World): Promise<readonly { readonly kind: StoredKind; readonly object: StoredObject }[]> {
  const tiers = [...(await world.objects(tier))].sort((left, right) => tier.compare?.(left, right) ?? 0).map(({ metadata }) => metadata.name);
  const rank = ({ spec }: StoredObject): number => tiers.indexOf(tierOf(spec)) >>> 0;
  const all = (await Promise.all(POLICY_KINDS.map(async (kind) => (await world.objects(kind)).map((object) => ({ kind, object }))))).flat();
  return all.sort(({ object: a }, { object: b }) => rank(a) - rank(b) || compareOrders(orderOf(a), orderOf(b)) || (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** The policies that select an endpoint, in order. */
export async function policiesOf(world: World, endpoint: StoredObject): Promise<readonly Related[]> {
  const labels = (await world.labels())(endpoint);
  return (await policiesInOrder(world)).filter(({ object }) => selectionOf(object).selects(labels)).map(({ kind, object }) => related(kind, object, placeOf(object)));
}

/** The policies with a rule whose selector matches a network set. */
export async function policiesNaming(world: World, set: StoredObject): Promise<readonly Related[]> {
  const labels = (await world.labels())(set);
  return (await policiesInOrder(world)).filter(({ object }) => selectionOf(object).rulesMatch(labels)).map(({ kind, object }) => related(kind, object, placeOf(object)));
}

/** The policies of a tier, in order. */
export async function policiesIn(world: World, name: string): Promise<readonly Related[]> {
  return (await policiesInOrder(world)).filter(({ object }) => tierOf(object.spec) === name).map(({ kind, object }) => related(kind, object, orderText(object)));
}

/** What of some kinds a policy selects, or its rules match. */
export async function selectedBy(world: World, policy: StoredObject, kinds: readonly StoredKind[], by: 'selects' | 'rulesMatch'): Promise<readonly Related[]> {
  const selection = selectionOf(policy);
  const labelsOf = await world.labels();
  const found = await Promise.all(kinds.map(async (kind) => (await world.objects(kind)).filter((object) => selection[by](labelsOf(object))).map((object) => related(kind, object))));
  return found.flat();
}

function tierOf({ tier: name }: StoredObject['spec']): string {
  return typeof name === 'string' && name !== '' ? name : DEFAULT_TIER;
}

/** What Calico gives every policy of Kubernetes, which has no field for it (libcalico-go's K8sNetworkPolicyToCalico). */
const ORDER_OF_KUBERNETES = 1000;

function orderOf({ kind, spec: { order } }: StoredObject): number {
  if (kind === stagedKubernetesNetworkPolicy.kind) return ORDER_OF_KUBERNETES;
  return typeof order === 'number' ? order : Number.POSITIVE_INFINITY;
}

function compareOrders(left: number, right: number): number {
  return left === right ? 0 : left - right;
}

function orderText(object: StoredObject): string {
  const order = orderOf(object);
  return Number.isFinite(order) ? `order ${order}` : 'no order: after all others';
}

function placeOf(object: StoredObject): string {
  return `tier ${tierOf(object.spec)}, ${orderText(object)}`;
}

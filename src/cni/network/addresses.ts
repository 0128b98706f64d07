import type { Data } from '../../base/data.js';
import type { Found } from '../../changes/stored-object.js';
import { single } from '../../host/workload/interface-plan.js';
import { addressesOfHandle } from '../../ipam/operations/handle-addresses.js';
import { formatIp, parseCidrOrIp, type Ip } from '../../net/address.js';
import type { AttachmentCall, NetworkCall } from '../call.js';
import { FAILURE, Failure } from '../failure.js';
import { handleOf } from '../ipam/identity.js';
import { askForPodCidrs } from '../kubernetes/kubernetes.js';
import type { PodFacts } from '../kubernetes/pod-facts.js';
import type { Plugin, PluginContext } from '../plugin.js';
import type { Result } from '../result.js';
import { argumentsFor } from './attachment.js';
import { addressManagement, OWN_IPAM } from './delegate.js';
import { ANY_NETWORKS, podNetworkPlace, withIpam, withPodNetworks } from './ipam-config.js';

/** Addresses that a workload was given. */
export interface Assignment {
  readonly result: Pick<Result, 'routes' | 'dns'>;
  readonly addresses: readonly Ip[];
  /** Gives them back, as far as that is right, for an ADD that fails. Throws what the address management throws. */
  giveBack(): Promise<void>;
}

/** Whom addresses are for. */
export interface Recipient {
  readonly node: string;
  readonly facts: PodFacts | undefined;
  /** The endpoint that is there already. */
  readonly stored: Found | undefined;
}

/**
 * Assigns the addresses of a workload (reference/network-plugin 11): by the address management of the network, or those that the pod
 * names. Throws Failure and CalicoError.
 */
export async function assignAddresses(call: AttachmentCall, context: PluginContext, { node, facts, stored }: Recipient): Promise<Assignment> {
  const wish = facts?.addresses;
  if (wish?.from === 'list' && !wish.managed) return { result: {}, addresses: wish.addresses, giveBack: () => Promise.resolve() };
  const changed = wish?.from === 'pools' ? poolKeys(wish) : {};
  const own = await withNodeNetworks(forManagement(withIpam(call, changed)), context, node);
  const plugin = addressManagement(own);
  const sameContainer = stored?.object.spec['containerID'] === call.containerId;
  // What the stored endpoint still names stays assigned, until DEL takes both.
  const giveBack = (): Promise<void> => (sameContainer ? Promise.resolve() : plugin.del(own, context));
  const result = wish?.from === 'list' ? await assignListed(plugin, own, context, wish.addresses, stored) : await plugin.add(own, { ...context, namespaceLabels: facts?.namespaceLabels });
  const addresses = result.ips.flatMap(({ address }) => parseCidrOrIp(address)?.address ?? []);
  if (addresses.length > 0) return { result, addresses, giveBack };
  await giveBack();
  throw new Failure(FAILURE.other, `the plugin ${own.config.ipam.type ?? ''} gave no address`);
}

/**
 * Gives back what a workload has.
 * @param living an endpoint of the same container that stays: where its addresses are among them, all of them do
 */
export async function releaseAddresses(call: AttachmentCall, context: PluginContext, living?: Found): Promise<void> {
  const own = withAnyNetworks(forManagement(call));
  if (living !== undefined && own.config.ipam.type === OWN_IPAM && (await holdsAddressOf(living, own, context))) return;
  await addressManagement(own).del(own, context);
}

async function holdsAddressOf({ object: { spec } }: Found, { config, containerId }: AttachmentCall, context: PluginContext): Promise<boolean> {
  const named: readonly unknown[] = Array.isArray(spec['ipNetworks']) ? spec['ipNetworks'] : [];
  const held = (await addressesOfHandle(await context.store(), handleOf(config.name, containerId))) ?? [];
  return held.some(({ ip }) => named.includes(single(ip)));
}

/** Each address in a call of its own, since a call names one. Where one cannot be had, all are given back. */
async function assignListed(plugin: Plugin, call: AttachmentCall, context: PluginContext, wanted: readonly Ip[], stored: Found | undefined): Promise<Result> {
  const before = stored?.object.spec['containerID'];
  // The pod may have had these very addresses before it was started anew.
  if (typeof before === 'string' && before !== '') await plugin.del({ ...call, containerId: before }, context);
  const results: Result[] = [];
  try {
    for (const ip of wanted) results.push(await plugin.add({ ...call, args: `${call.args};IP=${formatIp(ip)}` }, context));
  } catch (error) {
    if (results.length > 0) await plugin.del(call, context);
    throw error;
  }
  return { ips: wanted.map((ip) => ({ address: single(ip) })), routes: results.flatMap(({ routes = [] }) => routes) };
}

/** What annotations say of pools, in the words of the configuration. */
function poolKeys({ pools4, pools6, families }: Extract<PodFacts['addresses'], { from: 'pools' }>): Data {
  return {
    ...(pools4 !== undefined && { ipv4_pools: pools4 }),
    ...(pools6 !== undefined && { ipv6_pools: pools6 }),
    ...(families !== undefined && { assign_ipv4: String(families.ipv4), assign_ipv6: String(families.ipv6) }),
  };
}

function forManagement<Call extends AttachmentCall>(call: Call): Call {
  return { ...call, args: argumentsFor(call.args) };
}

/** With the networks of the node for its pods, where they are asked for. */
async function withNodeNetworks<Call extends NetworkCall>(call: Call, context: PluginContext, node: string): Promise<Call> {
  const { config } = call;
  const place = podNetworkPlace(config.ipam.data);
  if (place === undefined) return call;
  if (!mayAskKubernetes(call, context)) {
    throw new Failure(FAILURE.invalidConfig, `${place} asks for the node's network in Kubernetes, but the configuration does not say where Kubernetes' API is`, 'name a kubeconfig in kubernetes.kubeconfig, or write a network in its place');
  }
  const networks = await askForPodCidrs(config, config.kubernetes.nodeName ?? node, { env: context.env, signal: context.signal });
  return withIpam(call, withPodNetworks(config.ipam.data, networks));
}

function mayAskKubernetes({ config: { kubernetes, policy } }: NetworkCall, { env }: PluginContext): boolean {
  return [kubernetes.kubeconfig, kubernetes.apiRoot, policy.apiRoot, env['KUBERNETES_SERVICE_HOST']].some((each) => each !== undefined && each !== '');
}

/** The same where nothing is assigned. */
export function withAnyNetworks<Call extends NetworkCall>(call: Call): Call {
  const { data } = call.config.ipam;
  return podNetworkPlace(data) === undefined ? call : withIpam(call, withPodNetworks(data, ANY_NETWORKS));
}

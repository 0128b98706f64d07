import type { Store } from '../../datastore/store.js';
import { assignAddress } from '../../ipam/operations/assign-address.js';
import { autoAssign, type AutoResult } from '../../ipam/operations/auto-assign.js';
import { keepConfiguration } from '../../ipam/operations/configuration.js';
import { Refusal } from '../../ipam/operations/refusal.js';
import { releaseAddresses } from '../../ipam/operations/release.js';
import { bits, formatIp, parseIp, type Ip } from '../../net/address.js';
import { readArguments } from '../arguments.js';
import type { AttachmentCall } from '../call.js';
import { FAILURE, Failure } from '../failure.js';
import type { PluginContext } from '../plugin.js';
import type { Result } from '../result.js';
import { identityOf, type Identity } from './identity.js';
import { whileLocked } from './lock.js';
import { namedPools } from './pools.js';
import { inItsWords, shortageFailure } from './words.js';

/** Assigns the addresses of a container: the one that it asks for, else any of each family that the configuration wants (reference/network-plugin 6.2). */
export async function add(call: AttachmentCall, context: PluginContext): Promise<Result> {
  const node = context.nodeName();
  const identity = identityOf(call, node, new Date());
  const wanted = wantedAddress(call.args);
  const whom = { node, identity };
  const addresses = await inItsWords(() => (wanted === undefined ? assignAny(call, context, whom) : assignWanted(call, context, { ...whom, ip: wanted })));
  context.log.info(`assigned ${addresses.join(', ')} to ${identity.handle}`);
  return { ips: addresses.map((address) => ({ address })), routes: addresses.map((dst) => ({ dst })) };
}

interface Whom {
  readonly node: string;
  readonly identity: Identity;
}

async function assignWanted(call: AttachmentCall, context: PluginContext, { node, identity, ip }: Whom & { readonly ip: Ip }): Promise<readonly string[]> {
  await whileLocked(call, context, (store, isConfigured) => withConfiguration(store, isConfigured, () => assignAddress(store, { ip, host: node, owner: identity.owner })));
  return [`${formatIp(ip)}/${bits(ip)}`];
}

/** One address of each family that is wanted. Where there is none of one, what was assigned of the other is given back. */
async function assignAny(call: AttachmentCall, context: PluginContext, whom: Whom): Promise<readonly string[]> {
  const { assignIpv4, assignIpv6, ipv4Pools, ipv6Pools } = call.config.ipam;
  const store = await context.store();
  const pools = { 4: await namedPools(store, ipv4Pools, 4), 6: await namedPools(store, ipv6Pools, 6) };
  const versions = ([4, 6] as const).filter((version) => (version === 4 ? assignIpv4 : assignIpv6));
  const namespaceLabels = (): Promise<Readonly<Record<string, string>>> => labelsOf(call, context, whom.identity.namespace);
  return whileLocked(call, context, async (_, isConfigured) => {
    const results: (readonly [4 | 6, AutoResult])[] = [];
    for (const version of versions) {
      const named = pools[version];
      const request = { host: whom.node, owner: whom.identity.owner, version, count: 1, namespaceLabels, ...(named !== undefined && { pools: named }) };
      const result = await withConfiguration(store, isConfigured, () => autoAssign(store, request));
      if (result.short?.of === 'blocks of the host') throw shortageFailure(version, result);
      results.push([version, result]);
    }
    const short = results.find(([, { addresses }]) => addresses.length === 0);
    if (short === undefined) return results.flatMap(([, { addresses }]) => addresses.map(({ ip, block }) => `${formatIp(ip)}/${block.length}`));
    await giveBack(store, results.flatMap(([, { addresses }]) => addresses.map(({ ip }) => ip)), whom.identity.handle);
    throw shortageFailure(...short);
  });
}

/** The labels of the pod's namespace, by which pools select. Kubernetes is asked only where policies are its own too. */
async function labelsOf({ config }: AttachmentCall, { namespaceLabels, env, signal }: PluginContext, namespace: string | undefined): Promise<Readonly<Record<string, string>>> {
  if (namespaceLabels !== undefined) return namespaceLabels;
  if (namespace === undefined || config.policy.type !== 'k8s') return {};
  const { askForNamespaceLabels } = await import('../kubernetes/kubernetes.js');
  return askForNamespaceLabels(config, namespace, { env, signal });
}

async function giveBack(store: Store, ips: readonly Ip[], handle: string): Promise<void> {
  if (ips.length > 0) await releaseAddresses(store, ips.map((ip) => ({ ip, handle })));
}

/** The official plugin stores the configuration of address management where it looks at it and there is none; it looks after it has found pools. */
async function withConfiguration<T>(store: Store, isConfigured: boolean, work: () => Promise<T>): Promise<T> {
  const keep = async (): Promise<void> => (isConfigured ? undefined : keepConfiguration(store));
  try {
    const made = await work();
    await keep();
    return made;
  } catch (error) {
    if (error instanceof Refusal && ['assigned', 'foreign-block'].includes(error.reason.kind)) await keep();
    throw error;
  }
}

/** The address that CNI_ARGS ask for. The official plugin takes no other argument here, unless it is told to ignore what it does not know. */
function wantedAddress(args: string): Ip | undefined {
  const text = readArguments(args, ['IP']).get('IP') ?? '';
  if (text === '') return undefined;
  const ip = parseIp(text);
  if (ip === undefined) throw new Failure(FAILURE.other, `ARGS: error parsing value of pair ${JSON.stringify(`IP=${text}`)}: invalid IP address: ${text}`);
  return ip;
}

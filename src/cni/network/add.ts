import { CalicoError } from '../../base/errors.js';
import type { Found } from '../../changes/stored-object.js';
import type { Store } from '../../datastore/store.js';
import { attachWorkload } from '../../host/workload/attach.js';
import { HERE, isInterface } from '../../host/workload/side.js';
import { parseCidrOrIp, type Cidr, type Ip } from '../../net/address.js';
import { canonicalMac } from '../../resources/fields/network.js';
import type { AttachmentCall } from '../call.js';
import { FAILURE, Failure } from '../failure.js';
import { Fields } from '../fields.js';
import type { PodFacts } from '../kubernetes/pod-facts.js';
import type { PluginContext } from '../plugin.js';
import type { Result } from '../result.js';
import { assignAddresses, type Assignment } from './addresses.js';
import { attachmentResult } from './attachment-result.js';
import { attachmentOf, mtuOf, type Attachment } from './attachment.js';
import { endpointDocument, withProfile, type EndpointParts } from './endpoint.js';
import { waitForGates } from './gates.js';
import { destinationsOf } from './ipam-config.js';
import { deleteEndpoint, holderOf, operationsFor, readWorkload, writeWorkload, type StoredWorkload, type Wanted } from './objects.js';
import { factsOf } from './facts.js';
import { waitUntilProgrammed } from './programmed.js';
import { openSandbox, randomMac, type Sandbox } from './sandbox.js';

/** What an interface has to carry for IPv6 (RFC 8200, 5). */
const LEAST_MTU_6 = 1280;

/** All that an ADD works with. */
interface Adding {
  readonly call: AttachmentCall;
  readonly context: PluginContext;
  readonly attachment: Attachment;
  readonly sandbox: Sandbox;
  readonly mtu: number | undefined;
  readonly destinations: readonly Cidr[];
  readonly store: Store;
  readonly read: StoredWorkload;
}

/** Gives a container its interface, addresses and endpoint (reference/network-plugin 12). Throws Failure and CalicoError; then nothing of it is left. */
export async function add(call: AttachmentCall, context: PluginContext): Promise<Result> {
  const attachment = attachmentOf(call, context);
  const { config } = call;
  refuseUnsupported(call, attachment);
  const mtu = mtuOf(config);
  const destinations = destinationsOf(call, attachment.workload.pod !== undefined);
  const sandbox = openSandbox(call.netns);
  try {
    await waitForGates(config.readinessGates, context);
    const store = await context.store();
    const [read, facts] = await Promise.all([readWorkload(store, attachment.workload, config.name), factsOf(call, context, attachment.workload)]);
    const adding = { call, context, attachment, sandbox, mtu, destinations, store, read };
    if (read.endpoint !== undefined && attachment.workload.pod === undefined) return await rejoin(adding, read.endpoint);
    return await attach(adding, facts);
  } finally {
    sandbox.close();
  }
}

function refuseUnsupported({ config }: AttachmentCall, { workload }: Attachment): void {
  const dataplane = new Fields(config.data).map('dataplane_options')?.givenText('type') ?? 'linux';
  if (dataplane !== 'linux') throw new Failure(FAILURE.invalidConfig, `dataplane_options.type must be linux, not ${JSON.stringify(dataplane)}: there is no other dataplane here`);
  if (config.featureControl.ipAddrsNoIpam && workload.pod === undefined) throw new Failure(FAILURE.invalidConfig, 'requested feature is not supported for this runtime: ip_addrs_no_ipam', 'only pods of Kubernetes can name their addresses');
}

/** A container that has an endpoint is not given another one: it takes part in the network too, by its profile (reference/network-plugin 10.2). */
async function rejoin(adding: Adding, found: Found): Promise<Result> {
  const { call, context, attachment, sandbox, mtu, store, read } = adding;
  const { spec } = found.object;
  const addresses = addressesOf(spec['ipNetworks']);
  const mac = typeof spec['mac'] === 'string' ? canonicalMac(spec['mac']) : undefined;
  context.log.info(`container ${call.containerId} has the endpoint ${found.object.metadata.name} already`);
  await writeWorkload(store, wantedOf(call, attachment, (stored) => withProfile(stillThere(stored), call.config.name)), read);
  // After the host was started anew, the runtime may give the same container a namespace that is empty.
  const hostName = String(spec['interfaceName']);
  const [ifname, isThere] = isInterface(hostName) ? [String(spec['endpoint']), true] : [call.ifname, await hasInterface(sandbox, call.ifname)];
  if (!isThere) {
    await makeInterface(adding, { mac: mac ?? randomMac(), addresses }).catch(async (error: unknown) => {
      await undo(adding, { interface: true }, error);
      throw error;
    });
  }
  return attachmentResult({ hostName, mac, mtu, ifname, netns: call.netns, addresses });
}

function stillThere(stored: Found['object'] | undefined): Found['object'] {
  if (stored === undefined) throw new CalicoError('changed', 'the endpoint of the container was deleted meanwhile');
  return stored;
}

function addressesOf(stored: unknown): readonly Ip[] {
  const texts = Array.isArray(stored) ? stored.filter((each) => typeof each === 'string') : [];
  return texts.flatMap((text) => parseCidrOrIp(text)?.address ?? []);
}

async function hasInterface({ side }: Sandbox, name: string): Promise<boolean> {
  return side.run(['ip', 'link', 'show', 'dev', name]).then(() => true, () => false);
}

/** The network's profile is made where nothing else decides about policies. */
function wantedOf({ config }: AttachmentCall, { workload }: Attachment, document: Wanted['document']): Wanted {
  return { workload, network: config.name, makesProfile: config.policy.type === undefined, document };
}

async function attach(adding: Adding, facts: PodFacts | undefined): Promise<Result> {
  const { call, context, attachment, mtu, store, read } = adding;
  const { workload, hostName, labels } = attachment;
  const stored = read.endpoint?.object.spec['endpoint'];
  const ifname = typeof stored === 'string' && stored !== '' ? stored : call.ifname;
  const parts = { workload, ifname, hostName, mac: facts?.mac ?? randomMac(), network: call.config.name, labels, facts };
  refuseInvalid(adding, parts);
  await refuseTaken(adding);
  const assigned = await assignAddresses(call, context, { node: workload.node, facts, stored: read.endpoint });
  const { addresses } = assigned;
  const made: Made = { interface: false, assigned };
  try {
    const wanted = wantedOf(call, attachment, (object) => endpointDocument({ ...parts, addresses }, object));
    operationsFor(wanted, read);
    made.interface = true;
    await makeInterface(adding, { mac: parts.mac, addresses });
    await writeWorkload(store, wanted, read);
  } catch (error) {
    await undo(adding, made, error);
    throw error;
  }
  await waitUntilProgrammed(workload, ifname, call.config, context);
  return attachmentResult({ hostName, mac: parts.mac, mtu, ifname: call.ifname, netns: call.netns, addresses }, assigned.result);
}

/** What no client would take is refused before an address is assigned; of addresses no more is known than that they will be some. */
function refuseInvalid({ call, attachment, read }: Adding, parts: Omit<EndpointParts, 'addresses'>): void {
  const facts = parts.facts && { ...parts.facts, floatingIps: [] };
  operationsFor(wantedOf(call, attachment, (object) => endpointDocument({ ...parts, facts, addresses: [] }, object)), read);
}

/** What is under the name of the interface goes when it is made; that must not be the interface of another container. */
async function refuseTaken({ attachment: { workload, hostName }, store }: Adding): Promise<void> {
  const holder = workload.pod === undefined && isInterface(hostName) ? await holderOf(store, workload, hostName) : undefined;
  if (holder !== undefined) throw new Failure(FAILURE.other, `the interface ${hostName} is that of container ${holder} already`, 'the first eleven characters of the id of a container make the name of its interface: choose another id');
}

async function makeInterface({ call, attachment, sandbox, mtu, destinations }: Adding, { mac, addresses }: { readonly mac: string; readonly addresses: readonly Ip[] }): Promise<void> {
  // The kernel says of this that an argument is invalid.
  if (mtu !== undefined && mtu < LEAST_MTU_6 && addresses.some(({ version }) => version === 6)) throw new Failure(FAILURE.invalidConfig, `the MTU must be ${LEAST_MTU_6} or more for an IPv6 address, not ${mtu}`);
  await attachWorkload(HERE, sandbox.side, {
    hostName: attachment.hostName,
    name: call.ifname,
    namespace: sandbox.path,
    addresses,
    mac,
    mtu,
    queues: call.config.queues ?? 1,
    destinations,
    forwards: call.config.allowIpForwarding,
  });
}

/** What an ADD has made so far, or has begun to make. */
interface Made {
  interface: boolean;
  readonly assigned?: Assignment;
}

/** Takes away what a failed ADD has made. What cannot be taken away is told; the runtime calls DEL after a failure. */
async function undo({ call, context: { log }, attachment, store, read }: Adding, made: Made, error: unknown): Promise<void> {
  const mayBeWritten = error instanceof CalicoError && error.meaning === 'unknown-outcome';
  try {
    if (made.interface) await HERE.remove(attachment.hostName);
    if (mayBeWritten && read.endpoint !== undefined) throw new Error('nobody knows whether the endpoint names them now');
    if (mayBeWritten) await deleteEndpoint(store, attachment.workload, call.ifname);
    await made.assigned?.giveBack();
  } catch (reason) {
    // An address that an endpoint may name is not anybody else's to have.
    log.warning(`what was made before the failure stays until DEL: ${(reason as Error).message}`);
  }
}

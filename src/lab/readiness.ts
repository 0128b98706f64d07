import { setTimeout as sleep } from 'node:timers/promises';
import { CalicoError } from '../base/errors.js';
import { isMap } from '../base/data.js';
import { readBirds } from '../bgp/local-status.js';
import { isEstablished, type ObservedPeer } from '../bgp/protocols.js';
import type { Store } from '../datastore/store.js';
import { entering } from '../host/namespaces/namespaces.js';
import { runProgram } from '../host/program.js';
import { prefixOf } from '../resources/keys.js';
import { readNetwork } from '../policy/stored-network.js';
import { node } from '../resources/v3/node.js';
import type { Lab } from './lab.js';
import { hostAddresses } from './plan.js';

/** The word that starts the agent of a node (src/programs/calicoctl/inner.ts). */
export const AGENT = '__agent';

const LOOKED_AFTER_MS = 100;

/** Waits until something holds, and says what is missing where it does not in time. */
interface Patience {
  readonly longestMs: number;
  readonly signal: AbortSignal;
}

/** Waits until nothing is missing. Throws CalicoError with what still is when the time is over. */
async function until(missing: () => Promise<readonly string[]>, hint: string, { longestMs, signal }: Patience): Promise<void> {
  const deadline = performance.now() + longestMs;
  for (;;) {
    signal.throwIfAborted();
    const lacks = await missing();
    if (lacks.length === 0) return;
    if (performance.now() > deadline) throw new CalicoError('timeout', `not ready after ${Math.round(longestMs / 1000)} s: ${lacks.join('; ')}`, { hint });
    await sleep(LOOKED_AFTER_MS);
  }
}

/** Waits until the agents of some hosts have registered their nodes. Throws CalicoError. */
export function nodesRegistered(lab: Lab, store: Store, hosts: readonly string[], patience: Patience): Promise<void> {
  return until(async () => {
    const { ranges } = await store.snapshot([{ prefix: prefixOf(node) }]);
    const registered = readNetwork(ranges.flat(), [node]).resources.filter(({ spec }) => isMap(spec['bgp']) || lab.plan.encapsulation === 'vxlan').map(({ metadata }) => metadata.name);
    return hosts.filter((host) => !registered.includes(host)).map((host) => `${host} has no node in the datastore`);
  }, logsHint(lab, hosts), patience);
}

/** Waits until some hosts carry their part of the network. Throws CalicoError. */
export function hostsReady(lab: Lab, hosts: readonly string[], patience: Patience): Promise<void> {
  const waiting = new Set(hosts);
  return until(async () => {
    const found = await Promise.all([...waiting].map(async (host) => [host, await whyNotReady(lab, host)] as const));
    for (const [host, why] of found) if (why === undefined) waiting.delete(host);
    return found.flatMap(([host, why]) => (why === undefined ? [] : [`${host}: ${why}`]));
  }, logsHint(lab, hosts), patience);
}

/** Why a host does not carry its part of the network yet; undefined where it does. */
async function whyNotReady(lab: Lab, host: string): Promise<string | undefined> {
  const [said, peers] = await Promise.all([agentSays(lab, host), lab.plan.encapsulation === 'routed' ? bgpPeers(lab, host) : []]);
  if (said !== undefined) return said;
  if (peers === undefined) return 'BIRD does not answer';
  const down = peers.filter((peer) => !isEstablished(peer) && isOfLab(lab, peer));
  return down.length === 0 ? undefined : `no BGP session with ${down.map(({ address }) => address).join(', ')}`;
}

/** What the agent of a host says against its being ready. */
export async function agentSays(lab: Lab, host: string): Promise<string | undefined> {
  const [file = '', ...words] = entering(lab.host(host), [...lab.plan.program, AGENT, 'ready', '--felix']);
  const { code, stdout, stderr } = await runProgram(file, words, { env: { PATH: lab.plan.searchPath, NODENAME: host } });
  return code === 0 ? undefined : (`${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? '') || 'its agent is not ready';
}

/** The BGP sessions of a host, of both families; undefined where its BIRD does not answer. */
export async function bgpPeers(lab: Lab, host: string): Promise<readonly ObservedPeer[] | undefined> {
  const { 4: ipv4, 6: ipv6 } = await readBirds([`${lab.files(host)}/run/calico`], { idleMs: 1000, totalMs: 2000, bytes: 1 << 20 });
  if (!('answer' in ipv4)) return undefined;
  return [...ipv4.answer.peers, ...('answer' in ipv6 ? ipv6.answer.peers : [])];
}

/** Peers that a store of elsewhere names are not there, and nobody waits for them. */
function isOfLab({ plan }: Lab, { address }: ObservedPeer): boolean {
  return plan.hosts.some((host) => Object.values(hostAddresses(plan, host)).includes(address));
}

function logsHint({ folder }: Lab, hosts: readonly string[]): string {
  return `their logs are below ${hosts.length === 1 ? folder.ofHost(hosts[0]!).log : `${folder.path}/hosts`}; --keep leaves the lab to be looked at`;
}

/** Waits until the agent of a host is ready. Throws CalicoError. */
export function hostIsUp(lab: Lab, host: string, patience: Patience): Promise<void> {
  return until(async () => {
    const said = await agentSays(lab, host);
    return said === undefined ? [] : [`${host}: ${said}`];
  }, `its logs are below ${lab.folder.ofHost(host).log}`, patience);
}

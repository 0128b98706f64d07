import { setTimeout as sleep } from 'node:timers/promises';
import { CalicoError } from '../base/errors.js';
import { entering, type Namespaces } from '../host/namespaces/namespaces.js';
import { isEstablished } from '../bgp/protocols.js';
import { runProgram } from '../host/program.js';
import type { End } from '../insight/end.js';
import { trace, type Trace } from '../insight/trace.js';
import type { WantedEnd } from '../insight/wanted-end.js';
import { formatIp, parseIp } from '../net/address.js';
import type { Model } from '../policy/model.js';
import type { Dialect, StoredObject } from '../resources/kind.js';
import type { Lab } from './lab.js';
import { bridgeAddresses, hostAddresses } from './plan.js';
import { bgpPeers } from './readiness.js';
import { workloadOf } from './workloads.js';
import type { Probed, ProbeResult, ProbeTask } from './probe/task.js';

/** What is to be found out. Of tcp and udp there is a port. */
export interface Question {
  readonly from: WantedEnd;
  readonly to: WantedEnd;
  readonly protocol: Probed;
  readonly port?: number | undefined;
  /** The port it is sent from: any that is free where it is left out. */
  readonly fromPort?: number | undefined;
  readonly longestMs: number;
}

/** What became of a packet: `rejected` where somebody answered that it may not, `lost` where nothing came back, `unreachable` where it found no way. */
export type PacketOutcome = 'answered' | 'arrived' | 'rejected' | 'lost' | 'unreachable';

/** A packet that was sent, and what the policies of the store say of it. */
export interface Connection {
  readonly outcome: PacketOutcome;
  readonly ms: number;
  /** The error of the system, where there was one. */
  readonly code?: string | undefined;
  /** Whether nobody listened, so that the lab did. */
  readonly listened: boolean;
  /** The ends as they were named. */
  readonly words: { readonly from: string; readonly to: string };
  readonly trace: Trace;
  readonly agree: boolean;
  /** How often it was sent until they agreed. */
  readonly tries: number;
  /** What is not as it should be in the lab, where the two do not agree. */
  readonly doubts: readonly string[];
}

/** Whether a packet got through. */
export function gotThrough(outcome: PacketOutcome): boolean {
  return outcome === 'answered' || outcome === 'arrived';
}

const CLIENT_PORTS = { first: 32_768, count: 28_232 };
/** What a listener that is asked to may take to begin. */
const LISTENS_MS = 5000;

/** Policies and routes that were stored a moment ago take a moment: what does not agree is tried again after this, so many times. */
const SETTLING = { afterMs: 700, tries: 3 };

interface Network {
  readonly model: Model;
  readonly resources: readonly StoredObject[];
  readonly dialect: Dialect;
}

/**
 * Sends a packet from where one end is to the other, has somebody listen there if nobody does, and asks the policy engine about the same packet.
 * Where the two do not agree, and nothing in the lab explains it, it is tried again. Throws CalicoError where an end is not in the lab, or
 * nothing of the kind can be sent.
 */
export async function tryConnection(lab: Lab, network: Network, question: Question): Promise<Connection> {
  for (let tries = 1; ; tries++) {
    const connection = await tryOnce(lab, network, question);
    if (connection.agree || connection.doubts.length > 0 || tries === SETTLING.tries) return { ...connection, tries };
    await sleep(SETTLING.afterMs);
  }
}

async function tryOnce(lab: Lab, { model, resources, dialect }: Network, question: Question): Promise<Omit<Connection, 'tries'>> {
  const { protocol, port } = question;
  const fromPort = protocol === 'icmp' ? undefined : (question.fromPort ?? CLIENT_PORTS.first + Math.floor(Math.random() * CLIENT_PORTS.count));
  const traced = trace(model, resources, { from: question.from, to: question.to, protocol, port, fromPort }, dialect);
  const source = placeOf(lab, traced.from, traced.flow.src, resources);
  if (source === undefined) throw new CalicoError('missing', `${traced.from.name} is not in lab ${lab.name}: nothing can be sent from there`, { hint: 'a packet comes from a workload or a host of the lab, or from outside' });
  const destination = whereListened(() => placeOf(lab, traced.to, traced.flow.dst, resources));
  const target = destination === 'stopped' ? undefined : destination;
  const sent = protocol === 'icmp' ? await ping(lab, source, traced, question.longestMs) : await send(lab, { source, target }, traced, { ...question, protocol, port: port!, fromPort: fromPort! });
  const agree = gotThrough(sent.outcome) === (traced.verdict.verdict === 'allow');
  return { ...sent, words: { from: question.from.word, to: question.to.word }, trace: traced, agree, doubts: agree ? [] : [...(destination === undefined ? [`nobody in the lab has the address ${traced.flow.dst}`] : []), ...(await doubtsOf(lab))] };
}

/** Nobody can listen on a host that is stopped; a packet can be sent there. Undefined where the lab has nobody of the kind. */
function whereListened(find: () => Namespaces | undefined): Namespaces | 'stopped' | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof CalicoError) return 'stopped';
    throw error;
  }
}

/** Where an end is in the lab; undefined where it is elsewhere. */
function placeOf(lab: Lab, end: End, address: string, resources: readonly StoredObject[]): Namespaces | undefined {
  const workload = resources.find((object) => object.kind === 'WorkloadEndpoint' && workloadOf(object).addresses.map(normal).includes(address) && isIn(lab, workloadOf(object).host));
  if (workload !== undefined) return lab.workload(workloadOf(workload).host, workloadOf(workload).interfaceName);
  const host = lab.plan.hosts.find((each) => Object.values(hostAddresses(lab.plan, each)).map(normal).includes(address) || end.name === `host/${each.name}`);
  if (host !== undefined) return lab.host(host.name);
  return Object.values(bridgeAddresses(lab.plan)).map(normal).includes(address) ? lab.outside : undefined;
}

function isIn({ plan }: Lab, host: string): boolean {
  return plan.hosts.some(({ name }) => name === host);
}

function normal(address: string): string {
  const ip = parseIp(address);
  return ip === undefined ? address : formatIp(ip);
}

type Sent = Pick<Connection, 'outcome' | 'ms' | 'code' | 'listened'>;

/** A ping of one packet: nobody but root may make one, and the kernel answers it. */
async function ping(lab: Lab, source: Namespaces, { flow }: Trace, longestMs: number): Promise<Sent> {
  const began = performance.now();
  const words = entering(source, ['ping', '-n', '-q', '-c', '1', '-W', String(longestMs / 1000), '-I', flow.src, flow.dst]);
  const { code, stderr } = await run(lab, words);
  if (code !== 0 && code !== 1) throw new CalicoError('failed', `ping cannot be used: ${stderr.trim()}`, { hint: 'install it: apt-get install iputils-ping' });
  return { outcome: code === 0 ? 'answered' : 'lost', ms: performance.now() - began, listened: false };
}

interface Sending {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly fromPort: number;
  readonly longestMs: number;
}

async function send(lab: Lab, { source, target }: { readonly source: Namespaces; readonly target: Namespaces | undefined }, { flow }: Trace, { protocol, port, fromPort, longestMs }: Sending): Promise<Sent> {
  const listener = target && (await listen(lab, target, { do: 'listen', protocol, port, version: flow.dst.includes(':') ? 6 : 4, longestMs: longestMs + LISTENS_MS }));
  try {
    const result = await probeIn(lab, source, { do: 'send', protocol, source: flow.src, sourcePort: fromPort, target: flow.dst, port, longestMs });
    if (!('outcome' in result)) throw new Error('a probe that sends tells what came of it');
    const { ms, code } = result;
    const listened = listener?.here === true;
    const outcome = result.outcome === 'answered' ? 'answered' : listener?.came() === true ? 'arrived' : result.outcome === 'refused' ? (listened ? 'rejected' : 'answered') : result.outcome === 'nothing' ? 'lost' : 'unreachable';
    return { outcome, ms, code, listened };
  } finally {
    await listener?.stop();
  }
}

/** Has a probe listen, and returns when it does or somebody else does. */
async function listen(lab: Lab, place: Namespaces, task: ProbeTask & { readonly do: 'listen' }): Promise<{ readonly here: boolean; readonly came: () => boolean; readonly stop: () => Promise<void> }> {
  const ending = new AbortController();
  let came = false;
  let ended: Promise<unknown> = Promise.resolve();
  const here = await new Promise<boolean>((resolve, reject) => {
    ended = run(lab, probeWords(lab, place, task), ending.signal, (line) => {
      const result = JSON.parse(line) as ProbeResult;
      if ('listens' in result) resolve(result.listens === 'here');
      else if ('came' in result) came = true;
    }).then(({ stderr }) => reject(new CalicoError('failed', `nothing can listen there: ${stderr.trim()}`)), reject);
  });
  const stop = async (): Promise<void> => {
    ending.abort();
    await ended;
  };
  return { here, came: () => came, stop };
}

async function probeIn(lab: Lab, place: Namespaces, task: ProbeTask): Promise<ProbeResult> {
  const { code, stdout, stderr } = await run(lab, probeWords(lab, place, task));
  if (code !== 0) throw new CalicoError('failed', `nothing can be sent from there: ${stderr.trim()}`);
  return JSON.parse(stdout) as ProbeResult;
}

function probeWords(lab: Lab, place: Namespaces, task: ProbeTask): string[] {
  return entering(place, lab.inner('probe', JSON.stringify(task)));
}

function run(lab: Lab, [file = '', ...words]: readonly string[], signal?: AbortSignal, onLine?: (line: string) => void): ReturnType<typeof runProgram> {
  return runProgram(file, words, { env: { PATH: lab.plan.searchPath }, signal, ...(onLine && { onLine: (line: string, stream: string) => (stream === 'stdout' ? onLine(line) : undefined) }) });
}

/** What of the lab may be the reason why a packet fared otherwise than policies say. */
async function doubtsOf(lab: Lab): Promise<readonly string[]> {
  const { hosts, cuts, etcd } = await lab.ask({ do: 'tell' });
  const idle = hosts.flatMap(({ name, pid, services }) => (pid === undefined ? [`host ${name} is stopped`] : services.filter(({ name: service, runs }) => service === 'agent' && !runs).map(() => `the agent of ${name} does not run`)));
  const cut = cuts.map(({ hosts: names, of }) => `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} cut off${of === 'all' ? '' : of === 'etcd' ? ' from etcd' : ' for BGP'}`);
  const lonely = lab.plan.encapsulation === 'vxlan' ? [] : await Promise.all(hosts.filter(({ pid }) => pid !== undefined).map(({ name }) => withoutSessions(lab, name)));
  return [...idle, ...cut, ...lonely.flat(), ...(etcd?.runs === false ? ['etcd does not run'] : [])];
}

async function withoutSessions(lab: Lab, host: string): Promise<readonly string[]> {
  const peers = await bgpPeers(lab, host);
  if (peers === undefined) return [`BIRD of ${host} does not answer`];
  const down = peers.filter((peer) => !isEstablished(peer)).map(({ address }) => address);
  return down.length === 0 ? [] : [`${host} has no BGP session with ${down.join(', ')}`];
}

import { expectedText, withoutAs } from '../../../bgp/compare.js';
import type { BirdFailureReason } from '../../../bgp/control-socket.js';
import { CLASS_TEXT, type Family } from '../../../bgp/peer-name.js';
import type { ObservedPeer } from '../../../bgp/protocols.js';
import { borderedTable } from '../../formats/bordered-table.js';
import { safe } from '../../../text/safe.js';
import { answersOf, explained, FAMILIES, isCompared, localBgp, observedPeers, speakerFor, type NodeStatus } from '../../../node/status.js';

const HEADINGS = ['Peer address', 'Peer type', 'State', 'Since', 'Info'];

/** What can only go wrong once somebody has answered. */
const CONNECTED: readonly BirdFailureReason[] = ['garbage', 'silent', 'closed', 'too-long'];

/**
 * The status as text. Up to the blank line it is what the official tool prints (reference/node 4), with disabled
 * peers; what that tool does not say comes below.
 */
export async function statusText(status: NodeStatus): Promise<string> {
  const lines = [`Calico process is ${status.calicoRuns ? '' : 'not '}running.`];
  const anybody = FAMILIES.some((family) => status.birdRuns.has(family) || !isAbsent(family, status));
  if (!anybody) lines.push('', 'The BGP backend process (BIRD) is not running.');
  else for (const family of FAMILIES) lines.push(await familyText(family, status));
  return `${lines.join('\n')}\n\n${remarks(status).map((remark) => `${safe(remark)}\n`).join('')}`;
}

/** Whether there is no sign of a BIRD for a family. */
function isAbsent(family: Family, { birds, birdRuns }: NodeStatus): boolean {
  const status = birds[family];
  return speakerFor(family, birds) === undefined && !birdRuns.has(family) && 'failures' in status && status.failures.every(({ reason }) => reason === 'missing' || reason === 'nobody');
}

async function familyText(family: Family, status: NodeStatus): Promise<string> {
  if (isAbsent(family, status)) return `\nINFO: BIRDv${family} process: '${family === 4 ? 'bird' : 'bird6'}' is not running.`;
  return `\nIPv${family} BGP status\n${await sessionsText(family, status)}`;
}

async function sessionsText(family: Family, status: NodeStatus): Promise<string> {
  const own = status.birds[family];
  if (speakerFor(family, status.birds) === undefined && 'failures' in own) {
    const failure = own.failures.find(({ reason }) => reason !== 'missing') ?? own.failures.at(-1);
    const stage = failure !== undefined && CONNECTED.includes(failure.reason) ? '' : `unable to connect to BIRDv${family} socket: `;
    return safe(`Error querying BIRD: ${stage}${failure?.path}: ${failure?.message}`);
  }
  const peers = observedPeers(status).filter((peer) => peer.family === family);
  if (peers.length === 0) return `No IPv${family} peers found.`;
  const table = await borderedTable(HEADINGS, peers.map((peer) => [peer.text, CLASS_TEXT[peer.peerClass], peer.state, peer.since, infoText(peer)]));
  return table.trimEnd();
}

/** A protocol that is down has nothing to say: it is disabled. */
function infoText({ info, state }: ObservedPeer): string {
  return info === '' && state === 'down' ? 'Disabled' : info;
}

/** What there is to say besides the tables, a sentence each. */
export function remarks(status: NodeStatus): string[] {
  const { comparison } = status;
  const answers = answersOf(status);
  return [
    ...localRemark(status),
    ...answers.filter(({ recovering }) => recovering).map(({ path }) => `BIRD at ${path} is recovering from a graceful restart: it programs no routes until its peers are back or its timeout is over.`),
    ...observedPeers(status).flatMap((peer) => {
      const meaning = explained(peer, status);
      return meaning === undefined ? [] : [`${peer.text} (${CLASS_TEXT[peer.peerClass]}): ${meaning}.`];
    }),
    ...answers.flatMap(({ others }) => others.map(({ name, state, info }) => `${name}: a BGP protocol not created by Calico (${`${state} ${info}`.trim()}).`)),
    ...(isCompared(comparison) ? comparisonRemarks(comparison) : []),
  ];
}

function localRemark(status: NodeStatus): string[] {
  const { addresses, asNumbers } = localBgp(status);
  const versions = [...new Set(answersOf(status).map(({ version }) => version))];
  const words = [...addresses, ...(asNumbers.length === 0 ? [] : [`AS ${asNumbers.join(' and ')}`]), ...versions.map((version) => `BIRD ${version}`)];
  return words.length === 0 ? [] : [`Local: ${words.join(', ')}.`];
}

function comparisonRemarks({ expected, missing, unexpected, otherAs, noPeers }: Exclude<NodeStatus['comparison'], { reason: string }>): string[] {
  return [
    ...missing.map((peer) => `Missing: ${expectedText(peer)} should be a peer, but BIRD does not have it.`),
    ...unexpected.map(({ text, name }) => `Unexpected: BIRD has the peer ${text} (${name}), but nothing in the datastore asks for it.`),
    ...otherAs.map(({ peer, asNumber }) => `${peer.text}: BIRD has AS ${peer.details.neighborAs} for it, the datastore says ${asNumber}.`),
    ...withoutAs(expected),
    ...(noPeers === undefined ? [] : [`No peers: ${noPeers}.`]),
  ];
}

/** Where was looked for what was not found, a line each. */
export function lookedFor(status: NodeStatus): string[] {
  const { calicoRuns, birds } = status;
  return [
    ...(calicoRuns ? [] : ['looked for a process named calico-felix, calico-node with the argument -felix, calico-agent, or start-calico-node']),
    ...FAMILIES.flatMap((family) => {
      const bird = birds[family];
      if (status.withoutBgp !== undefined || 'answer' in bird || speakerFor(family, birds) !== undefined) return [];
      return bird.failures.map(({ path, message }) => `looked for BIRDv${family}: ${safe(path)}: ${safe(message)}`);
    }),
  ];
}

/** Why nothing was compared with the datastore, if so. */
export function notCompared({ comparison }: NodeStatus): string[] {
  return isCompared(comparison) ? [] : [`the peers were not compared with the datastore: ${safe(comparison.reason)}`];
}

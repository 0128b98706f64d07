import { get } from 'node:http';
import { stat } from 'node:fs/promises';
import type { AgentContext } from '../part.js';
import type { BirdFailure, Limits } from '../../bgp/control-socket.js';
import { readBirds, SOCKET_FOLDERS, type BirdAnswer } from '../../bgp/local-status.js';
import { isEstablished } from '../../bgp/protocols.js';
import type { Family } from '../../bgp/peer-name.js';
import { isAgent, isBird, listProcesses, type Process } from '../../host/processes.js';
import { NODE_NAME_FILE } from '../startup/host.js';

/** What the probes look at; a test has its own. */
export interface Probed extends Pick<AgentContext, 'env' | 'log'> {
  /** For how long after the start all sessions must stand, in milliseconds. */
  readonly thresholdMs: number;
  readonly folders: readonly string[];
  readonly nodeNameFile: string;
  readonly processes: () => readonly Process[];
}

export const THIS_HOST: Omit<Probed, 'env' | 'log' | 'thresholdMs'> = { folders: SOCKET_FOLDERS, nodeNameFile: NODE_NAME_FILE, processes: listProcesses };

/** Why something is not well, as calico-node says it; undefined where it is. */
export type Verdict = Promise<string | undefined>;

const FELIX_MS = 5000;
const BIRD_LIMITS: Limits = { idleMs: 5000, totalMs: 8000, bytes: 16 << 20 };

/** Asks Felix's health server (reference/node-agent 9). */
export async function checkFelix({ env }: Probed, probe: 'liveness' | 'readiness'): Verdict {
  const url = `http://${env['FELIX_HEALTHHOST'] || 'localhost'}:${env['FELIX_HEALTHPORT'] || '9099'}/${probe}`;
  const told = probe === 'liveness' ? 'Felix is not live' : 'felix is not ready';
  try {
    const status = await statusOf(url);
    return status >= 200 && status < 400 ? undefined : `${told}: ${probe} probe reporting ${status}`;
  } catch (error) {
    return `${told}: Get "${url}": ${messageOf(error)}`;
  }
}

/** The cause in Go's words where nobody listens; of several addresses that were tried, that of the last. */
function messageOf(error: unknown): string {
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  const { code, address, port, message } = last as NodeJS.ErrnoException & { readonly address?: string; readonly port?: number };
  return code === 'ECONNREFUSED' ? `dial tcp ${address ?? ''}:${port ?? ''}: connect: connection refused` : message;
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = get(url, { timeout: FELIX_MS, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${FELIX_MS / 1000} s`)));
    call.on('error', reject);
  });
}

/**
 * Whether BIRD, and what writes its files, runs and BIRD answers (reference/node-agent 9.1). calico-node asks the supervisor of
 * its services. Ours keeps the agent's parts in one process and starts BIRD beside it, so that the processes themselves are looked at.
 */
export async function checkBirdLive({ folders, processes }: Probed, family: Family): Verdict {
  const [running, name] = [processes(), family === 4 ? 'bird' : 'bird6'];
  const missing = [['the agent', running.some(isAgent)], [name, running.some((process) => isBird(process, family))]].find(([, runs]) => runs === false);
  if (missing !== undefined) return `${name}/confd is not live: ${String(missing[0])} does not run`;
  const status = (await readBirds(folders, BIRD_LIMITS))[family];
  return 'answer' in status ? undefined : `${name} is not live: ${whyUnanswered(family, status.failures)}`;
}

/** Whether the sessions stand (reference/node-agent 9.2): all of them after the start, one of them later. */
export async function checkBirdReady(probed: Probed, family: Family): Verdict {
  const { log, folders, nodeNameFile, thresholdMs } = probed;
  const told = family === 4 ? 'BIRD is not ready' : 'BIRD6 is not ready';
  const age = await stat(nodeNameFile).then(({ mtimeMs }) => Date.now() - mtimeMs, (error: unknown) => error as NodeJS.ErrnoException);
  if (typeof age !== 'number') return `${told}: failed to stat() nodename file: stat ${nodeNameFile}: ${age.code === 'ENOENT' ? 'no such file or directory' : age.message}`;
  const status = (await readBirds(folders, BIRD_LIMITS))[family];
  if (!('answer' in status)) return `${told}: error querying BIRD: ${whyUnanswered(family, status.failures)}`;
  const peers = status.answer.peers;
  const established = peers.filter(isEstablished);
  log.info(`Number of node(s) with BGP peering established = ${established.length}`);
  const why = age < thresholdMs ? whyNotAll(status.answer) : whyNone(peers.length, established.length, status.answer);
  return why === undefined ? undefined : `${told}: ${why}`;
}

function whyNotAll(answer: BirdAnswer): string | undefined {
  if (answer.peers.length === 0) return undefined;
  return notEstablished(answer) ?? (answer.recovering ? 'graceful restart in progress' : undefined);
}

function whyNone(count: number, established: number, answer: BirdAnswer): string | undefined {
  return count === 0 || established > 0 ? undefined : notEstablished(answer);
}

function notEstablished({ peers }: BirdAnswer): string | undefined {
  const open = peers.filter((peer) => !isEstablished(peer)).map(({ address }) => address);
  return open.length === 0 ? undefined : `BGP not established with ${open.join(',')}`;
}

/** The socket that is there counts, else the last one that was looked for. */
function whyUnanswered(family: Family, failures: readonly BirdFailure[]): string {
  const failure = failures.find(({ reason }) => reason !== 'missing') ?? failures.at(-1);
  if (failure === undefined) return 'no socket of BIRD is known';
  const { path, reason, message } = failure;
  if (reason === 'missing') return `unable to connect to BIRDv${family} socket: dial unix ${path}: connect: no such file or directory`;
  if (reason === 'nobody') return `unable to connect to BIRDv${family} socket: dial unix ${path}: connect: connection refused`;
  return `BIRDv${family} at ${path}: ${message}`;
}

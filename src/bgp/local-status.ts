import { BirdFailure, askBird, type Limits } from './control-socket.js';
import type { Family } from './peer-name.js';
import { parseProtocols, peerOf, type BgpProtocol, type ObservedPeer } from './protocols.js';
import { NotBirdError, type Reply } from './reply.js';

/** Where the control sockets are looked for, in this order (reference/node 4.1). */
export const SOCKET_FOLDERS: readonly string[] = ['/var/run/calico', '/var/run/bird'];

/** The names of the control sockets. */
export const SOCKET_NAMES: Readonly<Record<Family, string>> = { 4: 'bird.ctl', 6: 'bird6.ctl' };

/** What one BIRD says. BIRD 2 speaks for both families on one socket. */
export interface BirdAnswer {
  readonly path: string;
  /** `1.6.8` */
  readonly version: string;
  readonly routerId?: string;
  /** It started with graceful restart and does not programme routes yet. */
  readonly recovering: boolean;
  readonly peers: readonly ObservedPeer[];
  /** BGP protocols that Calico did not make. */
  readonly others: readonly BgpProtocol[];
}

/** The BIRD of a family, or why there is no answer: a failure for each socket that was tried. */
export type BirdStatus = { readonly answer: BirdAnswer } | { readonly failures: readonly BirdFailure[] };

/** Asks the BIRDs of both families. Never throws: what went wrong is in the result. */
export async function readBirds(folders: readonly string[] = SOCKET_FOLDERS, limits?: Limits): Promise<Readonly<Record<Family, BirdStatus>>> {
  const [four, six] = await Promise.all(([4, 6] as const).map((family) => readBird(folders.map((folder) => `${folder}/${SOCKET_NAMES[family]}`), limits)));
  return { 4: four as BirdStatus, 6: six as BirdStatus };
}

/** Tries the next socket only where nothing could be reached at this one. */
async function readBird(paths: readonly string[], limits?: Limits): Promise<BirdStatus> {
  const failures: BirdFailure[] = [];
  for (const path of paths) {
    try {
      const [status, protocols] = await askBird(path, ['show status', 'show protocols all'], limits);
      return { answer: understand(path, status as Reply, protocols as Reply) };
    } catch (error) {
      if (!(error instanceof BirdFailure)) throw error;
      failures.push(error);
      if (error.reason !== 'missing' && error.reason !== 'nobody') break;
    }
  }
  return { failures };
}

/** What the replies to `show status` and `show protocols all` mean. Throws BirdFailure where they mean nothing. */
export function understand(path: string, status: Reply, protocols: Reply): BirdAnswer {
  const found = asTable(path, protocols);
  const peers = found.map(peerOf);
  const routerId = status.flatMap(({ text }) => /^Router ID is (\S+)$/.exec(text)?.[1] ?? [])[0];
  return {
    path,
    version: status.flatMap(({ code, text }) => (code === 1000 ? (/^BIRD (\S+)/.exec(text)?.[1] ?? []) : []))[0] ?? 'unknown',
    ...(routerId === undefined ? {} : { routerId }),
    recovering: status.some(({ code }) => code === 24),
    peers: peers.filter((peer) => peer !== undefined),
    others: found.filter((_, index) => peers[index] === undefined),
  };
}

function asTable(path: string, protocols: Reply): BgpProtocol[] {
  try {
    return parseProtocols(protocols);
  } catch (error) {
    if (error instanceof NotBirdError) throw new BirdFailure(path, 'garbage', `unknown BIRD table output format: ${error.message}`);
    throw error;
  }
}

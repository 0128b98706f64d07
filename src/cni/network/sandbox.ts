import { randomBytes } from 'node:crypto';
import { openNetwork } from '../../host/namespaces/network-file.js';
import { runIn, runWithin } from '../../host/run.js';
import { sideOf, type Side } from '../../host/workload/side.js';
import { CalicoError } from '../../base/errors.js';
import { FAILURE, Failure } from '../failure.js';

/** The network namespace of a container, which stays as long as it is open. */
export interface Sandbox {
  readonly path: string;
  /** The side of the container. */
  readonly side: Side;
  close(): void;
}

/** For how long a command in a container's namespace may take. */
const LIMIT_MS = 20_000;

/** Opens the namespace of a container. Throws Failure, code 8, where there is none, or it is that of the host: what we do there would cut the host off. */
export function openSandbox(path: string): Sandbox {
  const sandbox = findSandbox(path);
  if (sandbox === 'other') throw new Failure(FAILURE.invalidNamespace, `${path} is no network namespace`);
  if (sandbox === 'gone') throw new Failure(FAILURE.invalidNamespace, `the network namespace ${path} does not exist`);
  if (sandbox === 'ours') throw new Failure(FAILURE.invalidNamespace, `${path} is the network namespace that the plugin itself runs in, not that of a container`);
  return sandbox;
}

/** The same for what is to be taken away: where it is `gone`, or the path leads to what cannot be that of a container, there is nothing to be done. */
export function findSandbox(path: string): Sandbox | 'gone' | 'ours' | 'other' {
  if (path === '') return 'gone';
  let file: ReturnType<typeof openNetwork>;
  try {
    file = openNetwork(path);
  } catch (error) {
    // A file that a namespace was mounted on stays where it was unmounted and nobody removed it.
    if (error instanceof CalicoError && error.meaning === 'invalid-request') return 'other';
    throw new Failure(FAILURE.invalidNamespace, error instanceof CalicoError ? error.message : String(error));
  }
  if (file === undefined) return 'gone';
  if (file.isOurs) {
    file.close();
    return 'ours';
  }
  return { path: file.path, side: sideOf(runIn({ net: file.path }, runWithin(LIMIT_MS))), close: file.close };
}

/** A hardware address for one interface, as the kernel would choose one: we have to know it, and asking for it would take a process. */
export function randomMac(): string {
  const bytes = randomBytes(6);
  bytes[0] = ((bytes[0] ?? 0) & 0xfe) | 0x02;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

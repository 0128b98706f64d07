import { readFile } from 'node:fs/promises';
import { parseDuration } from '../go/duration.js';
import type { Log } from '../text/log.js';

/** What the environment of the node says of Docker's networks (reference/libnetwork 2). */
export interface LibnetworkSettings {
  /** What interfaces are called inside of containers, followed by a number. */
  readonly interfacePrefix: string;
  /** Whether a network gets a profile of its name, which lets its containers talk. */
  readonly createProfiles: boolean;
  /** Whether labels of containers become labels of their endpoints. */
  readonly labelEndpoints: boolean;
  /** For how long the container of a new endpoint is looked for. */
  readonly labelTimeoutMs: number;
  readonly mtu: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'CALICO_LIBNETWORK_';
const LABEL_TIMEOUT_MS = 5000;
/** The shortest packets that IPv4 allows, and the longest that an interface takes. */
const MTU = { least: 68, most: 65_535 };
/** Where the dataplane says how long packets may be on this host (reference/network-plugin 2). */
const MTU_FILE = '/var/lib/calico/mtu';

/** Whether this node is to serve Docker's networks at all. */
export function isEnabled(env: Environment): boolean {
  return env[`${PREFIX}ENABLED`]?.toLowerCase() === 'true';
}

/** Reads the settings; what cannot be read is told, and counts as not set. */
export function readSettings(env: Environment, log: Log): LibnetworkSettings {
  const given = (name: string): string | undefined => ((env[PREFIX + name] ?? '') === '' ? undefined : env[PREFIX + name]);
  const refuse = (name: string, what: string): undefined => {
    log.warning(`${PREFIX}${name}: ${JSON.stringify(given(name))} is no ${what}, and does not count`);
    return undefined;
  };
  const timeout = given('LABEL_POLL_TIMEOUT');
  const nanoseconds = timeout === undefined ? undefined : (parseDuration(timeout) ?? refuse('LABEL_POLL_TIMEOUT', 'length of time such as 5s'));
  const mtu = given('VETH_MTU');
  return {
    interfacePrefix: given('IFPREFIX') ?? 'cali',
    createProfiles: given('CREATE_PROFILES')?.toLowerCase() !== 'false',
    labelEndpoints: given('LABEL_ENDPOINTS')?.toLowerCase() === 'true',
    labelTimeoutMs: nanoseconds === undefined ? LABEL_TIMEOUT_MS : Number(nanoseconds / 1_000_000n),
    mtu: mtu === undefined ? undefined : (mtuOf(mtu) ?? refuse('VETH_MTU', `number from ${MTU.least} to ${MTU.most}`)),
  };
}

/** How long packets of a new interface may be: as it is set, else as the dataplane found out; undefined leaves it to the kernel. */
export async function currentMtu({ mtu }: LibnetworkSettings, file = MTU_FILE): Promise<number | undefined> {
  return mtu ?? mtuOf((await readFile(file, 'utf8').catch(() => '')).trim());
}

function mtuOf(text: string): number | undefined {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return number >= MTU.least && number <= MTU.most ? number : undefined;
}

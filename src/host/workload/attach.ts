import { createHash } from 'node:crypto';
import type { Namespaces } from '../namespaces/namespaces.js';
import { runIn, type Run } from '../run.js';
import { planInterface, type WorkloadInterface } from './interface-plan.js';

/** Writes settings that are given as PATH=VALUE, those that there are; a setting of a network is seen from inside of it only. */
const WRITE_SETTINGS = ['sh', '-c', 'for setting; do file=/proc/sys/${setting%%=*}; [ ! -e "$file" ] || printf %s "${setting#*=}" > "$file"; done', 'sh'] as const;

/** The prefix that names of workload interfaces have where settings name none. */
const PREFIX = 'cali';

/** The name of a pod's interface on its host: it follows from namespace and pod (reference/network-plugin 2). */
export function podInterfaceName(namespace: string, pod: string): string {
  return PREFIX + createHash('sha1').update(`${namespace}.${pod}`).digest('hex').slice(0, 11);
}

/**
 * Gives a workload its interface: a pair between its namespace and the host, with addresses, routes and settings on both sides. What is there
 * already under the name on the host's side goes first. Throws CalicoError with the step that failed.
 * @param host runs commands on the host
 * @param inside the namespaces of the workload
 */
export async function attachWorkload(host: Run, inside: Namespaces, wanted: WorkloadInterface): Promise<void> {
  const plan = planInterface(wanted);
  await detachWorkload(host, wanted.hostName);
  await host(IP_BATCH, text(plan.pair));
  await host([...WRITE_SETTINGS, ...plan.settings.map(([path, value]) => `${path}=${value}`)]);
  await host(IP_BATCH, text(plan.outside));
  await runIn(inside)(IP_BATCH, text(plan.inside));
}

/** Takes the interface away, on both sides. Where there is none, nothing happens. */
export async function detachWorkload(host: Run, hostName: string): Promise<void> {
  await host(['ip', '-force', '-batch', '-'], `link del ${hostName}\n`).catch(() => undefined);
}

/** Carries out lines as they come; the first that fails ends it. */
export const IP_BATCH = ['ip', '-batch', '-'] as const;

/** Lines as a program reads them. */
function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

import type { SimulatedHost } from './simulated-host.js';

/** What `node run` prints on a simulated host (test/support/simulated-host.ts). */

/** Time limits that a busy machine does not exceed. */
export const PATIENT: readonly string[] = ['--timeout=60s', '--start-timeout=120s'];

/** Name and address of the simulated host, found by first-found. */
export const CHOICE = `Using node name sim-host (the host name Sim-Host, in lower case).
Using IPv4 address 192.168.40.11/24 on interface eth0 (first-found: the interface with the highest index whose name is not excluded).
Passed over: peer0 (no global IPv4 address).
`;
/** Modules and settings of the kernel; in a network namespace one of them cannot be set. */
export const PREPARATION = `Running command to load modules: modprobe -a xt_set ip6_tables
Enabling IPv4 forwarding
Enabling IPv6 forwarding
Increasing conntrack limit
WARNING: Could not set nf_conntrack_max. This may have an impact at scale. (EACCES: permission denied, open '/proc/sys/net/netfilter/nf_conntrack_max')
`;
/** What the node image says, the agent's log aside. */
export const STARTED = `Container started, checking progress logs.

Calico node started successfully
`;

/** A line of the agent's log. */
const LOGGED = /^\d{4}-\d\d-\d\d [\d:.]+ \[\w+\]\[\d+\] .*\n/gm;

/** What is said of an address that an earlier container has left in the datastore. */
const REMEMBERED = 'Using IPv4 address 192.168.40.11/24, which the datastore has for node sim-host; it is on interface eth0.\n';

/**
 * Output without the agent's log, which has times in it and tells of every decision, and as for a host that had no container
 * before: which one had it found the address is not what tests of the engine ask about.
 */
export function withoutLog<T extends { readonly stdout: string }>(ended: T): T {
  return { ...ended, stdout: ended.stdout.replace(LOGGED, '').replaceAll(REMEMBERED, CHOICE.slice(CHOICE.indexOf('Using IPv4'))) };
}

/** Takes out of the etcd of a host what its containers have stored. */
export async function forgetNodes(host: SimulatedHost): Promise<void> {
  const { code, stderr } = await host.run(['etcdctl', 'del', '--prefix', '/calico/'], { env: { ETCDCTL_API: '3' } });
  if (code !== 0) throw new Error(stderr);
}

/** The same output whenever and wherever it is made: with other words for times, processes, versions and random networks. */
export function withoutChance(text: string): string {
  return text.replace(/^\d{4}-\d\d-\d\d [\d:.]+ (\[\w+\])\[\d+\]/gm, 'TIME $1').replace(/agent .*$/gm, 'agent VERSION').replace(/fd[0-9a-f]{2}:[0-9a-f:]+\/48/g, 'NETWORK');
}
/** The mounts of the classic dialect. */
export const MOUNTS = '-v /var/log/calico:/var/log/calico -v /var/run/calico:/var/run/calico -v /lib/modules:/lib/modules -v /run:/run -v /run/docker/plugins:/run/docker/plugins -v /var/run/docker.sock:/var/run/docker.sock';

/** What is printed from the removal of the old container to the command. */
export function command(image: string, { reason = '', variables = '', node = 'sim-host', etcd = 'http://127.0.0.1:2379' } = {}): string {
  return `Removing old calico-node container (if running).${reason}
Running the following command to start calico-node:

docker run --net=host --privileged --name=calico-node -d --restart=always -e NODENAME=${node} -e CALICO_NETWORKING_BACKEND=bird -e CALICO_LIBNETWORK_ENABLED=true -e ETCD_ENDPOINTS=${etcd}${variables} ${MOUNTS} ${image}

`;
}

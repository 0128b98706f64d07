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
/** What the node image says. */
export const STARTED = `Container started, checking progress logs.

Using IPv4 address: 192.168.40.11
Using node name: sim-host
Calico node started successfully
`;
/** The mounts of the classic dialect. */
export const MOUNTS = '-v /var/log/calico:/var/log/calico -v /var/run/calico:/var/run/calico -v /lib/modules:/lib/modules -v /run:/run -v /run/docker/plugins:/run/docker/plugins -v /var/run/docker.sock:/var/run/docker.sock';

/** What is printed from the removal of the old container to the command. */
export function command(image: string, { reason = '', variables = '' } = {}): string {
  return `Removing old calico-node container (if running).${reason}
Running the following command to start calico-node:

docker run --net=host --privileged --name=calico-node -d --restart=always -e NODENAME=sim-host -e CALICO_NETWORKING_BACKEND=bird -e CALICO_LIBNETWORK_ENABLED=true -e ETCD_ENDPOINTS=http://127.0.0.1:2379${variables} ${MOUNTS} ${image}

`;
}

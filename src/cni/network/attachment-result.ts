import { HOST_MAC, single } from '../../host/workload/interface-plan.js';
import type { Ip } from '../../net/address.js';
import type { Result } from '../result.js';

/** What a container has got. */
export interface Made {
  readonly hostName: string;
  readonly ifname: string;
  readonly mac: string | undefined;
  readonly mtu: number | undefined;
  /** As the runtime names it. */
  readonly netns: string;
  readonly addresses: readonly Ip[];
}

/**
 * The result of an ADD (reference/network-plugin 12.5): both ends of the interface, and each address as a network of its own. Routes and DNS are those
 * of the address management.
 */
export function attachmentResult({ hostName, ifname, mac, mtu, netns, addresses }: Made, { routes, dns }: Pick<Result, 'routes' | 'dns'> = {}): Result {
  return {
    interfaces: [
      { name: hostName, mac: HOST_MAC, mtu },
      { name: ifname, mac, mtu, sandbox: netns },
    ],
    ips: addresses.map((ip) => ({ address: single(ip), interface: 1 })),
    ...(routes !== undefined && { routes }),
    ...(dns !== undefined && { dns }),
  };
}

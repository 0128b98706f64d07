import { CalicoError } from '../../base/errors.js';
import { parseIp, type Ip } from '../../net/address.js';
import { runProgram } from '../program.js';

export interface HostAddress {
  readonly ip: Ip;
  readonly length: number;
}

/** An interface of this host, up or down. */
export interface HostInterface {
  readonly index: number;
  readonly name: string;
  readonly addresses: readonly HostAddress[];
}

/** Some versions of ip put an empty object where an interface was filtered out. */
interface ListedInterface {
  readonly ifindex?: number;
  readonly ifname?: string;
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number }[];
}

/** The interfaces in the network namespace that we run in, as `ip` lists them. Throws CalicoError. */
export async function listInterfaces(): Promise<HostInterface[]> {
  const end = await runProgram('ip', ['-json', 'address', 'show']).catch((error: unknown) => ({ code: null, stdout: '', stderr: (error as Error).message }));
  if (end.code !== 0) throw new CalicoError('failed', `the interfaces of this host cannot be listed: ip -json address show: ${end.stderr.trim()}`, { hint: 'install iproute2' });
  return readInterfaces(end.stdout);
}

/** Reads what `ip -json address show` printed. */
export function readInterfaces(json: string): HostInterface[] {
  const listed = JSON.parse(json) as ListedInterface[];
  return listed.flatMap(({ ifindex: index, ifname: name, addr_info: listedAddresses = [] }) => {
    if (index === undefined || name === undefined) return [];
    const addresses = listedAddresses.flatMap(({ local, prefixlen }) => {
      const ip = parseIp(local ?? '');
      return ip === undefined || prefixlen === undefined ? [] : [{ ip, length: prefixlen }];
    });
    return [{ index, name, addresses }];
  });
}

/** The address that the kernel would send from to a target; undefined where it has no route. Nothing is sent. */
export async function sourceAddressTo(target: string, version: 4 | 6): Promise<string | undefined> {
  const { createSocket } = await import('node:dgram');
  const socket = createSocket(version === 4 ? 'udp4' : 'udp6');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(80, target, () => resolve());
    });
    return socket.address().address;
  } catch {
    return undefined;
  } finally {
    socket.close();
  }
}

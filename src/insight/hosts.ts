import { CalicoError } from '../base/errors.js';
import { isMap } from '../base/data.js';
import { parseCidrOrIp } from '../net/address.js';
import type { HostInterfaces } from '../policy/host.js';

/**
 * Reads the interfaces of hosts, as JSON in the form of `HostInterfaces`.
 * @param name what the text is called in messages
 * @throws CalicoError where it is anything else
 */
export function readHosts(name: string, text: string): HostInterfaces {
  const problem = (message: string): CalicoError =>
    new CalicoError('invalid-document', `${name}: ${message}`, { hint: 'write for example {"host1": {"interfaces": {"eth0": ["10.0.0.1"]}}}' });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw problem(`this is not JSON: ${(error as Error).message}`);
  }
  if (!isMap(value)) throw problem('this is not a JSON object');
  const hosts = new Map<string, HostInterfaces[string]>();
  for (const [host, said] of Object.entries(value)) {
    if (!isMap(said) || !isMap(said['interfaces'])) throw problem(`${host} has no interfaces`);
    const interfaces: Record<string, readonly string[]> = {};
    for (const [each, addresses] of Object.entries(said['interfaces'])) {
      if (!Array.isArray(addresses)) throw problem(`${host}.interfaces.${each}: expected a list of addresses`);
      interfaces[each] = addresses.map((address: unknown) => {
        if (typeof address === 'string' && parseCidrOrIp(address) !== undefined) return address;
        throw problem(`${host}.interfaces.${each}: ${JSON.stringify(address)} is not an address`);
      });
    }
    hosts.set(host, { interfaces });
  }
  return Object.fromEntries(hosts);
}

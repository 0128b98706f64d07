import { bits, mask, type Cidr, type Ip } from '../net/address.js';

type Family = Map<number, Map<number | bigint, unknown[]>>;

/** Values by network, found by any address in the network. */
export class NetworkIndex<T> {
  private readonly families: Readonly<Record<4 | 6, Family>> = { 4: new Map(), 6: new Map() };

  add({ address, length }: Cidr, value: T): void {
    const family = this.families[address.version];
    let networks = family.get(length);
    if (networks === undefined) family.set(length, (networks = new Map<number | bigint, unknown[]>()));
    const first = mask(address, length).value;
    const values = networks.get(first);
    if (values === undefined) networks.set(first, [value]);
    else if (!values.includes(value)) values.push(value);
  }

  /** The values of all networks that hold the address, each once. */
  find(ip: Ip): T[] {
    const found: T[] = [];
    for (const [length, networks] of this.families[ip.version]) {
      const values = networks.get(length === bits(ip) ? ip.value : mask(ip, length).value) as T[] | undefined;
      for (const value of values ?? []) if (!found.includes(value)) found.push(value);
    }
    return found;
  }
}

import { bits, formatCidr, formatIp, mask, network, type Cidr } from '../../../net/address.js';
import type { Family } from '../../desired.js';

/** Something that can be in a set, of one family. */
export interface Member {
  readonly family: Family;
  readonly text: string;
  /** Of a network; without it nothing holds another one. */
  readonly net?: Cidr;
}

/** The members that a network comes to: the kernel takes no network of length 0, but the two halves of it. */
export function membersOfNet(net: Cidr): readonly Member[] {
  const family = net.address.version;
  if (net.length === 0) return (family === 4 ? ['0.0.0.0/1', '128.0.0.0/1'] : ['::/1', '8000::/1']).map((text) => ({ family, text }));
  const masked = network(net);
  return [{ family, text: masked.length === bits(net.address) ? formatIp(masked.address) : formatCidr(masked), net: masked }];
}

/** The members of one set in one family: each is there as long as one of its owners is, and not where another one holds it. */
export class Members {
  private readonly counts = new Map<string, { readonly member: Member; count: number }>();
  /** The networks of each length, by the number of their address. */
  private readonly byLength = new Map<number, Set<number | bigint>>();
  private isChanged = false;
  private shown: ReadonlySet<string> = new Set();

  add(member: Member): void {
    const known = this.counts.get(member.text);
    if (known !== undefined) {
      known.count++;
      return;
    }
    this.counts.set(member.text, { member, count: 1 });
    this.isChanged = true;
    if (member.net === undefined) return;
    const { length, address: { value } } = member.net;
    const same = this.byLength.get(length);
    if (same === undefined) this.byLength.set(length, new Set([value]));
    else same.add(value);
  }

  remove(member: Member): void {
    const known = this.counts.get(member.text);
    if (known === undefined || --known.count > 0) return;
    this.counts.delete(member.text);
    this.isChanged = true;
    if (member.net === undefined) return;
    const { length, address: { value } } = member.net;
    const same = this.byLength.get(length)!;
    same.delete(value);
    if (same.size === 0) this.byLength.delete(length);
  }

  /** The members as the kernel shows them; the same object as long as they are the same. */
  get texts(): ReadonlySet<string> {
    if (!this.isChanged) return this.shown;
    this.isChanged = false;
    const texts = this.byLength.size < 2 ? new Set(this.counts.keys()) : this.outermost();
    if (texts.size !== this.shown.size || [...texts].some((text) => !this.shown.has(text))) this.shown = texts;
    return this.shown;
  }

  private outermost(): Set<string> {
    const lengths = [...this.byLength].sort(([left], [right]) => left - right);
    const isInside = ({ address, length }: Cidr): boolean => lengths.some(([shorter, values]) => shorter < length && values.has(mask(address, shorter).value));
    const texts = new Set<string>();
    for (const [text, { member: { net } }] of this.counts) if (net === undefined || !isInside(net)) texts.add(text);
    return texts;
  }
}

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { BlockList, isIP } from 'node:net';
import {
  addressAt, compareIp, containsCidr, containsIp, enclosing, formatCidr, formatIp, isMasked, network, ordinalOf, overlaps, parseCidr, parseCidrOrIp, parseIp, addressCount, subnetAt,
  type Cidr, type Ip,
} from '../../src/net/address.js';
import { propertyRuns } from '../support/runs.js';

/** What Go's net.ParseIP makes of a text: the printed address, or undefined. */
const ADDRESSES: Record<string, string | undefined> = {
  '10.0.0.1': '10.0.0.1',
  '0.0.0.0': '0.0.0.0',
  '255.255.255.255': '255.255.255.255',
  '010.0.0.1': undefined,
  '10.0.0.00': undefined,
  '10.0.0': undefined,
  '10.0.0.1.2': undefined,
  '10.0.0.256': undefined,
  '10.0.0.': undefined,
  '.10.0.0': undefined,
  '10..0.1': undefined,
  ' 10.0.0.1': undefined,
  '10.0.0.1 ': undefined,
  '10.0.0.1/32': undefined,
  '+1.2.3.4': undefined,
  '0x1.2.3.4': undefined,
  '': undefined,
  bogus: undefined,
  '::': '::',
  '::1': '::1',
  '1::': '1::',
  'FD00:0001:0033:0000:0000:0000:0000:001F': 'fd00:1:33::1f',
  '2001:db8:0:0:1:0:0:1': '2001:db8::1:0:0:1',
  '2001:db8:0:1:1:1:1:1': '2001:db8:0:1:1:1:1:1',
  '1:0:0:2:0:0:0:3': '1:0:0:2::3',
  '::ffff:10.1.33.1': '10.1.33.1',
  '::ffff:a01:2101': '10.1.33.1',
  '0:0:0:0:0:ffff:1.2.3.4': '1.2.3.4',
  '::1.2.3.4': '::102:304',
  '64:ff9b::1.2.3.4': '64:ff9b::102:304',
  '::ffff:1.2.3.04': undefined,
  '1:2:3:4:5:6:7:8': '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7::': '1:2:3:4:5:6:7:0',
  '::2:3:4:5:6:7:8': '0:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7': undefined,
  '1:2:3:4:5:6:7:8:9': undefined,
  '1:2:3:4:5:6:7:8::': undefined,
  '1:2:3:4:5:6:7:1.2.3.4': undefined,
  '1::2::3': undefined,
  ':::': undefined,
  '1:': undefined,
  ':1': undefined,
  '12345::': undefined,
  '::g': undefined,
  'fe80::1%eth0': undefined,
  '[::1]': undefined,
  '::1.2.3.4:5': undefined,
};

/** What Go's net.ParseCIDR makes of a text: address and length as written, and the network. */
const NETWORKS: Record<string, [string, string] | undefined> = {
  '10.0.0.5/24': ['10.0.0.5/24', '10.0.0.0/24'],
  '10.0.0.5/024': ['10.0.0.5/24', '10.0.0.0/24'],
  '10.0.0.5/0000000000000000000000000032': ['10.0.0.5/32', '10.0.0.5/32'],
  '10.0.0.5/0': ['10.0.0.5/0', '0.0.0.0/0'],
  'fd00::5/64': ['fd00::5/64', 'fd00::/64'],
  '::/0': ['::/0', '::/0'],
  '::ffff:1.2.3.4/120': ['1.2.3.4/24', '1.2.3.0/24'],
  '::ffff:1.2.3.4/96': ['1.2.3.4/0', '0.0.0.0/0'],
  '10.0.0.5/33': undefined,
  'fd00::5/129': undefined,
  '10.0.0.5': undefined,
  '10.0.0.5/': undefined,
  '/24': undefined,
  '10.0.0.5/-1': undefined,
  '10.0.0.5/+8': undefined,
  '10.0.0.5/ 8': undefined,
  '10.0.0.5/8/8': undefined,
  '10.0.0/8': undefined,
  'fe80::1%eth0/64': undefined,
};

const four = fc.integer({ min: 0, max: 0xffff_ffff }).map((value): Ip => ({ version: 4, value }));
const six = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .map((groups): Ip => ({ version: 6, value: groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n) }))
  .filter(({ value }) => (value as bigint) >> 32n !== 0xffffn);
const anyIp = fc.oneof(four, six);
const anyCidr = anyIp.chain((address) => fc.integer({ min: 0, max: address.version === 4 ? 32 : 128 }).map((length): Cidr => ({ address, length })));
/** Pairs that often have to do with each other. */
const cidrAndIp = anyCidr.chain((cidr) => fc.tuple(fc.constant(cidr), fc.oneof(anyIp, fc.bigInt(0n, addressCount(cidr) - 1n).map((ordinal) => addressAt(cidr, ordinal)))));

describe('addresses', () => {
  it('are read as Go reads them', () => {
    const read = Object.fromEntries(Object.keys(ADDRESSES).map((text) => [text, printed(parseIp(text))]));
    expect(read).to.deep.equal(ADDRESSES);
  });

  it('in networks are read as Go reads them', () => {
    const read = Object.fromEntries(
      Object.keys(NETWORKS).map((text) => {
        const cidr = parseCidr(text);
        return [text, cidr && [formatCidr(cidr), formatCidr(network(cidr))]];
      }),
    );
    expect(read).to.deep.equal(NETWORKS);
  });

  it('alone are networks of one address', () => {
    expect(['10.0.0.1', 'fd00::1', '10.0.0.1/8', 'x'].map((text) => parseCidrOrIp(text)).map((cidr) => cidr && formatCidr(cidr))).to.deep.equal(['10.0.0.1/32', 'fd00::1/128', '10.0.0.1/8', undefined]);
  });

  it('are read again as they are printed', () => {
    fc.assert(fc.property(anyIp, (ip) => { expect(parseIp(formatIp(ip))).to.deep.equal(ip); }), propertyRuns());
    fc.assert(fc.property(anyCidr, (cidr) => { expect(parseCidr(formatCidr(cidr))).to.deep.equal(cidr); }), propertyRuns());
  }).timeout(900_000);

  it('are recognised where Node recognises them', () => {
    const piece = fc.constantFrom('0', '1', '10', '255', '256', '00', 'ffff', 'FF', 'fffff', '.', ':', '::', '1.2.3.4', '%', ' ');
    const text = fc.oneof(fc.ipV4(), fc.ipV6(), fc.array(piece, { maxLength: 16 }).map((parts) => parts.join('')));
    fc.assert(fc.property(text, (written) => { expect(parseIp(written) !== undefined).to.equal(isIP(written) !== 0 && !written.includes('%')); }), propertyRuns());
  }).timeout(900_000);

  it('lie in networks as Node sees it', () => {
    fc.assert(
      fc.property(cidrAndIp, ([cidr, ip]) => {
        const list = new BlockList();
        list.addSubnet(formatIp(cidr.address), cidr.length, family(cidr.address));
        // Node takes an IPv4 address as part of ::ffff:0:0/96; for address management the families are apart.
        expect(containsIp(cidr, ip)).to.equal(cidr.address.version === ip.version && list.check(formatIp(ip), family(ip)));
      }),
      propertyRuns(),
    );
  }).timeout(900_000);

  it('and their networks follow plain arithmetic', () => {
    fc.assert(
      fc.property(cidrAndIp, anyCidr, ([cidr, ip], other) => {
        const [first, last] = bounds(cidr);
        const [otherFirst, otherLast] = bounds(other);
        const related = cidr.address.version === other.address.version;
        expect({
          size: addressCount(cidr),
          masked: isMasked(cidr),
          network: BigInt(network(cidr).address.value),
          last: BigInt(addressAt(cidr, addressCount(cidr) - 1n).value),
          overlaps: overlaps(cidr, other),
          contains: containsCidr(cidr, other),
          ordinal: ordinalOf(cidr, ip),
        }).to.deep.equal({
          size: last - first + 1n,
          masked: BigInt(cidr.address.value) === first,
          network: first,
          last,
          overlaps: related && first <= otherLast && otherFirst <= last,
          contains: related && first <= otherFirst && otherLast <= last,
          ordinal: ip.version === cidr.address.version && BigInt(ip.value) >= first && BigInt(ip.value) <= last ? Number(BigInt(ip.value) - first) : undefined,
        });
      }),
      propertyRuns(),
    );
  }).timeout(900_000);

  it('have blocks around them, numbered from the start of the pool', () => {
    const pool = parseCidr('10.64.0.0/10')!;
    expect(formatCidr(enclosing(parseIp('10.64.1.70')!, 26))).to.equal('10.64.1.64/26');
    expect(formatCidr(subnetAt(pool, 26, 5))).to.equal('10.64.1.64/26');
    expect(formatCidr(subnetAt(parseCidr('fd00:10::/64')!, 122, (1n << 58n) - 1n))).to.equal('fd00:10::ffff:ffff:ffff:ffc0/122');
  });

  it('are ordered by family, then by number', () => {
    const sorted = ['fd00::2', '10.0.0.10', '::1', '10.0.0.9', '200.0.0.1'].map((text) => parseIp(text)!).sort(compareIp);
    expect(sorted.map(formatIp)).to.deep.equal(['10.0.0.9', '10.0.0.10', '200.0.0.1', '::1', 'fd00::2']);
  });
});

function printed(ip: Ip | undefined): string | undefined {
  return ip === undefined ? undefined : formatIp(ip);
}

function family(ip: Ip): 'ipv4' | 'ipv6' {
  return ip.version === 4 ? 'ipv4' : 'ipv6';
}

/** First and last address by shifting alone. */
function bounds({ address, length }: Cidr): [bigint, bigint] {
  const host = BigInt((address.version === 4 ? 32 : 128) - length);
  const first = (BigInt(address.value) >> host) << host;
  return [first, first + (1n << host) - 1n];
}

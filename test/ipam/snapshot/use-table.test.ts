import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseIp, type Ip } from '../../../src/net/address.js';
import { UseTable } from '../../../src/ipam/snapshot/use-table.js';
import type { Use } from '../../../src/ipam/cluster/uses.js';
import { propertyRuns } from '../../support/runs.js';

const ADDRESSES = ['0.0.0.0', '10.0.0.1', '127.255.255.255', '128.0.0.0', '255.255.255.255', '::', '::1', 'fd00::1', 'ffff::ffff'].map((text) => parseIp(text)!);
const KINDS: readonly Pick<Use, 'kind' | 'tunnel'>[] = [{ kind: 'workload' }, { kind: 'node' }, { kind: 'tunnel', tunnel: 'ipip' }, { kind: 'tunnel', tunnel: 'wireguardV6' }];
const use = fc.record({ kind: fc.constantFrom(...KINDS), name: fc.constantFrom('a', 'ns/b', 'ß'), node: fc.constantFrom('', 'n1', 'n2') }).map(({ kind, ...rest }): Use => ({ ...kind, ...rest }));

describe('who uses each address', () => {
  it('is told as by a list of all', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...ADDRESSES), use), { maxLength: 20 }), (added) => {
        const table = new UseTable();
        for (const [ip, each] of added) table.add(ip, each);
        const used = [...new Set(added.map(([ip]) => ip))];
        const usersOf = (ip: Ip): Use[] => added.filter(([other]) => other === ip).map(([, each]) => each);
        const isGiven = (ip: Ip): boolean => usersOf(ip).some(({ kind }) => kind !== 'node');
        const numberOf = (kind: Use['kind']): number => added.filter(([, each]) => each.kind === kind).length;
        expect(ADDRESSES.map((ip) => [table.get(ip), table.isGiven(ip)])).to.deep.equal(ADDRESSES.map((ip) => [usersOf(ip), isGiven(ip)]));
        expect([...table.places()].map((place) => [table.ipAt(place), place])).to.deep.equal(used.map((ip) => [ip, table.placeOf(ip)]));
        expect(used.map((ip) => table.placeOf(ip))).to.deep.equal(used.map((ip) => added.findIndex(([other]) => other === ip)));
        expect([...table.shared()]).to.deep.equal(used.filter((ip) => usersOf(ip).length > 1).map((ip) => [ip, usersOf(ip)]));
        expect([table.size, table.counts()]).to.deep.equal([added.length, { workload: numberOf('workload'), tunnel: numberOf('tunnel'), node: numberOf('node'), given: used.filter(isGiven).length }]);
      }),
      propertyRuns(5_000),
    );
  });

  it('is told of many addresses, near each other and far apart', () => {
    const ips = Array.from({ length: 30_000 }, (_, index): Ip => (index % 3 === 0 ? { version: 6, value: (0xfd00n << 112n) + BigInt(index) * 977n } : { version: 4, value: (index * 77_777) % 2 ** 32 }));
    const table = new UseTable();
    for (const [index, ip] of ips.entries()) table.add(ip, { kind: 'workload', name: `ns/${index}`, node: `n${index % 7}` });
    expect(ips.filter((ip, index) => table.placeOf(ip) !== index || table.get(ip)[0]?.name !== `ns/${index}`)).to.deep.equal([]);
    expect([...table.places()].map((place) => table.ipAt(place))).to.deep.equal(ips);
    expect(ips.map(({ version, value }) => table.isGiven(version === 4 ? { version, value: value ^ 1 } : { version, value: value ^ 1n })).filter(Boolean)).to.deep.equal([]);
  });
});

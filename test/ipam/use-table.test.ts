import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseIp, type Ip } from '../../src/ipam/address.js';
import { UseTable } from '../../src/ipam/use-table.js';
import type { Use } from '../../src/ipam/uses.js';
import { propertyRuns } from '../support/runs.js';

const ADDRESSES = ['0.0.0.0', '10.0.0.1', '127.255.255.255', '128.0.0.0', '255.255.255.255', '::', '::1', 'fd00::1', 'ffff::ffff'].map((text) => parseIp(text)!);
const use = fc.record({ kind: fc.constantFrom<Use['kind']>('workload', 'tunnel', 'node'), name: fc.constantFrom('a', 'ns/b', 'ß'), node: fc.constantFrom('', 'n1', 'n2') });

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
        expect([...table.places()]).to.deep.equal(used.map((ip) => [ip, table.placeOf(ip)]));
        expect(used.map((ip) => table.placeOf(ip))).to.deep.equal(used.map((ip) => added.findIndex(([other]) => other === ip)));
        expect([...table.shared()]).to.deep.equal(used.filter((ip) => usersOf(ip).length > 1).map((ip) => [ip, usersOf(ip)]));
        expect([table.size, table.counts()]).to.deep.equal([added.length, { workload: numberOf('workload'), tunnel: numberOf('tunnel'), node: numberOf('node'), given: used.filter(isGiven).length }]);
      }),
      propertyRuns(5_000),
    );
  });
});

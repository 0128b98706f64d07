import { expect } from 'chai';
import { describe, it } from 'mocha';
import { formatCidr, parseIp } from '../../src/net/address.js';
import { assignAddress } from '../../src/ipam/operations/assign-address.js';
import { check } from '../../src/ipam/check/check.js';
import { lookUpAddress } from '../../src/ipam/operations/lookup.js';
import { releaseIps } from '../../src/ipam/operations/release-unused.js';
import { readIpamSnapshot } from '../../src/ipam/snapshot/snapshot.js';
import { MemoryStore } from '../support/memory-store.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org/';
const FAMILIES = [
  { pool: '10.0.0.0/24', blockSize: 29, outer: '10.0.0.0/29', inner: '10.0.0.0/30', given: '10.0.0.3', other: '10.0.0.6' },
  { pool: 'fd00::/120', blockSize: 125, outer: 'fd00::/125', inner: 'fd00::/126', given: 'fd00::3', other: 'fd00::6' },
];

describe('a block of another size inside the one that the pool says', () => {
  for (const { pool, blockSize, outer, inner, given, other } of FAMILIES) {
    /** The larger block has given out its third but last address, the smaller one its last. */
    const stored = (): MemoryStore => new MemoryStore({
      [`${RESOURCES}ippools/pool`]: JSON.stringify({ metadata: { name: 'pool' }, spec: { cidr: pool, blockSize } }),
      [`${RESOURCES}nodes/node-a`]: JSON.stringify({ metadata: { name: 'node-a' }, spec: {} }),
      ...blockOf(outer, 8, 6),
      ...blockOf(inner, 4, 3),
    });

    it(`${inner}: its address is found in it`, async () => {
      const facts = await lookUpAddress(stored(), parseIp(given)!);
      expect([facts.block && formatCidr(facts.block.cidr), facts.allocation?.sequence]).to.deep.equal([inner, 5n]);
    });

    it(`${inner}: its address is not given out again by the other block`, async () => {
      const refused = await assignAddress(stored(), { ip: parseIp(given)!, host: 'node-a', owner: { handle: 'h', attributes: undefined } }).catch((error: unknown) => (error as Error).message);
      expect(refused).to.equal(`${given} is already assigned`);
    });

    it(`${inner}: one release of both addresses frees each in its block`, async () => {
      const store = stored();
      const answers = await releaseIps(store, [parseIp(given)!, parseIp(other)!], {});
      expect(answers.map(({ outcome }) => outcome)).to.deep.equal(['released', 'released']);
      const { blocks } = await readIpamSnapshot(store);
      expect(blocks.map(({ used }) => used)).to.deep.equal([0, 0]);
    });

    it(`${inner}: an address that both have given out is named`, async () => {
      const store = new MemoryStore({ ...stored().content(), ...blockOf(outer, 8, 3) });
      const found = check(await readIpamSnapshot(store)).findings.find(({ code }) => code === 'overlapping-blocks');
      expect([found?.subject, found?.evidence]).to.deep.equal([inner, `it lies in block ${outer}; both have allocated ${given}`]);
    });
  }
});

function blockOf(cidr: string, size: number, given: number): Record<string, string> {
  const ordinals = Array.from({ length: size }, (_, ordinal) => ordinal);
  const block = {
    cidr, affinity: 'host:node-a', allocations: ordinals.map((ordinal) => (ordinal === given ? 0 : null)), unallocated: ordinals.filter((ordinal) => ordinal !== given),
    attributes: [{}], sequenceNumber: 6, sequenceNumberForAllocation: { [given]: 5 }, deleted: false,
  };
  const [family, key] = [cidr.includes(':') ? 'ipv6' : 'ipv4', cidr.replace('/', '-')];
  return {
    [`/calico/ipam/v2/assignment/${family}/block/${key}`]: JSON.stringify(block),
    [`/calico/ipam/v2/host/node-a/${family}/block/${key}`]: '{"state":"confirmed","deleted":false}',
  };
}

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { contains, intersect, subtract, unionOf, type IntervalSet } from '../../src/policy/interval-set.js';
import { allPackets, holdsPacket, join, merged, ofProtocol, overlap, without, type PacketSet } from '../../src/policy/packet-set.js';
import type { Packet } from '../../src/policy/packet.js';

const SMALL = Array.from({ length: 12 }, (_, at) => at);
const numbers = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 4 }).map(unionOf);
const some = numbers.filter((set) => set.length > 0);
const boxes = fc.array(fc.record({ protocols: some, first: some, second: some }), { maxLength: 3 }).map((list) => list.reduce<PacketSet>((set, box) => join(set, [box]), []));

function isIn(set: PacketSet, protocol: number, first: number, second: number): boolean {
  return holdsPacket(set, { protocol, sourcePort: first, destinationPort: second } as Packet);
}

/** How many of the packets of a small space are where they should be. */
function agree(set: PacketSet, wanted: (protocol: number, first: number, second: number) => boolean): boolean {
  return SMALL.every((protocol) => SMALL.every((first) => SMALL.every((second) => isIn(set, protocol, first, second) === wanted(protocol, first, second))));
}

describe('sets of numbers and of packets', () => {
  it('intersect and subtract numbers as one by one', () => {
    const each = (set: IntervalSet): readonly number[] => SMALL.filter((value) => contains(set, value));
    fc.assert(fc.property(numbers, numbers, (left, right) => {
      expect(each(intersect(left, right))).to.deep.equal(each(left).filter((value) => contains(right, value)));
      expect(each(subtract(left, right))).to.deep.equal(each(left).filter((value) => !contains(right, value)));
    }));
  });

  it('overlap, join, leave out and merge packets as one by one', () => {
    fc.assert(fc.property(boxes, boxes, (left, right) => {
      expect(agree(overlap(left, right), (...at) => isIn(left, ...at) && isIn(right, ...at))).to.equal(true);
      expect(agree(join(left, right), (...at) => isIn(left, ...at) || isIn(right, ...at))).to.equal(true);
      expect(agree(without(left, right), (...at) => isIn(left, ...at) && !isIn(right, ...at))).to.equal(true);
      expect(agree(merged(left), (...at) => isIn(left, ...at))).to.equal(true);
    }), { numRuns: 60 });
  });

  it('of a protocol are one box', () => {
    for (const version of [4, 6] as const) for (const protocol of [1, 6, 17, 47, 58, 255]) expect(ofProtocol(version, protocol).length).to.equal(without(allPackets(version), without(allPackets(version), ofProtocol(version, protocol))).length).and.at.most(1);
  });

  it('have no packet in two boxes', () => {
    fc.assert(fc.property(boxes, boxes, (left, right) => {
      const set = join(left, right);
      expect(set.every((box, at) => set.every((other, index) => at === index || overlap([box], [other]).length === 0))).to.equal(true);
    }));
  });
});

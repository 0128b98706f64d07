import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseCidr } from '../../../src/net/address.js';
import { newBlock } from '../../../src/ipam/records/block.js';
import type { Block } from '../../../src/ipam/records/block-codec.js';
import { faultsOf, soundBlock } from '../../../src/ipam/records/inspect.js';
import { propertyRuns } from '../../support/runs.js';

const CIDR = parseCidr('10.0.0.0/30')!;
const SIZE = 4;

/** A block of four addresses with at most two attributes; about half of them contradict themselves. */
const block = fc.record({ allocations: fc.array(fc.constantFrom(null, 0, 1), { minLength: 3, maxLength: 5 }), attributes: fc.constantFrom(1, 2), turn: fc.nat(3), extra: fc.option(fc.integer({ min: -1, max: 4 })), replaced: fc.option(fc.tuple(fc.nat(3), fc.nat(3))) }).map(
  ({ allocations, attributes, turn, extra, replaced }): Block => {
    const free = [...allocations.keys()].filter((ordinal) => allocations[ordinal] === null);
    const queue = [...free.slice(turn), ...free.slice(0, turn), ...(extra === null ? [] : [extra])];
    if (replaced !== null && queue.length > 0) queue[replaced[0] % queue.length] = replaced[1];
    return { ...newBlock(CIDR, 'host:n', 1n), allocations, attributes: Array.from({ length: attributes }, () => ({})), unallocated: queue };
  },
);

/** By the definition: every address is offered once, or has an attribute that is there. */
function isSound({ allocations, attributes, unallocated }: Block): boolean {
  const free = [...allocations.keys()].filter((ordinal) => allocations[ordinal] === null);
  const known = allocations.every((index) => index === null || index < attributes!.length);
  return allocations.length === SIZE && known && JSON.stringify([...unallocated].sort()) === JSON.stringify(free);
}

describe('contradictions in a block', () => {
  it('are found where there are some, and nowhere else', () => {
    fc.assert(
      fc.property(block, (each) => {
        expect(faultsOf(each).length === 0).to.equal(isSound(each));
      }),
      propertyRuns(),
    );
  });

  it('are gone from the repaired block, which has no address fewer', () => {
    fc.assert(
      fc.property(block, (each) => {
        const repaired = soundBlock(each);
        expect(faultsOf(repaired)).to.deep.equal([]);
        expect(repaired.allocations.map((index) => index !== null)).to.deep.equal(Array.from({ length: SIZE }, (_, ordinal) => (each.allocations[ordinal] ?? null) !== null));
      }),
      propertyRuns(),
    );
  });

  it('are named each: a queue as long as it should be that has one address twice and lacks another', () => {
    const twice = { ...newBlock(CIDR, 'host:n', 1n), unallocated: [0, 1, 1, 3] };
    expect(faultsOf(twice)).to.deep.equal(['its queue of free addresses names some addresses twice', 'the free addresses no. 2 are missing from its queue']);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseCidr } from '../../../src/net/address.js';
import { assign, claimTimeText, clearAffinity, freeOrdinals, isDisposable, isEmpty, newBlock, release, releaseHandle, WINDOWS_RESERVED_HANDLE } from '../../../src/ipam/records/block.js';
import { decodeBlock, encodeBlock, isUnreadable, type Block } from '../../../src/ipam/records/block-codec.js';
import { propertyRuns } from '../../support/runs.js';
import { violations } from '../../../scripts/support/ipam-invariants.js';

const CIDR = parseCidr('10.1.0.0/29')!;
const KEY = '/calico/ipam/v2/assignment/ipv4/block/10.1.0.0-29';
const START = 1_795_000_000_000_000_000n;

type BlockStep =
  | { readonly do: 'assign'; readonly count: number; readonly handle: string | undefined; readonly pod: string | undefined }
  | { readonly do: 'release'; readonly ordinals: readonly number[]; readonly handle: string | undefined; readonly staleSequence: boolean }
  | { readonly do: 'releaseHandle'; readonly handle: string }
  | { readonly do: 'clear' };

const handle = fc.constantFrom('a', 'b', 'c');
const anyStep: fc.Arbitrary<BlockStep> = fc.oneof(
  fc.record({ do: fc.constant('assign' as const), count: fc.integer({ min: 1, max: 4 }), handle: fc.option(handle, { nil: undefined }), pod: fc.option(fc.constantFrom('p', 'q'), { nil: undefined }) }),
  fc.record({ do: fc.constant('release' as const), ordinals: fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 4 }), handle: fc.option(handle, { nil: undefined }), staleSequence: fc.boolean() }),
  fc.record({ do: fc.constant('releaseHandle' as const), handle }),
  fc.record({ do: fc.constant('clear' as const) }),
);

/** The rules in the plainest form: who has each ordinal since which write, and the queue. */
class Model {
  readonly taken = new Map<number, { handle: string | undefined; pod: string | undefined; since: bigint }>();
  queue = [0, 1, 2, 3, 4, 5, 6, 7];
  writes = START;
  claimed = true;

  assign(ordinals: readonly number[], owner: { handle: string | undefined; pod: string | undefined }): void {
    for (const ordinal of ordinals) this.taken.set(ordinal, { ...owner, since: this.writes });
    this.queue = this.queue.filter((ordinal) => !ordinals.includes(ordinal));
    this.writes++;
  }

  free(ordinals: readonly number[]): void {
    if (ordinals.length === 0) return;
    for (const ordinal of ordinals) this.taken.delete(ordinal);
    this.queue.push(...ordinals);
    this.writes++;
  }
}

describe('block arithmetic', () => {
  it('follows a naive model through any operations', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 16 }), (steps) => {
        const model = new Model();
        let block = newBlock(CIDR, 'host:node-a', START);
        for (const step of steps) block = apply(block, model, step);
        compare(block, model);
      }),
      propertyRuns(100_000),
    );
  }).timeout(900_000);

  it('gives out the front of the queue, past what is reserved', () => {
    const block = { ...newBlock(CIDR, 'host:node-a', START), unallocated: [5, 3, 0, 1, 2, 4, 6, 7] };
    expect(freeOrdinals(block, (ordinal) => ordinal === 3, 3)).to.deep.equal([5, 0, 1]);
    expect(assign(block, [5, 0, 1], { handle: 'h', attributes: undefined }).unallocated).to.deep.equal([3, 2, 4, 6, 7]);
  });

  it('never gives out twice what a damaged queue offers twice, or offers although it is taken', () => {
    const block = { ...assign(newBlock(CIDR, 'host:node-a', START), [0], { handle: 'h', attributes: undefined }), unallocated: [0, 99, 1, 1, -1, 2] };
    expect(freeOrdinals(block, () => false)).to.deep.equal([1, 2]);
  });

  it('does not release what refers to an attribute that is not there', () => {
    for (const index of [7, -1]) {
      const block = { ...assign(newBlock(CIDR, 'host:node-a', START), [0], { handle: 'h', attributes: undefined }), allocations: [index, ...new Array<null>(7).fill(null)] };
      expect(release(block, [{ ordinal: 0 }])).to.deep.equal({ kind: 'damaged', ordinal: 0, problem: `10.1.0.0 refers to attribute ${index}, but the block has 1` });
      expect(releaseHandle(block, 'h').released).to.deep.equal([]);
      expect(isEmpty(block)).to.equal(false);
    }
  });

  it('says what an address has become when a request no longer fits', () => {
    const block = assign(newBlock(CIDR, 'host:node-a', START), [0, 1], { handle: 'h\r\neth0', attributes: undefined });
    expect(release(block, [{ ordinal: 1 }, { ordinal: 0, handle: 'other' }])).to.deep.equal({ kind: 'conflict', ordinal: 0, handle: 'h', sequence: START });
    expect(release(block, [{ ordinal: 2, sequence: 5n }])).to.deep.equal({ kind: 'conflict', ordinal: 2, handle: undefined, sequence: 0n });
    expect(release(block, [{ ordinal: 0, handle: 'h', sequence: START }]).kind).to.equal('done');
  });

  it('takes a block that only Windows keeps addresses of for empty', () => {
    const block = assign(newBlock(CIDR, 'host:node-a', START), [0, 7], { handle: WINDOWS_RESERVED_HANDLE, attributes: { note: 'x' } });
    expect([isEmpty(block), isDisposable(block), isDisposable(clearAffinity(block))]).to.deep.equal([true, false, true]);
  });

  it('dates a claim to the second', () => {
    expect(claimTimeText(1_795_238_947_859_341_129n)).to.equal('2026-11-21T05:29:07Z');
  });
});

function apply(block: Block, model: Model, step: BlockStep): Block {
  switch (step.do) {
    case 'assign': {
      const ordinals = freeOrdinals(block, () => false, step.count);
      expect(ordinals).to.deep.equal(model.queue.slice(0, step.count));
      if (ordinals.length === 0) return block;
      model.assign(ordinals, step);
      return assign(block, ordinals, { handle: step.handle, attributes: step.pod === undefined ? undefined : { pod: step.pod } });
    }
    case 'release': {
      const wrong = step.ordinals.some((ordinal) => {
        const owner = model.taken.get(ordinal);
        return owner !== undefined && step.handle !== undefined && owner.handle !== step.handle;
      });
      const sequence = step.staleSequence ? 1n : undefined;
      const done = release(block, step.ordinals.map((ordinal) => ({ ordinal, handle: step.handle, sequence })));
      expect(done.kind).to.equal(wrong || step.staleSequence ? 'conflict' : 'done');
      if (done.kind !== 'done') return block;
      model.free([...new Set(step.ordinals)].filter((ordinal) => model.taken.has(ordinal)));
      return done.block;
    }
    case 'releaseHandle': {
      const ordinals = [...model.taken].filter(([, owner]) => owner.handle === step.handle).map(([ordinal]) => ordinal).sort((a, b) => a - b);
      model.free(ordinals);
      return releaseHandle(block, step.handle).block;
    }
    case 'clear':
      model.claimed = false;
      model.writes++;
      return clearAffinity(block);
  }
}

function compare(block: Block, model: Model): void {
  const text = encodeBlock(block);
  const again = decodeBlock(text);
  if (isUnreadable(again)) throw new Error(again.problem);
  expect(encodeBlock(again)).to.equal(text);
  const owners = block.allocations.map((index) => (index === null ? undefined : { handle: block.attributes![index]!.handle_id, pod: block.attributes![index]!.secondary?.['pod'] }));
  expect(owners).to.deep.equal(block.allocations.map((_, ordinal) => model.taken.has(ordinal) ? { handle: model.taken.get(ordinal)!.handle, pod: model.taken.get(ordinal)!.pod } : undefined));
  expect([block.unallocated, block.sequenceNumber, block.affinity !== null]).to.deep.equal([model.queue, model.writes, model.claimed]);
  for (const [ordinal, { since }] of model.taken) expect(block.sequences!.get(String(ordinal))).to.equal(since);
  expect(new Set((block.attributes ?? []).map((attribute) => JSON.stringify(attribute))).size).to.equal(block.attributes?.length ?? 0);
  const wrong = violations({ [KEY]: text }).filter((sentence) => !sentence.startsWith('there is no') && !sentence.endsWith("nobody's"));
  expect(wrong).to.deep.equal([]);
}

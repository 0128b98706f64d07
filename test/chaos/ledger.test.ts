import { expect } from 'chai';
import { describe, it } from 'mocha';
import { compare, type Claims, type CommandClaim, type HistoryEvent } from '../../scripts/chaos/ledger.js';
import type { Operation } from '../../src/datastore/store.js';

const NOTHING: Claims = { transactions: [], commands: [], rival: [] };

const put = (key: string, value: string, expect_ = '0'): Operation => ({ action: 'put', key, expect: expect_, value });
const remove = (key: string, expect_: string): Operation => ({ action: 'delete', key, expect: expect_ });
const event = (revision: number, key: string, value: string | undefined, before = 0): HistoryEvent => ({ revision, key, value, before });
const claim = (said: CommandClaim['said'], token?: string): CommandClaim => ({ command: 'a command', key: '/a', token, said, since: 1 });

function counts(history: readonly HistoryEvent[], claims: Partial<Claims>): readonly [lost: number, doubled: number, false_: number] {
  const { lost, doubled, false: untrue } = compare(history, { ...NOTHING, ...claims });
  return [lost.length, doubled.length, untrue.length];
}

describe('the ledger of a chaos run', () => {
  const both = [put('/a', 'x'), put('/b', 'y')];

  it('finds nothing wrong with what is true', () => {
    const history = [event(2, '/a', 'x'), event(2, '/b', 'y'), event(3, '/a', undefined, 2)];
    const transactions = [{ operations: both, said: 2 }, { operations: [remove('/a', '2')], said: 3 }, { operations: [put('/c', 'z')], said: 'not written' as const }];
    expect(counts(history, { transactions, commands: [claim('written', 'x'), claim('deleted'), claim('not written', 'q')] })).to.deep.equal([0, 0, 0]);
  });

  it('knows a transaction as lost of which a part, or its revision, is missing', () => {
    expect(counts([event(2, '/a', 'x')], { transactions: [{ operations: both, said: 2 }] })).to.deep.equal([1, 0, 0]);
    expect(counts([event(3, '/a', 'x'), event(3, '/b', 'y')], { transactions: [{ operations: both, said: 2 }] })[0]).to.equal(1);
  });

  it('knows a transaction as false that happened though it was said not to be written', () => {
    const history = [event(2, '/a', 'x'), event(2, '/b', 'y')];
    expect(counts(history, { transactions: [{ operations: both, said: 'not written' }] })).to.deep.equal([0, 0, 1]);
    expect(counts(history, { transactions: [{ operations: both, said: 'unknown' }] })).to.deep.equal([0, 0, 0]);
  });

  it('knows a transaction as doubled that was carried out again after a rival deleted its key', () => {
    const history = [event(2, '/a', 'x'), event(3, '/a', undefined, 2), event(4, '/a', 'x')];
    for (const said of [2, 4, 'unknown'] as const) expect(counts(history, { transactions: [{ operations: [put('/a', 'x')], said }] })).to.deep.equal([0, 1, 0]);
  });

  it('leaves a deletion to the rival who made it, and to nobody else', () => {
    const history = [event(2, '/a', 'x'), event(3, '/a', undefined, 2)];
    const transactions = [{ operations: [remove('/a', '2')], said: 'not written' as const }];
    expect(counts(history, { transactions, rival: [{ key: '/a', revision: 3 }] })).to.deep.equal([0, 0, 0]);
    expect(counts(history, { transactions, rival: [{ key: '/a', revision: undefined }] })).to.deep.equal([0, 0, 0]);
    for (const rival of [[], [{ key: '/a', revision: 9 }], [{ key: '/b', revision: 3 }]]) expect(counts(history, { transactions, rival })).to.deep.equal([0, 0, 1]);
  });

  it('judges the words of a command by its mark in the values', () => {
    const once = [event(2, '/a', 'x1')];
    const again = [...once, event(3, '/a', 'other', 2), event(4, '/a', 'x1', 3)];
    expect(counts(once, { commands: [claim('written', 'x1')] })).to.deep.equal([0, 0, 0]);
    expect(counts(once, { commands: [claim('written', 'x2')] })).to.deep.equal([1, 0, 0]);
    expect(counts(once, { commands: [claim('not written', 'x1')] })).to.deep.equal([0, 0, 1]);
    expect(counts(again, { commands: [claim('unknown', 'x1')] })).to.deep.equal([0, 1, 0]);
  });

  it('takes a value that carries a mark on for the same writing', () => {
    expect(counts([event(2, '/a', 'x1'), event(3, '/a', 'x1 and x2', 2)], { commands: [claim('written', 'x1')] })).to.deep.equal([0, 0, 0]);
  });

  it('knows a deletion as lost where none happened since the command began', () => {
    const before = [event(1, '/a', undefined)];
    expect(counts(before, { commands: [claim('deleted')] })).to.deep.equal([1, 0, 0]);
    expect(counts([...before, event(5, '/a', undefined, 3)], { commands: [claim('deleted')] })).to.deep.equal([0, 0, 0]);
  });
});

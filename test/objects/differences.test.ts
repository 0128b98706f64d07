import { expect } from 'chai';
import fc from 'fast-check';
import { aligned } from '../../src/objects/aligned.js';
import { differences } from '../../src/objects/differences.js';
import { pathText } from '../../src/resources/problem.js';
import { sameData } from '../../src/resources/same-value.js';

const told = (before: unknown, after: unknown): readonly unknown[] => differences(before, after).map(({ path, ...values }) => ({ path: pathText(path), ...values }));

describe('the differences of two documents', () => {
  const CASES: readonly (readonly [string, unknown, unknown, readonly unknown[]])[] = [
    ['no difference in the order of keys', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, []],
    ['a value', { spec: { order: 10, tier: 'x' } }, { spec: { order: 20, tier: 'x' } }, [{ path: 'spec.order', before: 10, after: 20 }]],
    ['what came and what went', { spec: { order: 10 } }, { spec: { tier: 'x' } }, [{ path: 'spec.tier', after: 'x' }, { path: 'spec.order', before: 10 }]],
    ['an element put in front', { nets: ['b', 'c'] }, { nets: ['a', 'b', 'c'] }, [{ path: 'nets[0]', after: 'a' }]],
    ['an element taken out', { nets: ['a', 'b', 'c'] }, { nets: ['a', 'c'] }, [{ path: 'nets[1]', before: 'b' }]],
    ['a field of a rule, and a rule before it', { ingress: [{ action: 'Deny', order: 1 }, { action: 'Allow' }] }, { ingress: [{ action: 'Log' }, { action: 'Deny', order: 2 }, { action: 'Allow' }] }, [{ path: 'ingress[0]', after: { action: 'Log' } }, { path: 'ingress[1].order', before: 1, after: 2 }]],
    ['an element that moved', ['a', 'b', 'c'], ['c', 'a', 'b'], [{ path: '[0]', after: 'c' }, { path: '[2]', before: 'c' }]],
    ['another kind of value', { a: [1] }, { a: { b: 1 } }, [{ path: 'a', before: [1], after: { b: 1 } }]],
    ['null is a value', { a: null }, { a: null, b: null }, [{ path: 'b', after: null }]],
    ['a whole document', undefined, { a: 1 }, [{ path: '', after: { a: 1 } }]],
    ['numbers beyond 2^53', { a: 9007199254740993n }, { a: 9007199254740992n }, [{ path: 'a', before: 9007199254740993n, after: 9007199254740992n }]],
  ];
  for (const [name, before, after, wanted] of CASES) it(name, () => expect(told(before, after)).to.deep.equal(wanted));

  it('are none exactly where the data are the same', () => {
    const value = fc.letrec((tie) => ({ any: fc.oneof({ depthSize: 'small' }, fc.constantFrom(0, 1, 'a', 'b', null, true), fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any'), { maxKeys: 3 })) })).any;
    fc.assert(fc.property(value, value, (before, after) => {
      expect(differences(before, after).length === 0).to.equal(sameData(before, after));
      expect(differences(before, structuredClone(before))).to.deep.equal([]);
    }));
  });

  it('of lists pair each element once, in order, and equal ones at both ends', () => {
    const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 12 });
    fc.assert(fc.property(list, list, (before, after) => {
      const pairs = aligned(before, after);
      expect(pairs.flatMap(([old]) => old ?? [])).to.deep.equal([...before.keys()]);
      expect(pairs.flatMap(([, now]) => now ?? [])).to.deep.equal([...after.keys()]);
      if (before[0] !== undefined && before[0] === after[0]) expect(pairs[0]).to.deep.equal([0, 0]);
    }));
  });

  it('of long lists in another order are found without comparing each with each', () => {
    const networks = Array.from({ length: 20_000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
    expect(differences(networks, [...networks.slice(1), networks[0]])).to.have.length(2);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { merge } from '../../src/objects/merge.js';
import { pathText } from '../../src/resources/problem.js';
import { sameData } from '../../src/resources/same-value.js';

const allow = { action: 'allow' };
const deny = { action: 'deny' };

describe('two changes of one document', () => {
  const APART: readonly (readonly [name: string, base: unknown, ours: unknown, theirs: unknown, value: unknown])[] = [
    ['none', { a: 1 }, { a: 1 }, { a: 1 }, { a: 1 }],
    ['of ours alone', { a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }],
    ['of theirs alone', { a: 1 }, { a: 1 }, { a: 2 }, { a: 2 }],
    ['the same', { a: 1 }, { a: 2 }, { a: 2 }, { a: 2 }],
    ['two fields', { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 2 }],
    ['a field that came and one that went', { a: 1, b: 1 }, { b: 1 }, { a: 1, b: 1, c: 1 }, { b: 1, c: 1 }],
    ['maps that both put in', {}, { m: { a: 1 } }, { m: { b: 1 } }, { m: { a: 1, b: 1 } }],
    ['a label each', { l: { x: 'y' } }, { l: { x: 'y', a: '1' } }, { l: { x: 'z' } }, { l: { x: 'z', a: '1' } }],
    ['two elements of a list', ['a', 'b', 'c'], ['A', 'b', 'c'], ['a', 'b', 'C'], ['A', 'b', 'C']],
    ['an element in front and one behind', ['a'], ['x', 'a'], ['a', 'y'], ['x', 'a', 'y']],
    ['an element out and one in', ['a', 'b', 'c'], ['a', 'c'], ['a', 'b', 'c', 'd'], ['a', 'c', 'd']],
    ['fields of one rule', [{ ...allow, protocol: 'tcp' }, deny], [{ ...allow, protocol: 'udp' }, deny], [{ ...allow, protocol: 'tcp', source: {} }, deny], [{ ...allow, protocol: 'udp', source: {} }, deny]],
    ['a rule in front, and a field of the one behind it', [allow, { ...deny, order: 1 }], [{ action: 'log' }, allow, { ...deny, order: 1 }], [allow, { ...deny, order: 2 }], [{ action: 'log' }, allow, { ...deny, order: 2 }]],
    ['the same element put in', ['a'], ['a', 'b'], ['a', 'b'], ['a', 'b']],
    ['numbers beyond 2^53', { a: 9007199254740993n, b: 1 }, { a: 9007199254740993n, b: 2 }, { a: 9007199254740992n, b: 1 }, { a: 9007199254740992n, b: 2 }],
    ['a name of JavaScript', JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 2}'), JSON.parse('{"__proto__": 1, "constructor": 3}'), JSON.parse('{"__proto__": 2, "constructor": 3}')],
  ];
  for (const [name, base, ours, theirs, value] of APART) it(`is one: ${name}`, () => expect(merge(base, ours, theirs)).to.deep.equal({ value, conflicts: [] }));

  const CONFLICTS: readonly (readonly [name: string, base: unknown, ours: unknown, theirs: unknown, paths: readonly string[]])[] = [
    ['a value', { a: 1 }, { a: 2 }, { a: 3 }, ['a']],
    ['a value that is gone on one side', { a: { b: 1 } }, {}, { a: { b: 2 } }, ['a']],
    ['a value that both put in', {}, { a: 1 }, { a: 2 }, ['a']],
    ['elements that both put in at one place', { l: ['a'] }, { l: ['a', 'x'] }, { l: ['a', 'y'] }, ['l']],
    ['an element that one changed and one took out', { l: ['a', 'b', 'c'] }, { l: ['a', 'B', 'c'] }, { l: ['a', 'c'] }, ['l[1]']],
    ['several, each by itself', { s: { a: 1, b: 1, c: 1 } }, { s: { a: 2, b: 2, c: 1 } }, { s: { a: 3, b: 3, c: 3 } }, ['s.a', 's.b']],
    ['another kind of value', { a: [1] }, { a: { b: 1 } }, { a: [2] }, ['a']],
  ];
  for (const [name, base, ours, theirs, paths] of CONFLICTS) {
    it(`is none: ${name}`, () => {
      const { value, conflicts } = merge(base, ours, theirs);
      expect(conflicts.map(({ path }) => pathText(path))).to.deep.equal(paths);
      expect(merge(base, theirs, ours).conflicts.length).to.equal(paths.length);
      for (const { path, ours: mine } of conflicts.filter((each) => each.ours !== undefined)) expect(path.reduce((at: unknown, step) => (at as Record<string | number, unknown>)[step], value)).to.deep.equal(mine);
    });
  }

  it('never changes what is given, and of one side is that side', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: 'small' }, fc.constantFrom(0, 1, 'a', 'b', true), fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any'), { maxKeys: 3 })),
    })).any;
    fc.assert(
      fc.property(value, value, value, (base, ours, theirs) => {
        const before = structuredClone([base, ours, theirs]);
        expect(sameData(merge(base, ours, base).value, ours)).to.equal(true);
        expect(sameData(merge(base, base, theirs).value, theirs)).to.equal(true);
        expect(merge(base, ours, theirs).conflicts.length).to.equal(merge(base, theirs, ours).conflicts.length);
        expect([base, ours, theirs]).to.deep.equal(before);
      }),
    );
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Packed } from '../../src/changes/packed.js';
import { goJson } from '../../src/go/json.js';

describe('a packed list', () => {
  const value = (index: number) => ({ name: `p${index}`, spec: { order: index / 2, left: undefined, big: 2n ** 64n + BigInt(index), list: ['é', '\ud83d', null] } });

  it('gives back every value as it was, in any order, packed or not', () => {
    const packed = new Packed<ReturnType<typeof value>>();
    const count = 5_000;
    for (let index = 0; index < count; index++) expect(packed.add(value(index))).to.equal(index);
    for (let step = 0; step < count; step++) {
      const index = (step * 1_009) % count;
      expect(packed.at(index)).to.deep.equal(value(index));
    }
  });

  it('keeps maps apart from structs, which are written in another order', () => {
    const map = (): Record<string, unknown> => Object.assign(Object.create(null) as Record<string, unknown>, { 10: 'a', 9: 'b', '1b': 'c', constructor: 'd' });
    const packed = new Packed<unknown>();
    const first = { labels: map(), struct: { z: 1, a: [map(), { map: map() }] } };
    for (let index = 0; index < 3_000; index++) packed.add({ ...first, index });
    for (const index of [0, 2_500]) expect(goJson(packed.at(index))).to.equal(goJson({ ...first, index }));
    expect(goJson(first.labels)).to.equal('{"10":"a","1b":"c","9":"b","constructor":"d"}');
  });

  it('keeps what two values share within one of them', () => {
    const packed = new Packed<{ document: object; object: object }>();
    const shared = { a: 1 };
    for (let index = 0; index < 3_000; index++) packed.add({ document: shared, object: shared });
    expect(packed.at(2_050).document).to.equal(packed.at(2_050).object);
  });
});

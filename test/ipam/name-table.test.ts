import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { NameTable } from '../../src/ipam/name-table.js';
import { Texts } from '../../src/ipam/texts.js';
import { propertyRuns } from '../support/runs.js';

/** Few different characters, so that names are often the same or begin alike; one byte, two, three and four in UTF-8. */
const name = fc.array(fc.constantFrom('a', 'b', 'ß', '道', '🖧', '-'), { maxLength: 5 }).map((characters) => characters.join(''));

describe('names by number', () => {
  it('numbers names as a Map does', () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 60 }), fc.array(name, { maxLength: 10 }), (names, others) => {
        const table = new NameTable();
        const model = new Map<string, number>();
        for (const each of names) {
          if (!model.has(each)) model.set(each, model.size);
          expect(table.add(each)).to.equal(model.get(each));
        }
        for (const each of others) expect(table.find(each)).to.equal(model.get(each));
        expect([table.size, ...[...model.values()].map((number) => table.at(number))]).to.deep.equal([model.size, ...model.keys()]);
      }),
      propertyRuns(10_000),
    );
  });

  it('finds each of many names again', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `k8s-pod-network.${(index * 7919).toString(16).padStart(64, '0')}`);
    const table = new NameTable();
    const numbers = names.map((each) => table.add(each));
    expect(numbers).to.deep.equal([...names.keys()]);
    expect(names.filter((each, index) => table.find(each) !== index || table.at(index) !== each)).to.deep.equal([]);
    expect(table.find(`${names[0]}0`)).to.equal(undefined);
  });
});

describe('texts by number', () => {
  it('keeps texts longer than the memory it begins with, and empty ones', () => {
    const texts = new Texts();
    const all = ['', 'x'.repeat(100_000), '', '道'.repeat(100_000), 'y'];
    expect(all.map((text) => texts.add(text))).to.deep.equal([0, 1, 2, 3, 4]);
    expect(all.map((_, number) => texts.at(number))).to.deep.equal(all);
    texts.drop();
    expect([texts.size, texts.add('z'), texts.at(4)]).to.deep.equal([4, 4, 'z']);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { NameTable } from '../../../src/ipam/snapshot/name-table.js';
import { Texts } from '../../../src/ipam/snapshot/text-table.js';
import { propertyRuns } from '../../support/runs.js';

/** Few different characters, so that names are often the same or begin alike; one byte, two, three and four in UTF-8. */
const name = fc.array(fc.constantFrom('a', 'b', 'ß', '道', '🖧', '-'), { maxLength: 5 }).map((characters) => characters.join(''));

/** Every name with its number. */
function contents(table: NameTable): [string, number][] {
  return [...table.places()].map((place) => [table.nameAt(place), table.at(place)]);
}

describe('names by number', () => {
  it('keeps a number for each name as a Map does', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), { maxLength: 60 }), fc.array(name, { maxLength: 10 }), (added, others) => {
        const table = new NameTable();
        const model = new Map<string, number>();
        for (const [each, number] of added) {
          const place = table.add(each);
          expect(table.at(place)).to.equal(model.get(each) ?? 0);
          table.set(place, number);
          model.set(each, number);
        }
        for (const each of others) {
          const place = table.find(each);
          expect(place === undefined ? undefined : table.at(place)).to.equal(model.get(each));
        }
        expect([table.size, ...contents(table)]).to.deep.equal([model.size, ...model]);
      }),
      propertyRuns(10_000),
    );
  });

  it('finds each of many names again, long ones too', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `k8s-pod-network.${(index * 7919).toString(16).padStart(64, '0')}`);
    const table = new NameTable();
    for (const [index, each] of [...names, '道'.repeat(100_000)].entries()) table.set(table.add(each), index);
    expect(names.filter((each, index) => table.at(table.find(each)!) !== index)).to.deep.equal([]);
    expect(table.at(table.find('道'.repeat(100_000))!)).to.equal(20_000);
    expect([`${names[0]}0`, names[0]!.slice(1), '', '道'].map((each) => table.find(each))).to.deep.equal([undefined, undefined, undefined, undefined]);
    expect(contents(table).slice(0, 20_000)).to.deep.equal(names.map((each, index) => [each, index]));
  });
});

describe('names of the same hash', () => {
  it('are told apart: among so many names some have the same one', () => {
    const names = Array.from({ length: 300_000 }, (_, index) => `handle-${index}`);
    const table = new NameTable();
    for (const [index, each] of names.entries()) table.set(table.add(each), index + 1);
    expect(table.size).to.equal(names.length);
    expect(names.filter((each, index) => table.at(table.find(each)!) !== index + 1)).to.deep.equal([]);
  });
});

describe('texts by number', () => {
  it('keeps texts longer than the memory it begins with, and empty ones', () => {
    const texts = new Texts();
    const all = ['', 'x'.repeat(100_000), '', '道'.repeat(100_000), 'y'];
    expect(all.map((text) => texts.add(text))).to.deep.equal([0, 1, 2, 3, 4]);
    expect(all.map((_, number) => texts.at(number))).to.deep.equal(all);
  });
});

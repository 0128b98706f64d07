import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Labels } from '../../src/policy/effective-labels.js';
import { LabelIndex } from '../../src/policy/label-index.js';
import { matches } from '../../src/selector/matches.js';
import { parseSelector } from '../../src/selector/parse.js';
import { printSelector } from '../../src/selector/print.js';
import type { Selector } from '../../src/selector/selector.js';
import { randomSelector } from '../support/policy/random-rule.js';
import { Random } from '../support/policy/random.js';

function read(text: string): Selector {
  const result = parseSelector(text, 'v3');
  if (!result.ok) throw new Error(text);
  return result.selector;
}

function randomLabels(random: Random): Labels {
  const values = { app: ['a', 'b', 'ab'], role: ['x', ''], host: ['y'], 'projectcalico.org/namespace': ['web', 'db'], 'pcns.team': ['red', 'blue'] };
  return Object.assign({}, ...Object.entries(values).map(([key, of]) => random.maybe(0.5, key, () => random.one(of)))) as Labels;
}

describe('an index of labels', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

  it(`knows after each of 1200 changes what asking every selector about every item says, and tells each change once (SEED=${seed})`, () => {
    for (let at = seed; at < seed + 8; at++) {
      const random = new Random(at);
      const told = new Map<string, Set<number>>();
      const index = new LabelIndex<number>({
        onMatch(selector, item, isMatch) {
          const items = told.get(selector)!;
          expect(items.has(item)).to.equal(!isMatch);
          if (isMatch) items.add(item);
          else items.delete(item);
        },
      });
      const items = new Map<number, Labels>();
      for (let step = 0; step < 150; step++) {
        const item = random.below(12);
        const selector = read(randomSelector(random));
        const text = printSelector(selector);
        if (random.chance(0.5)) {
          index.deleteItem(item);
          items.delete(item);
          if (random.chance(0.7)) {
            items.set(item, randomLabels(random));
            index.addItem(item, items.get(item)!);
          }
        } else if (told.has(text)) {
          index.deleteSelector(text);
          told.delete(text);
        } else {
          told.set(text, new Set());
          index.addSelector(text, selector);
        }
        for (const [known, matching] of told) {
          const wanted = [...items].filter(([, labels]) => matches(read(known), labels)).map(([each]) => each);
          expect([...matching].sort(), known).to.deep.equal(wanted.sort());
          expect(index.matching(known)).to.deep.equal(matching);
        }
        for (const each of items.keys()) expect([...index.selecting(each)].sort()).to.deep.equal([...told].filter(([, matching]) => matching.has(each)).map(([known]) => known).sort());
      }
    }
  });
});

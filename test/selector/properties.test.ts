import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { matches } from '../../src/selector/matches.js';
import { parseSelector } from '../../src/selector/parse.js';
import { printSelector } from '../../src/selector/print.js';
import type { Selector } from '../../src/selector/selector.js';
import { propertyRuns } from '../support/runs.js';

/** Few labels and values, so that comparisons hit; the rest of the alphabet, so that printing is tried. */
const label = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('a', 'b', 'in', 'notin', 'not', 'in-use', 'has', 'all', 'global', 'contains', 'starts', 'k8s/x_.y') },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-zA-Z0-9_./-]{1,20}$/) },
);
const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('', 'a', 'b', 'ab', 'ba', 'aab', 'é', '"', "'", '\u{1f600}', '\ufffd', '&& b') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => !(text.includes('"') && text.includes("'"))) },
);
const values = fc
  .uniqueArray(value, { maxLength: 4 })
  .map((list) => list.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))));

const condition: fc.Arbitrary<Selector> = fc.oneof(
  fc.constantFrom<Selector>({ kind: 'all' }, { kind: 'global' }),
  fc.record({ kind: fc.constant('has'), label }),
  fc.record({ kind: fc.constantFrom('equals', 'notEquals', 'contains', 'startsWith', 'endsWith'), label, value }),
  fc.record({ kind: fc.constantFrom('in', 'notIn'), label, values }),
);

const { selector } = fc.letrec<{ selector: Selector }>((tie) => ({
  selector: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    condition,
    fc.record({ kind: fc.constant('not'), operand: tie('selector') }),
    fc.record({ kind: fc.constantFrom('and', 'or'), operands: fc.array(tie('selector'), { minLength: 2, maxLength: 4 }) }),
  ),
}));

const labelSets = fc.array(fc.dictionary(label, value, { maxKeys: 6 }), { minLength: 1, maxLength: 4 });

/** Pieces of selectors in any order, to reach the odd corners of the grammar. */
const soup = fc
  .array(
    fc.constantFrom(
      ...['a', 'b', 'in', 'not', 'notin', 'contains', 'starts', 'with', 'has(', 'all(', 'has(a)', 'all()', 'global()', ' ', ' ', '\t', '\n'],
      ...['==', '!=', '=', '!', '&&', '||', '&', '(', ')', '{', '}', ',', '"', "'", '"x"', "'y'", 'é', '“', 'a == "b"', 'a in {"b"}'],
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

/** Two negations in a row are the only thing that does not survive printing. */
function withoutDoubleNegation(tree: Selector): Selector {
  switch (tree.kind) {
    case 'not': {
      const operand = withoutDoubleNegation(tree.operand);
      return operand.kind === 'not' ? operand.operand : { kind: 'not', operand };
    }
    case 'and':
    case 'or':
      return { kind: tree.kind, operands: tree.operands.map(withoutDoubleNegation) };
    default:
      return tree;
  }
}

/** The table of meanings (reference/classic 1.11), written down once more in the plainest way. */
function naive(tree: Selector, labels: ReadonlyMap<string, string>): boolean {
  if (tree.kind === 'all' || tree.kind === 'global') return true;
  if (tree.kind === 'not') return !naive(tree.operand, labels);
  if (tree.kind === 'and') return tree.operands.filter((operand) => naive(operand, labels)).length === tree.operands.length;
  if (tree.kind === 'or') return tree.operands.filter((operand) => naive(operand, labels)).length > 0;
  const present = labels.get(tree.label);
  if (tree.kind === 'has') return present !== undefined;
  if ('values' in tree) return (present !== undefined && new Set(tree.values).has(present)) === (tree.kind === 'in');
  if (tree.kind === 'equals') return present === tree.value;
  if (tree.kind === 'notEquals') return present !== tree.value;
  if (present === undefined || present.length < tree.value.length) return false;
  if (tree.kind === 'startsWith') return present.slice(0, tree.value.length) === tree.value;
  if (tree.kind === 'endsWith') return present.slice(present.length - tree.value.length) === tree.value;
  return present.split(tree.value).length > 1 || tree.value === '';
}

function parsed(text: string): Selector {
  const result = parseSelector(text, 'v3');
  if (!result.ok) throw new Error(`${text}: column ${result.column}: ${result.message}`);
  return result.selector;
}

describe('selector properties', function () {
  this.timeout(900_000);

  it('what is printed reads back as the same selector, and prints the same again', () => {
    fc.assert(
      fc.property(selector, (tree) => {
        const plain = withoutDoubleNegation(tree);
        expect(parsed(printSelector(tree))).to.deep.equal(plain);
        expect(printSelector(parsed(printSelector(plain)))).to.equal(printSelector(plain));
      }),
      propertyRuns(100_000),
    );
  });

  it('what is printed is true for the same labels as the tree, evaluated naively', () => {
    fc.assert(
      fc.property(selector, labelSets, (tree, sets) => {
        const again = parsed(printSelector(tree));
        for (const labels of sets) expect(matches(again, labels)).to.equal(naive(tree, new Map(Object.entries(labels))));
      }),
      propertyRuns(100_000),
    );
  });

  it('what the classic language reads of the canonical text is the same selector', () => {
    fc.assert(
      fc.property(selector, (tree) => {
        const plain = withoutDoubleNegation(tree);
        const result = parseSelector(printSelector(plain), 'classic');
        if (result.ok) expect(result.selector).to.deep.equal(plain);
      }),
      propertyRuns(),
    );
  });

  it('any text is read, or refused at a place inside it', () => {
    fc.assert(
      fc.property(soup, (text) => {
        for (const language of ['classic', 'v3'] as const) {
          const result = parseSelector(text, language);
          if (result.ok) continue;
          const line = text.split('\n')[result.line - 1];
          expect(line).to.not.equal(undefined);
          expect(result.column).to.be.within(1, [...(line ?? '')].length + 1);
        }
      }),
      propertyRuns(),
    );
  });

  it('a classic text on one line means the same in v3', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const result = parseSelector(text.replaceAll('\n', ' '), 'classic');
        if (result.ok) expect(parsed(text.replaceAll('\n', ' '))).to.deep.equal(result.selector);
      }),
      propertyRuns(),
    );
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { tier } from '../../../src/resources/v3/tier.js';
import { document, problemsOf, testGolden } from '../../support/stored.js';

describe('Tier', () => {
  testGolden(tier);

  it('names the order that a built-in tier must have', () => {
    expect(problemsOf(tier, document(tier, { order: 5 }))).to.deep.equal(['spec.order: the order of tier default is fixed: 1000000']);
  });
});

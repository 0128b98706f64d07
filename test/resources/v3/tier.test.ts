import { expect } from 'chai';
import { describe, it } from 'mocha';
import { tier } from '../../../src/resources/v3/tier.js';
import { document, problemsOf, testGolden } from '../../support/stored.js';

describe('Tier', () => {
  testGolden(tier);

  it('names the order that a built-in tier must have', () => {
    expect(problemsOf(tier, document(tier, { order: 5 }))).to.deep.equal(['spec.order: the order of tier default is fixed: 1000000']);
  });

  it('protects the built-in tiers from deletion only', () => {
    expect(['default', 'kube-admin', 'kube-baseline', 'mine'].map((name) => tier.readOnly?.({ metadata: { name } }, 'delete'))).to.deep.equal([
      'the tier default cannot be deleted: every Calico network has it',
      'the tier kube-admin cannot be deleted: every Calico network has it',
      'the tier kube-baseline cannot be deleted: every Calico network has it',
      undefined,
    ]);
    expect(tier.readOnly?.({ metadata: { name: 'default' } }, 'replace')).to.equal(undefined);
  });
});

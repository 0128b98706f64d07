import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { StoredObject } from '../../../src/resources/kind.js';
import { Problems } from '../../../src/resources/problem.js';
import { readStoredDocument } from '../../../src/resources/v3/document.js';
import { tier } from '../../../src/resources/v3/tier.js';
import { document, problemsOf, tableOf, testGolden } from '../../support/stored.js';

describe('Tier', () => {
  testGolden(tier);

  it('names the order that a built-in tier must have', () => {
    expect(problemsOf(tier, document(tier, { order: 5 }))).to.deep.equal(['spec.order: the order of tier default is fixed: 1000000']);
  });

  it('refuses an empty default action, which Go reads as one that is given', () => {
    expect(problemsOf(tier, document(tier, { defaultAction: '' }, { name: 'mine' }))).to.deep.equal(['spec.defaultAction: "" is not a default action: expected Pass or Deny']);
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

  it('knows built-in tiers by their own names only', () => {
    expect(problemsOf(tier, document(tier, { order: 5 }, { name: 'constructor' }))).to.deep.equal([]);
    expect(problemsOf(tier, document(tier, { order: 1000 }, { name: 'kube-admin' }))).to.deep.equal(['spec.defaultAction: the default action of tier kube-admin is fixed: Pass']);
  });

  it('shows and sorts by the order', () => {
    const documents = [document(tier, { order: 10_000_000 }, { name: 'b' }), document(tier, {}, { name: 'z' }), document(tier, { order: 0.5 }, { name: 'a' })];
    expect(tableOf(tier, 'ps', documents)).to.deep.equal([
      ['NAME', 'ORDER'],
      ['b', '1e+07'],
      ['z', '1e+06'],
      ['a', '0.5'],
    ]);
    const [late, standard, early] = documents.map((raw) => readStoredDocument(tier, raw, new Problems()) as StoredObject) as [StoredObject, StoredObject, StoredObject];
    const same = { ...standard, metadata: { name: 'y' } };
    expect([late, standard, same, early].sort(tier.compare).map((object) => object.metadata.name)).to.deep.equal(['a', 'y', 'z', 'b']);
  });
});

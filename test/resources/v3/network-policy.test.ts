import { expect } from 'chai';
import { describe, it } from 'mocha';
import { networkPolicy } from '../../../src/resources/v3/network-policy.js';
import { document, problemsOf, tableOf, testGolden } from '../../support/stored.js';

describe('NetworkPolicy', () => {
  testGolden(networkPolicy);

  it('leaves policies of Kubernetes to Kubernetes', () => {
    const reason = (name: string): string | undefined => networkPolicy.readOnly?.({ metadata: { name } }, 'delete');
    expect(reason('knp.default.a')).to.equal('knp.default.a comes from Kubernetes: change the policy there');
    expect([reason('knp.other'), reason('default.a'), reason('ossg.default.a')]).to.deep.equal([undefined, undefined, undefined]);
  });

  it('has none of the fields of global policies', () => {
    expect(problemsOf(networkPolicy, document(networkPolicy, { preDNAT: true }))).to.deep.equal([
      'spec.preDNAT: unknown field "preDNAT" (the fields here are tier, order, ingress, egress, selector, types, serviceAccountSelector, performanceHints)',
    ]);
  });

  it('is shown as other policies are', () => {
    expect(tableOf(networkPolicy, 'wide', [document(networkPolicy, { order: 2.5, selector: 'all()' }, { name: 'a' })])).to.deep.equal([
      ['NAME', 'TIER', 'ORDER', 'SELECTOR'],
      ['a', 'default', '2.5', 'all()'],
    ]);
  });
});

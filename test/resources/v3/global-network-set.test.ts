import { expect } from 'chai';
import { describe, it } from 'mocha';
import { globalNetworkSet } from '../../../src/resources/v3/global-network-set.js';
import { document, problemsOf, tableOf, testGolden } from '../../support/stored.js';

describe('GlobalNetworkSet', () => {
  testGolden(globalNetworkSet);

  it('keeps the label by which Calico tells namespaces to Calico', () => {
    const labels = { 'projectcalico.org/namespace': 'a', role: 'b' };
    expect(problemsOf(globalNetworkSet, document(globalNetworkSet, { nets: ['10.0.0.1/8'] }, { name: 'a', labels }))).to.deep.equal([
      'metadata.labels.projectcalico.org/namespace: the label projectcalico.org/namespace is reserved for Calico',
    ]);
  });

  it('shows its networks', () => {
    expect(tableOf(globalNetworkSet, 'wide', [document(globalNetworkSet, { nets: ['10.0.0.0/8', '1.2.3.4'] })])).to.deep.equal([
      ['NAME', 'NETS'],
      ['default', '10.0.0.0/8,1.2.3.4'],
    ]);
  });
});

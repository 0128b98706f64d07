import { expect } from 'chai';
import { describe, it } from 'mocha';
import { clusterInformation } from '../../../src/resources/v3/cluster-information.js';
import { document, problemsOf, tableOf, testGolden } from '../../support/stored.js';

describe('ClusterInformation', () => {
  testGolden(clusterInformation);

  it('can be read, but nobody writes it through us', () => {
    expect(problemsOf(clusterInformation, document(clusterInformation, { clusterGUID: 'a', datastoreReady: false }))).to.deep.equal([]);
    expect(['create', 'apply', 'replace', 'delete'].map((verb) => clusterInformation.readOnly?.({ metadata: { name: 'default' } }, verb))).to.deep.equal(
      Array(4).fill('ClusterInformation is read-only: Calico keeps it itself'),
    );
  });

  it('has one name', () => {
    expect(problemsOf(clusterInformation, document(clusterInformation, {}, { name: 'other' }))).to.deep.equal(['metadata.name: the only name of this kind is "default", not "other"']);
  });

  it('shows what Calico notes about the cluster', () => {
    expect(tableOf(clusterInformation, 'ps', [document(clusterInformation, { clusterGUID: 'abc', clusterType: 'k8s', datastoreReady: false })])).to.deep.equal([
      ['NAME', 'CLUSTERGUID', 'CLUSTERTYPE', 'CALICOVERSION', 'DATASTOREREADY'],
      ['default', 'abc', 'k8s', '', 'false'],
    ]);
  });
});

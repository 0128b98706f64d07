import { expect } from 'chai';
import { describe, it } from 'mocha';
import { stagedGlobalNetworkPolicy } from '../../../src/resources/v3/staged-global-network-policy.js';
import { stagedNetworkPolicy } from '../../../src/resources/v3/staged-network-policy.js';
import { document, problemsOf, storedSpec, testGolden } from '../../support/stored.js';

describe('StagedGlobalNetworkPolicy', () => {
  // Only the store knows that the tier is not there.
  testGolden(stagedGlobalNetworkPolicy, ['changed-StagedGlobalNetworkPolicy-s009', 'changed-StagedGlobalNetworkPolicy-s025']);

  it('is held to the rules of enforced policies', () => {
    expect(problemsOf(stagedGlobalNetworkPolicy, document(stagedGlobalNetworkPolicy, { stagedAction: 'Learn', doNotTrack: true }))).to.deep.equal([
      'spec.doNotTrack: doNotTrack needs applyOnForward (add applyOnForward: true)',
    ]);
  });
});

describe('StagedNetworkPolicy', () => {
  testGolden(stagedNetworkPolicy, ['changed-StagedNetworkPolicy-s031']);

  it('says nothing else where it stands for a deletion', () => {
    const spec = { stagedAction: 'Delete', tier: 'default', order: 0, selector: 'all()' };
    expect(problemsOf(stagedNetworkPolicy, document(stagedNetworkPolicy, spec))).to.deep.equal([
      'spec.order: order cannot be given with the stagedAction Delete, which only names the policy to delete (remove order)',
      'spec.selector: selector cannot be given with the stagedAction Delete, which only names the policy to delete (remove selector)',
    ]);
  });

  it('has no types where it stands for a deletion', () => {
    expect(storedSpec(stagedNetworkPolicy, document(stagedNetworkPolicy, { stagedAction: 'Delete', types: ['Egress'] }))).to.deep.equal({ stagedAction: 'Delete', tier: 'default' });
  });

  it('has one of four actions', () => {
    expect(problemsOf(stagedNetworkPolicy, document(stagedNetworkPolicy, { stagedAction: 'set' }))).to.deep.equal([
      'spec.stagedAction: "set" is not a staged action: expected Set, Delete, Learn or Ignore; did you mean "Set"?',
    ]);
  });
});

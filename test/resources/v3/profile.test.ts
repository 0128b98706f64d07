import { expect } from 'chai';
import { describe, it } from 'mocha';
import { defaultAllowProfile, profile } from '../../../src/resources/v3/profile.js';
import { cells, document, problemsOf, testGolden } from '../../support/stored.js';

describe('Profile', () => {
  testGolden(profile);

  it('says what is wrong', () => {
    const spec = { ingress: [{ action: 'Allow', http: {} }, null], labelsToApply: { 'a b': 'c', x: '!' }, tags: ['x'] };
    expect(problemsOf(profile, document(profile, spec))).to.deep.equal([
      'spec.tags: unknown field "tags" (the fields here are ingress, egress, labelsToApply)',
      'spec.ingress[1]: expected a rule, found nothing (remove the empty entry, or give its value)',
      'spec.labelsToApply.a b: "a b" is not a key: letters, digits, "-", "_" and "." are allowed, with a letter or digit at both ends',
      'spec.labelsToApply.x: "!" is not a label\'s value: letters, digits, "-", "_" and "." are allowed, with a letter or digit at both ends',
    ]);
  });

  it('leaves the profile that is part of every network alone', () => {
    expect(profile.readOnly?.(defaultAllowProfile, 'apply')).to.equal('the profile projectcalico-default-allow is part of every Calico network and cannot be changed');
    expect(profile.readOnly?.({ metadata: { name: 'other' } }, 'apply')).to.equal(undefined);
  });

  it('shows the labels that it applies, sorted', () => {
    expect(cells(profile, { labelsToApply: { web: '', env: 'prod' } })).to.deep.equal({ ps: ['NAME=default'], wide: ['NAME=default', 'LABELS=env=prod,web='] });
    expect(cells(profile, {}).wide).to.deep.equal(['NAME=default', 'LABELS=']);
  });
});

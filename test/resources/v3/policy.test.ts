import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Metadata, StoredObject } from '../../../src/resources/kind.js';
import { decodeStored, encodeStored } from '../../../src/resources/stored-value.js';
import { globalNetworkPolicy } from '../../../src/resources/v3/global-network-policy.js';
import { globalPolicyNameProblem, legacyPolicyNames, policyNameProblem } from '../../../src/resources/v3/policy-names.js';
import { policyColumns } from '../../../src/resources/v3/policy.js';
import { document, problemsOf } from '../../support/stored.js';

function read(name: string, metadata: Data, spec: Data = {}): StoredObject {
  const value = JSON.stringify({ kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata, spec });
  return decodeStored(globalNetworkPolicy, { key: `/calico/resources/v3/projectcalico.org/globalnetworkpolicies/${name}`, value, modRevision: '7' }) as StoredObject;
}

describe('policies', () => {
  it('may have one dot in their names, or begin as those made elsewhere', () => {
    const names = ['a', 'tier.a', 'a.b.c', 'A', 'knp.default.a.b', 'knp.default.', 'ossg.default.x'];
    expect(names.map((name) => globalPolicyNameProblem(name) === undefined)).to.deep.equal([true, true, false, false, false, false, false]);
    expect(names.map((name) => policyNameProblem(name) === undefined)).to.deep.equal([true, true, false, false, true, false, true]);
    expect(globalPolicyNameProblem('a.b.c')).to.equal('"a.b.c" is not the name of a policy: one dot at most is allowed, after the name of a tier');
  });

  it('may be stored under an older name', () => {
    expect(legacyPolicyNames('a')).to.deep.equal(['default.a']);
    expect(legacyPolicyNames('knp.default.a')).to.deep.equal([]);
  });

  it('say what is wrong with a spec', () => {
    const spec = { order: '1', selector: 'global()', Tier: 'Bad Name', ingres: [], types: ['Ingress', null], performanceHints: ['x'] };
    expect(problemsOf(globalNetworkPolicy, document(globalNetworkPolicy, spec))).to.deep.equal([
      'spec.ingres: unknown field "ingres" (did you mean "ingress"?)',
      'spec.Tier: "Bad Name" is not a name: lower-case letters, digits, "-" and "." are allowed, and each part between dots starts and ends with a letter or digit',
      'spec.order: expected a finite number, found "1" (write it without quotes)',
      'spec.selector: global() can only be used in the namespaceSelector of a rule',
      'spec.types[1]: expected a policy type, found nothing (remove the empty entry, or give its value)',
      'spec.performanceHints[0]: "x" is not a performance hint: expected AssumeNeededOnEveryNode',
    ]);
  });

  it('say which flags exclude each other', () => {
    const of = (spec: Data): string[] => problemsOf(globalNetworkPolicy, document(globalNetworkPolicy, spec));
    expect(of({ doNotTrack: true })).to.deep.equal(['spec.doNotTrack: doNotTrack needs applyOnForward (add applyOnForward: true)']);
    expect(of({ doNotTrack: true, preDNAT: true, applyOnForward: true })).to.deep.equal(['spec.preDNAT: preDNAT and doNotTrack cannot both be true']);
    expect(of({ preDNAT: true, applyOnForward: true, egress: [{ action: 'Allow' }] })).to.deep.equal(['spec.egress: a preDNAT policy cannot have egress rules']);
    expect(of({ preDNAT: true, applyOnForward: true, types: ['Egress'] })).to.deep.equal(['spec.types: a preDNAT policy cannot have the type Egress']);
    expect(of({ types: ['Ingress', 'Ingress'] })).to.deep.equal(['spec.types: the type Ingress is given twice']);
    expect(of({ egress: [{ action: 'Allow', http: {} }] })).to.deep.equal(['spec.egress[0].http: http is not allowed in an egress rule']);
  });

  it('are read without what storing added, but for the label of the tier', () => {
    const annotations = { 'projectcalico.org/metadata': '{"name":"a"}', note: 'mine' };
    expect(read('a', { name: 'a', uid: 'u', annotations }).metadata).to.deep.equal({
      name: 'a',
      uid: 'u',
      resourceVersion: '7',
      labels: { 'projectcalico.org/tier': 'default' },
      annotations: { note: 'mine' },
    });
    const only = read('t.a', { name: 't.a', annotations: { 'projectcalico.org/metadata': '{"name":"t.a"}' } }, { tier: 't' });
    expect(only.metadata).to.deep.equal({ name: 't.a', resourceVersion: '7', labels: { 'projectcalico.org/tier': 't' } });
  });

  it('of older versions lose the prefix of the default tier', () => {
    expect(read('default.a', { name: 'default.a' }).metadata.name).to.equal('a');
    expect(read('default.a', { name: 'default.a' }, { tier: 'default' }).metadata.name).to.equal('a');
    expect(read('default.a', { name: 'default.a' }, { tier: 't' }).metadata.name).to.equal('default.a');
    expect(read('default.a', { name: 'default.a', annotations: { 'projectcalico.org/metadata': '{"name":"default.a"}' } }).metadata.name).to.equal('default.a');
    expect(read('default.a', { name: 'default.a', annotations: { 'projectcalico.org/metadata': '{"name":"a"}' } }).metadata.name).to.equal('a');
  });

  it('keep the stored name where the annotation is no longer Calico\'s', () => {
    for (const annotation of ['', '{', '[]', '{"name":""}', '{"name":5}']) {
      expect(read('a', { name: 'a', annotations: { 'projectcalico.org/metadata': annotation } }).metadata).to.deep.equal({
        name: 'a',
        resourceVersion: '7',
        labels: { 'projectcalico.org/tier': 'default' },
      });
    }
  });

  it('are stored with label and annotation in their places, whatever was given', () => {
    const metadata = { name: 'a', uid: 'u', annotations: { z: '1' }, labels: { 'projectcalico.org/tier': 'wrong', a: 'b' } } as Metadata;
    const object: StoredObject = { kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata, spec: { tier: 't' } };
    expect(encodeStored(globalNetworkPolicy, object)).to.equal(
      '{"kind":"GlobalNetworkPolicy","apiVersion":"projectcalico.org/v3","metadata":{"name":"a","uid":"u","labels":{"a":"b","projectcalico.org/tier":"t"},' +
        '"annotations":{"projectcalico.org/metadata":"{\\"name\\":\\"a\\"}","z":"1"}},"spec":{"tier":"t"}}',
    );
    expect(metadata).to.deep.equal({ name: 'a', uid: 'u', annotations: { z: '1' }, labels: { 'projectcalico.org/tier': 'wrong', a: 'b' } });
  });

  it('show tier, order and selector', () => {
    const cells = (spec: Data): string[] => policyColumns.wide.map((column) => column.cell(read('a', { name: 'a' }, spec), { globalAsNumber: '64512' }));
    expect(policyColumns.ps.map((column) => column.heading)).to.deep.equal(['NAME', 'TIER']);
    expect(policyColumns.wide.map((column) => column.heading)).to.deep.equal(['NAME', 'TIER', 'ORDER', 'SELECTOR']);
    expect(cells({ tier: 't', order: 1_000_000, selector: 'all()' })).to.deep.equal(['a', 't', '1e+06', 'all()']);
    expect(cells({ tier: 't', order: 0 })).to.deep.equal(['a', 't', '0', '']);
    expect(cells({})).to.deep.equal(['a', '', '<nil>', '']);
  });
});

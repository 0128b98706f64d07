import { expect } from 'chai';
import { describe, it } from 'mocha';
import { lint } from '../../../src/insight/lint/lint.js';
import { IGNORE_ANNOTATION } from '../../../src/insight/lint/suppression.js';
import { compile } from '../../../src/policy/compile.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { OPEN, policy, TIER, workload } from '../../support/policy/resources.js';

const ignoring = (object: StoredObject, words: string): StoredObject => ({ ...object, metadata: { ...object.metadata, annotations: { [IGNORE_ANNOTATION]: words } } });
const lost = (count: number): readonly StoredObject[] => Array.from({ length: count }, (_, at) => workload(`w${at}`, `10.0.${at >> 8}.${at & 255}/32`, { profiles: ['lost'] }));

function told(resources: readonly StoredObject[], ignore?: Parameters<typeof lint>[2]): unknown {
  const { findings, suppressed } = lint(compile(resources), resources, ignore);
  return { findings: findings.map(({ code, at, others = [] }) => `${code} ${at.metadata.name} and ${others.length}`), suppressed };
}

describe('findings about many resources, and those that nobody wants to be told', () => {
  it('one cause is one finding', () => {
    expect(told([TIER, ...lost(10_000)])).to.deep.equal({ findings: ['missing-profile n1-k8s-w0-eth0 and 9999'], suppressed: 0 });
  });

  it('a resource is left out of it by its annotation, and the finding is gone once all are', () => {
    const [first, ...others] = lost(3);
    expect(told([TIER, ignoring(first!, 'missing-profile'), ...others])).to.deep.equal({ findings: ['missing-profile n1-k8s-w1-eth0 and 1'], suppressed: 1 });
    expect(told([TIER, ...lost(3).map((each) => ignoring(each, 'all'))])).to.deep.equal({ findings: [], suppressed: 3 });
    expect(told([TIER, ...lost(3).map((each) => ignoring(each, 'redundant'))])).to.deep.equal({ findings: ['missing-profile n1-k8s-w0-eth0 and 2'], suppressed: 0 });
  });

  it('by the annotation of a policy, with commas or spaces, and for all by code', () => {
    const network = (change: (object: StoredObject) => StoredObject): readonly StoredObject[] => [TIER, OPEN, workload('a', '10.0.0.1/32', { profiles: ['open'] }), change(policy('p', { order: 1, types: ['Ingress'], ingress: [{ action: 'Deny' }, { action: 'Allow' }], selector: "role == 'a'" }))];
    const ignored = 'profile-ignored open and 0';
    expect(told(network((object) => object))).to.deep.equal({ findings: ['behind-deny p and 0', ignored], suppressed: 0 });
    expect(told(network((object) => ignoring(object, ' redundant,  behind-deny')))).to.deep.equal({ findings: [ignored], suppressed: 1 });
    expect(told(network((object) => ignoring(object, 'redundant overlapping')))).to.deep.equal({ findings: ['behind-deny p and 0', ignored], suppressed: 0 });
    expect(told(network((object) => object), { ignore: ['behind-deny', 'profile-ignored'] })).to.deep.equal({ findings: [], suppressed: 2 });
  });
});

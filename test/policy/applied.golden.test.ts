import { expect } from 'chai';
import { describe, it } from 'mocha';
import { appliedTo, type Applied, type AppliedTier } from '../../src/policy/applied.js';
import { goldenCases, goldenModel, type GoldenCase } from '../support/policy/golden.js';

describe('what applies to endpoints, against official Calico 3.32.1', () => {
  for (const file of ['pointed', 'flows', 'flows-large']) {
    it(`has tiers, policies and profiles of every endpoint of ${file} in order`, () => {
      for (const each of goldenCases<GoldenCase & Partial<Applied>>(file)) {
        if (each.endpoints === undefined) continue;
        expect(named(appliedTo(goldenModel(each.hosts, each.store))), each.id).to.deep.equal(named({ policies: each.policies ?? [], endpoints: each.endpoints }));
      }
    });
  }
});

/** With the names of policies instead of their places, which are chosen freely. */
function named({ policies, endpoints }: Applied): unknown {
  const tier = (each: AppliedTier): unknown => ({ ...each, ...(each.ingress && { ingress: each.ingress.map((at) => policies[at]) }), ...(each.egress && { egress: each.egress.map((at) => policies[at]) }) });
  return Object.fromEntries(Object.entries(endpoints).map(([id, facts]) => [id, Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, ['tiers', 'forward', 'untracked', 'preDNAT'].includes(name) ? (value as readonly AppliedTier[]).map(tier) : (value as unknown)]))]));
}

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { coverageOf } from '../../../src/insight/lint/coverage.js';
import { lint } from '../../../src/insight/lint/lint.js';
import { compile } from '../../../src/policy/compile.js';
import { evaluate } from '../../../src/policy/evaluate.js';
import type { Facts } from '../../../src/policy/facts.js';
import { goldenCases, goldenModel, type GoldenCase } from '../../support/policy/golden.js';
import { Random } from '../../support/policy/random.js';
import { HOSTS, randomFlow, randomNetwork } from '../../support/policy/random-network.js';
import { OPEN, policy, TIER, workload } from '../../support/policy/resources.js';

interface LintCase extends Pick<GoldenCase, 'id' | 'hosts' | 'store'> {
  readonly facts: Facts;
}

/** Networks where an endpoint lists a profile twice. */
const FORMERLY_WRONG = [68, 198, 371];

describe('what becomes of every rule', () => {
  it('never happens where it was recorded to happen, and is found where it never does', () => {
    const never = { matches: 0, canMatch: 0 };
    const recorded = { matches: 0, canMatch: 0 };
    for (const { id, hosts, store, facts } of goldenCases<LintCase>('lint')) {
      const known = new Map(facts.rules.map((each) => [each.rule, each]));
      for (const { rule, isAsked, matches, canMatch } of coverageOf(goldenModel(hosts, store)).rules.values()) {
        const { matches: did, canMatch: could } = known.get(rule.id)!;
        if (!isAsked) continue;
        expect(matches || !did, `${id} ${rule.id} matches`).to.equal(true);
        expect(canMatch || !could, `${id} ${rule.id} can match`).to.equal(true);
        never.matches += Number(!matches);
        never.canMatch += Number(!canMatch);
        recorded.matches += Number(!did);
        recorded.canMatch += Number(!could);
      }
    }
    // The recording leaves out addresses that lint counts, and knows all addresses of hosts: a few more never happened there.
    expect(never.matches).to.be.within(recorded.matches * 0.8, recorded.matches);
    expect(never.canMatch).to.be.within(recorded.canMatch * 0.7, recorded.canMatch);
  });

  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

  it(`is not contradicted by random flows (SEED=${seed})`, () => {
    let never = 0;
    for (const at of [...FORMERLY_WRONG, ...Array.from({ length: 15 }, (_, index) => seed + index)]) {
      const random = new Random(at);
      const model = compile(randomNetwork(random), HOSTS);
      const { rules } = coverageOf(model);
      never += [...rules.values()].filter(({ matches }) => !matches).length;
      for (const flow of random.times(80, () => randomFlow(random)).filter(({ src, dst }) => src !== dst)) {
        for (const { visits } of evaluate(model, flow).steps) {
          for (const { rule, failed } of visits) expect(failed !== undefined || rules.get(rule)!.matches, `seed ${at} ${rule.id} ${JSON.stringify(flow)}`).to.equal(true);
        }
      }
    }
    expect(never).to.be.greaterThan(0);
  });

  it('is not said of what was too much to examine', () => {
    const resources = [TIER, OPEN, workload('a', '10.0.0.1/32'), policy('p', { ingress: [{ action: 'Deny' }, { action: 'Allow' }] })];
    const codes = (effort?: { total: number; each: number }): unknown => {
      const { findings, unexamined } = lint(compile(resources), resources, { effort });
      return [findings.map(({ code }) => code), unexamined];
    };
    expect(codes()).to.deep.equal([['behind-deny', 'unused-profile'], 0]);
    expect(codes({ total: 100, each: 1 })).to.deep.equal([['unused-profile'], 1]);
  });
});

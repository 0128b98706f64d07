import { expect } from 'chai';
import { describe, it } from 'mocha';
import { compile } from '../../src/policy/compile.js';
import { evaluate } from '../../src/policy/evaluate.js';
import { factsOf } from '../../src/policy/facts.js';
import { HOSTS, randomFlow, randomNetwork } from '../support/policy/random-network.js';
import { Random } from '../support/policy/random.js';

describe('facts for lint, against evaluate', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

  it(`no random flow contradicts them (SEED=${seed})`, () => {
    let never = 0;
    for (let at = seed; at < seed + 20; at++) {
      const random = new Random(at);
      const model = compile(randomNetwork(random), HOSTS);
      const { rules, tierDefaults } = factsOf(model);
      const facts = new Map(rules.map((each) => [each.rule, each]));
      never += rules.filter(({ matches, canMatch }) => canMatch && !matches).length;
      for (const flow of random.times(100, () => randomFlow(random)).filter(({ src, dst }) => src !== dst)) {
        const { steps } = evaluate(model, flow);
        for (const step of steps) {
          for (const { rule, failed } of step.visits) {
            const said = facts.get(rule.id)!;
            expect(said.visited && (failed !== undefined || (said.matches && said.canMatch)), `seed ${at} ${rule.id} ${JSON.stringify(said)} ${JSON.stringify(flow)}`).to.equal(true);
          }
          if (step.by.startsWith('tier-default:')) expect(tierDefaults, `seed ${at} ${JSON.stringify(flow)}`).to.include(`${step.by.slice('tier-default:'.length)} ${step.ep!} ${step.hook} ${step.dir!}`);
        }
      }
    }
    expect(never).to.be.greaterThan(0);
  });
});

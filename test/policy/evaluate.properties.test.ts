import { expect } from 'chai';
import { describe, it } from 'mocha';
import { compile } from '../../src/policy/compile.js';
import { evaluate, type Verdict } from '../../src/policy/evaluate.js';
import { naiveEvaluate, type NaiveVerdict } from '../support/policy/naive-evaluate.js';
import { networkOf } from '../support/policy/naive-network.js';
import { HOSTS, randomFlow, randomNetwork } from '../support/policy/random-network.js';
import { Random } from '../support/policy/random.js';

const NETWORKS = 500;
const FLOWS = 200;

describe('evaluate, against a naive evaluator written by the text of the semantics', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

  it(`agrees on ${NETWORKS * FLOWS} flows of random networks (SEED=${seed})`, () => {
    for (let at = seed; at < seed + NETWORKS; at++) {
      const random = new Random(at);
      const objects = randomNetwork(random);
      const model = compile(objects, HOSTS);
      const network = networkOf(objects, HOSTS);
      for (const flow of random.times(FLOWS, () => randomFlow(random))) {
        const [said, wanted] = [inWords(evaluate(model, flow)), naiveEvaluate(network, flow)];
        if (JSON.stringify(said) !== JSON.stringify(wanted)) expect(said, `seed ${at}, ${JSON.stringify(flow)}, ${JSON.stringify(objects)}`).to.deep.equal(wanted);
      }
    }
  });
});

function inWords({ verdict, by, steps }: Verdict): NaiveVerdict {
  return { verdict, by, steps: steps.map((step) => `${step.hook} ${step.dir ?? ''} ${step.ep ?? step.node ?? ''}: ${step.do} by ${step.by} [${step.visits.map(({ rule }) => rule.id).join(' ')}]`) };
}

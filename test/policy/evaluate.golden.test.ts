import { expect } from 'chai';
import { describe, it } from 'mocha';
import { evaluate } from '../../src/policy/evaluate.js';
import { asRecorded, goldenCases, goldenModel } from '../support/policy/golden.js';

describe('evaluate, against official Calico 3.32.1', () => {
  for (const file of ['pointed', 'flows', 'flows-large']) {
    it(`gives verdict, decider, steps, trace and visits of every flow of ${file}`, () => {
      let flows = 0;
      for (const each of goldenCases(file)) {
        const model = goldenModel(each.hosts, each.store);
        each.flows.forEach((flow, at) => {
          const wanted = each.want[at]!;
          const said = asRecorded(evaluate(model, flow), wanted);
          if (JSON.stringify(said) !== JSON.stringify(wanted)) expect(said, `${each.id} ${JSON.stringify(flow)} ${each.note ?? ''}`).to.deep.equal(wanted);
          flows++;
        });
      }
      expect(flows).to.be.greaterThan(0);
    });
  }
});

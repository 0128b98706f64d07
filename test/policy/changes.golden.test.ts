import { expect } from 'chai';
import { describe, it } from 'mocha';
import { changes } from '../../src/policy/changes.js';
import type { Flow } from '../../src/policy/flow.js';
import { goldenCases, goldenModel, type GoldenCase, type GoldenVerdict, type Store } from '../support/policy/golden.js';
import { holdsFlow } from '../support/policy/in-set.js';

interface Diff extends Omit<GoldenCase, 'want'> {
  readonly after: Store;
  readonly before: readonly GoldenVerdict[];
  readonly afterward: readonly GoldenVerdict[];
}

describe('changes, against official Calico 3.32.1', () => {
  for (const [how, fewPairs] of [['many at once', 0], ['one by one', Infinity]] as const) it(`has every flow whose verdict changed, with both deciders, and no other, where classes are compared ${how}`, () => {
    let flows = 0;
    for (const each of goldenCases<Diff>('diff')) {
      const models = [goldenModel(each.hosts, each.store), goldenModel(each.hosts, each.store, each.after)] as const;
      const changed = ([4, 6] as const).flatMap((version) => [...changes(...models, version, undefined, undefined, fewPairs)]);
      each.flows.forEach((flow, at) => {
        const found = changed.filter((change) => holdsFlow(models, change, flow)).map(({ before, after }) => [before, after]);
        const [before, after] = [each.before[at]!, each.afterward[at]!];
        expect([...new Set(found.map((one) => JSON.stringify(one)))], `${each.id} ${JSON.stringify(flow satisfies Flow)}`).to.deep.equal(before.verdict === after.verdict ? [] : [JSON.stringify([reason(before), reason(after)])]);
        flows++;
      });
    }
    expect(flows).to.be.greaterThan(0);
  });
});

function reason({ verdict, by }: GoldenVerdict): unknown {
  return { verdict, by };
}

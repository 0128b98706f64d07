import { expect } from 'chai';
import { describe, it } from 'mocha';
import { factsOf, type Facts } from '../../src/policy/facts.js';
import { goldenCases, goldenModel, type GoldenCase } from '../support/policy/golden.js';

/** What was recorded has null for an empty list. */
type Recorded = { readonly [Name in keyof Facts]: Facts[Name] | null };

interface Lint extends Pick<GoldenCase, 'id' | 'hosts' | 'store'> {
  readonly facts: Recorded;
}

describe('facts for lint, against what official Calico 3.32.1 did with every class of flows', () => {
  for (const { id, hosts, store, facts } of goldenCases<Lint>('lint')) {
    it(id, () => {
      const { rules, ...others } = factsOf(goldenModel(hosts, store));
      const recorded = { policies: facts.policies ?? [], tierDefaults: facts.tierDefaults ?? [], passToProfiles: facts.passToProfiles ?? [] };
      expect(rules.map(withoutBuiltIn)).to.deep.equal((facts.rules ?? []).map(withoutBuiltIn));
      expect(others).to.deep.equal(recorded);
    });
  }
});

/** The recording tried one port of each class that rules name: it did not always meet failsafe ports and VXLAN, which take packets too. */
function withoutBuiltIn({ takenBy, ...facts }: Facts['rules'][number]): unknown {
  return { ...facts, ...(takenBy !== undefined && { takenBy: takenBy.filter((by) => by !== 'failsafe' && by !== 'encapsulation') }) };
}

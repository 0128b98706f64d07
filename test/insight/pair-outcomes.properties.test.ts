import { expect } from 'chai';
import { describe, it } from 'mocha';
import { pairsBetween, routeOf, Sorter } from '../../src/insight/alike.js';
import { groupsOf } from '../../src/insight/graph/groups.js';
import { PairOutcomes } from '../../src/insight/pair-outcomes.js';
import { compile } from '../../src/policy/compile.js';
import { HookAnswers } from '../../src/policy/hook-answers.js';
import { contains } from '../../src/policy/interval-set.js';
import { allPackets, packetsKey, type PacketSet } from '../../src/policy/packet-set.js';
import { routePackets, type Outcome } from '../../src/policy/route-packets.js';
import { hopsOnRoute } from '../../src/policy/routes.js';
import { HOSTS, randomNetwork } from '../support/policy/random-network.js';
import { Random } from '../support/policy/random.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** What becomes of the first packet of each box, so that sets which are written otherwise can be compared. */
function verdictsOf(outcomes: readonly Outcome[], packets: PacketSet): string {
  const holds = (set: PacketSet, { protocols, first, second }: PacketSet[number]): boolean => set.some((box) => contains(box.protocols, protocols[0]!) && contains(box.first, first[0]!) && contains(box.second, second[0]!));
  return JSON.stringify(packets.map((box) => outcomes.filter((each) => holds(each.packets, box)).map(({ verdict, by }) => [verdict, by]).sort()));
}

describe('outcomes of pairs, against those of each route', () => {
  it(`every pair has verdicts and deciders as its own way has them, and each pair is counted (SEED=${SEED})`, () => {
    let compared = 0;
    for (let at = SEED; at < SEED + 12; at++) {
      const resources = randomNetwork(new Random(at));
      const model = compile(resources, HOSTS);
      const answers = new HookAnswers(model);
      const ends = groupsOf(model, resources, { by: 'labels', keys: [] }, 'v3').flatMap((group) => group.ends);
      const sorter = new Sorter(model, ends.flatMap(({ nets = [] }) => nets));
      const outcomes = new PairOutcomes(model, answers, (by) => by);
      for (const version of [4, 6] as const) {
        const alike = sorter.alike(ends, version);
        let pairs = 0;
        for (const one of alike) {
          for (const other of alike) {
            const all = [...pairsBetween([one], [other])];
            const found = outcomes.between([one], [other], allPackets(version));
            pairs += [...found.values()].reduce((sum, { count }) => sum + count, 0);
            const own = all.map((pair) => routePackets(model, answers, hopsOnRoute(model, routeOf(pair)), { version, source: model.address(pair.from.text), destination: model.address(pair.to.text) }, allPackets(version)));
            const texts = (list: readonly (readonly Outcome[])[]): readonly string[] => [...new Set(list.map((each) => verdictsOf(each, own.flat().flatMap(({ packets }) => packets))))].sort();
            expect(texts([...found.keys()].map((stage) => stage.outcomes)), `seed ${at} ${one.of} ${other.of}`).to.deep.equal(texts(own));
            compared += all.length;
          }
        }
        const whole = outcomes.between(alike, alike, allPackets(version));
        expect([...whole.values()].reduce((sum, { count }) => sum + count, 0), `seed ${at}`).to.equal(pairs);
        expect(new Set([...whole.keys()].map(({ outcomes: all }) => all.map(({ verdict, by, packets }) => `${verdict} ${by} ${packetsKey(packets)}`).sort().join('\n'))).size, `seed ${at}`).to.equal(whole.size);
      }
    }
    expect(compared).to.be.greaterThan(500);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { formatIp } from '../../src/net/address.js';
import { changes } from '../../src/policy/changes.js';
import { compile } from '../../src/policy/compile.js';
import { evaluate } from '../../src/policy/evaluate.js';
import type { Flow } from '../../src/policy/flow.js';
import { rangesOf } from '../../src/policy/interval-set.js';
import type { Model } from '../../src/policy/model.js';
import type { PacketBox } from '../../src/policy/packet-set.js';
import { ICMP, ICMPV6, WITH_PORTS } from '../../src/policy/protocol-number.js';
import { reach, type Reached } from '../../src/policy/reach.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { addressIn, holdsFlow, isInClass } from '../support/policy/in-set.js';
import { HOSTS, randomFlow, randomNetwork } from '../support/policy/random-network.js';
import { Random } from '../support/policy/random.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

describe('sets of flows, against evaluate', () => {
  it(`reach says of a random packet of each outcome what evaluate says (SEED=${SEED})`, () => {
    for (let at = SEED; at < SEED + 12; at++) {
      const random = new Random(at);
      const model = compile(randomNetwork(random), HOSTS);
      for (const version of [4, 6] as const) {
        for (const reached of reach(model, { version })) {
          if (random.chance(0.5)) continue;
          const { verdict, by, packets } = random.one(reached.outcomes);
          const flow = { ...ends(random, reached), ...point(random, version, random.one(packets)) } as Flow;
          const said = evaluate(model, flow);
          expect([said.verdict, said.by], `seed ${at} ${JSON.stringify(flow)}`).to.deep.equal([verdict, by]);
        }
      }
    }
  });

  it(`reach has every random flow in exactly one outcome (SEED=${SEED})`, () => {
    for (let at = SEED; at < SEED + 8; at++) {
      const random = new Random(at);
      const model = compile(randomNetwork(random), HOSTS);
      const all = ([4, 6] as const).flatMap((version) => [...reach(model, { version })]);
      for (const flow of random.times(40, () => randomFlow(random))) {
        const said = evaluate(model, flow);
        const found = all.flatMap((reached) => reached.outcomes.filter(({ packets }) => holdsFlow([model], { ...reached, packets }, flow)));
        expect([...new Set(found.map(({ verdict, by }) => `${verdict} ${by}`))], `seed ${at} ${JSON.stringify(flow)}`).to.deep.equal([`${said.verdict} ${said.by}`]);
      }
    }
  });

  // Where host endpoints ask nothing of what is forwarded, classes are compared many at once.
  for (const [where, isKept] of [['', () => true], [' where hosts ask nothing of what they forward', ({ spec }: StoredObject) => !FOR_HOSTS.some((field) => spec[field] === true)]] as const) {
    it(`changes has a random flow exactly where its verdict changes${where} (SEED=${SEED})`, () => {
      let changed = 0;
      for (let at = SEED; at < SEED + 15 || (changed === 0 && at < SEED + 200); at++) {
        const random = new Random(at);
        const objects = randomNetwork(random).filter(isKept);
        const others = new Map(randomNetwork(random).filter(isKept).map((object) => [`${object.kind} ${object.metadata.name}`, object]));
        // Some resources are gone, some are as in another network.
        const edited = objects.flatMap((object) => (random.chance(0.85) ? object : random.chance(0.4) ? [] : (others.get(`${object.kind} ${object.metadata.name}`) ?? object)));
        // Of policies alone, nothing around workloads changes.
        const after = random.chance(0.5) ? edited : [...objects.filter(({ kind }) => !kind.endsWith('Policy')), ...edited.filter(({ kind }) => kind.endsWith('Policy'))];
        changed += heldAgainstEvaluate(random, [compile(objects, HOSTS), compile(after, HOSTS)], `seed ${at}`);
      }
      expect(changed).to.be.greaterThan(0);
    });
  }

  it('a question about some addresses is answered for those only, and in full', () => {
    const model = compile(randomNetwork(new Random(SEED)), HOSTS);
    const from = [{ address: { version: 4, value: 0xcb007100 } as const, length: 24 }];
    const found = [...reach(model, { version: 4, from })];
    expect(found.every((each) => isInClass(each.from, { version: 4, value: 0xcb007105 }) || isInClass(each.from, { version: 4, value: 0xcb0071c8 }))).to.equal(true);
    expect(found.some((each) => isInClass(each.from, { version: 4, value: 0x08080808 }))).to.equal(false);
  });
});

const FOR_HOSTS = ['applyOnForward', 'doNotTrack', 'preDNAT'];

/** Expects that random flows are among the changes exactly where evaluate changes its mind; says how many of them do. */
function heldAgainstEvaluate(random: Random, models: readonly [Model, Model], of: string): number {
  const sets = ([4, 6] as const).flatMap((version) => [...changes(...models, version, undefined, undefined, random.one([0, Infinity]))]);
  return random.times(60, () => randomFlow(random)).filter((flow) => {
    const [before, after] = models.map((model) => evaluate(model, flow));
    const found = sets.filter((set) => holdsFlow(models, set, flow)).map((set) => `${set.before.verdict} ${set.before.by} ${set.after.verdict} ${set.after.by}`);
    const isChanged = before!.verdict !== after!.verdict;
    expect([...new Set(found)], `${of} ${JSON.stringify(flow)}`).to.deep.equal(isChanged ? [`${before!.verdict} ${before!.by} ${after!.verdict} ${after!.by}`] : []);
    return isChanged;
  }).length;
}

/** A flow between other addresses of the classes, as far as they are on the same hosts. */
function ends(random: Random, { from, to, route }: Reached): Partial<Flow> {
  const outside = (each: Reached['from'], example: string): string => (each.representatives.length === 1 && !example.startsWith('10.') && !example.startsWith('fd') ? formatIp(addressIn(each, random.below(100), random.fraction())) : example);
  return { ...route, src: outside(from, route.src), dst: outside(to, route.dst) };
}

/** A packet of a box: often at its edges. */
function point(random: Random, version: 4 | 6, { protocols, first, second }: PacketBox): Partial<Flow> {
  const one = (set: PacketBox['first']): number => {
    const [from, to] = random.one(rangesOf(set));
    return random.one([from, to, from + random.below(to - from + 1)]);
  };
  const protocol = one(protocols);
  if (WITH_PORTS.includes(protocol)) return { protocol, sport: one(first), dport: one(second) };
  return protocol === (version === 4 ? ICMP : ICMPV6) ? { protocol, type: one(first), code: one(second) } : { protocol };
}

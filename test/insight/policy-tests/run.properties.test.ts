import { expect } from 'chai';
import { describe, it } from 'mocha';
import { testsFile, type WrittenTest } from '../../../src/insight/policy-tests/fields.js';
import { Covering } from '../../../src/insight/policy-tests/coverage.js';
import { packetsOf } from '../../../src/insight/policy-tests/packets.js';
import { TestReader } from '../../../src/insight/policy-tests/question.js';
import { runTests } from '../../../src/insight/policy-tests/run.js';
import { formatIp, parseIp } from '../../../src/net/address.js';
import { compile } from '../../../src/policy/compile.js';
import { evaluate } from '../../../src/policy/evaluate.js';
import type { Flow } from '../../../src/policy/flow.js';
import { holdsPacket } from '../../../src/policy/packet-set.js';
import { DIRECTIONS } from '../../../src/policy/model.js';
import { Problems } from '../../../src/resources/problem.js';
import { HOSTS, randomNetwork } from '../../support/policy/random-network.js';
import { Random } from '../../support/policy/random.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const WORDS = {
  end: (word: string) => (word === 'internet' ? { word, by: 'internet' as const } : parseIp(word) === undefined ? { word, by: 'name' as const } : { word, by: 'address' as const, ip: parseIp(word)! }),
  resource: (word: string) => ({ word, by: 'name' as const }),
  selector: (text: string) => text,
};

/** A test of random groups, about packets that are few enough to be tried one by one. */
function randomTest(random: Random): object {
  const group = (): unknown => random.one<unknown>([{ selector: 'all()' }, { selector: "app == 'b'" }, { selector: "!has(app)" }, ['internet', { selector: 'has(host)' }], '10.65.0.2', 'internet', '10.9.0.2']);
  const packets = random.one<object>([{ port: 80 }, { protocol: 'udp', ports: [53, '80:81'] }, { icmp: { type: 8, code: 0 } }, { protocol: 47 }, { port: 8080, fromPort: 1000 }]);
  return { from: group(), to: group(), ...packets, expect: random.one(['allow', 'deny']) };
}

/** The packets of such a test between two addresses, but for source ports, of which two stand for all. */
function flows({ icmp, protocol, port, ports, fromPort }: WrittenTest, version: 4 | 6): readonly Partial<Flow>[] {
  if (icmp !== undefined) return [{ protocol: version === 4 ? 'icmp' : 'icmpv6', type: 8, code: 0 }];
  if (protocol === 47) return [{ protocol: 47 }];
  const listed = ports === undefined ? [Number(port)] : [53, 80, 81];
  return listed.flatMap((dport) => (fromPort === undefined ? [40_000, 53] : [Number(fromPort)]).map((sport) => ({ protocol: protocol ?? 'tcp', sport, dport })));
}

describe('tests of policies, against evaluate', () => {
  it(`a test fails exactly where a packet of one of its pairs fares otherwise, and counts its pairs (SEED=${SEED})`, () => {
    let [run, failed] = [0, 0];
    for (let at = SEED; at < SEED + 25; at++) {
      const random = new Random(at);
      const resources = randomNetwork(random);
      const model = compile(resources, HOSTS);
      const covering = new Covering(model);
      for (const raw of random.times(6, () => randomTest(random))) {
        const problems = new Problems();
        const written = testsFile.decode({ tests: [raw] }, [], { problems, coerce: true })!.tests[0]!;
        const test = new TestReader(model, resources, 'v3', WORDS, problems).read(written, 0);
        // Nobody is meant, or no pair: that is told, not run.
        if (problems.failed) continue;
        run++;
        const [result] = runTests(model, [test], { listener: covering.listen });
        const note = `seed ${at} ${JSON.stringify(raw)}`;
        const wrong = new Set<string>();
        const pairs = new Set<string>();
        for (const from of test.from) {
          for (const to of test.to) {
            for (const source of from.addresses) {
              for (const destination of to.addresses.filter((each) => each.version === source.version && formatIp(each) !== formatIp(source))) {
                const pair = [formatIp(source), from.gate?.interface, from.via?.interface, formatIp(destination), to.gate?.interface, to.via?.interface].join(' ');
                pairs.add(pair);
                const vias = [from.via, to.via].filter((via) => via !== undefined);
                const route = { src: formatIp(source), dst: formatIp(destination), ...(vias.length > 0 && { via: Object.fromEntries(vias.map((via) => [via.node, via.interface])) }), ...(from.gate && { from: from.gate }), ...(to.gate && { to: to.gate }) };
                for (const packet of flows(written, source.version)) if (evaluate(model, { ...route, ...packet } as Flow).verdict !== test.expect) wrong.add(pair);
              }
            }
          }
        }
        if (wrong.size > 0) expect(result!.failure, note).to.not.equal(undefined);
        if (result!.failure !== undefined) {
          failed++;
          const { flow, verdict, from } = result!.failure;
          expect(verdict.verdict, note).to.not.equal(test.expect);
          expect(holdsPacket(packetsOf(test.packets, from.ip.version), verdict.packet), `${note} ${JSON.stringify(flow)}`).to.equal(true);
        }
        // Sets are more than their first addresses.
        if ([...test.from, ...test.to].every(({ isSet }) => isSet !== true)) {
          expect(result!.pairs, note).to.equal(pairs.size);
          expect(result!.failure?.pairs ?? 0, note).to.be.at.least(wrong.size);
        }
      }
    }
    expect(run).to.be.greaterThan(20);
    expect(failed).to.be.greaterThan(5);
  });

  it(`coverage knows every rule that a packet of a test comes to, and that decides one (SEED=${SEED})`, () => {
    for (let at = SEED; at < SEED + 10; at++) {
      const random = new Random(at);
      const resources = randomNetwork(random);
      const model = compile(resources, HOSTS);
      const covering = new Covering(model);
      const problems = new Problems();
      const written = testsFile.decode({ tests: [{ from: { selector: 'all()' }, to: { selector: 'all()' }, port: 80, expect: 'allow' }] }, [], { problems, coerce: true })!.tests[0]!;
      const test = new TestReader(model, resources, 'v3', WORDS, problems).read(written, 0);
      runTests(model, [test], { listener: covering.listen });
      const [visited, decided] = [new Set<string>(), new Set<string>()];
      const workloads = test.from.filter(({ isSet, gate }) => isSet !== true && gate !== undefined);
      for (const from of workloads) {
        for (const to of workloads.filter((each) => each !== from)) {
          const flow = { src: formatIp(from.addresses[0]!), dst: formatIp(to.addresses[0]!), from: from.gate!, to: to.gate!, protocol: 'tcp', sport: 40_000, dport: 80 };
          for (const step of evaluate(model, flow).steps) {
            for (const { rule } of step.visits) visited.add(rule.id);
            if (step.rule !== undefined) decided.add(step.rule.id);
          }
        }
      }
      const rules = [...model.parts.policies.policies, ...model.parts.profiles.values()].flatMap((owner) => DIRECTIONS.flatMap((direction) => owner.rules(direction)));
      for (const rule of rules) {
        if (visited.has(rule.id)) expect(covering.covered(rule), `seed ${at} ${rule.id}`).to.not.equal('untested');
        if (decided.has(rule.id)) expect(covering.covered(rule), `seed ${at} ${rule.id}`).to.equal('matched');
      }
    }
  });
});

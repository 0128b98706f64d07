import { evaluate, type Verdict } from '../../policy/evaluate.js';
import type { Flow } from '../../policy/flow.js';
import type { HookAnswers } from '../../policy/hook-answers.js';
import type { Model } from '../../policy/model.js';
import { NO_PACKETS, join, type PacketSet } from '../../policy/packet-set.js';
import { IPIP, protocolNumber } from '../../policy/protocol-number.js';
import { routePackets } from '../../policy/route-packets.js';
import { hopsOnRoute, type Route } from '../../policy/routes.js';
import { explain, type ExplainedStep } from '../explain.js';
import { examplePacket } from '../packet-groups.js';
import { packetsOf } from './packets.js';
import type { PolicyTest } from './question.js';
import { pairsBetween, routeOf, Sorter, type EndAddress, type Pair } from '../alike.js';

/** What a test came to. */
export interface TestResult {
  readonly test: PolicyTest;
  /** How many pairs of addresses it is about. */
  readonly pairs: number;
  /** Absent where all is as expected. */
  readonly failure?: Failure;
}

/** What is not as a test expects. */
export interface Failure {
  /** Whether the verdict is another one, or only what decides. */
  readonly what: 'verdict' | 'decider';
  /** How many pairs of addresses it is so for. */
  readonly pairs: number;
  /** An example: its packets that are not as expected, and one of them, explained. */
  readonly from: EndAddress;
  readonly to: EndAddress;
  readonly packets: PacketSet;
  readonly flow: Flow;
  readonly verdict: Verdict;
  readonly steps: readonly ExplainedStep[];
}

const VERSIONS = [4, 6] as const;

/** Runs tests, each for every pair of its ends and every packet that it is about. */
export function runTests(model: Model, answers: HookAnswers, tests: readonly PolicyTest[]): readonly TestResult[] {
  const sorter = new Sorter(model, tests.flatMap(({ from, to }) => [...from, ...to].flatMap(({ nets = [] }) => nets)));
  return tests.map((test) => runTest(model, answers, test, pairsOf(sorter, test)));
}

/** The pairs of a test; none where its ends have no addresses of one IP version, or are one and the same. */
function pairsOf(sorter: Sorter, { from, to }: PolicyTest): readonly Pair[] {
  return VERSIONS.flatMap((version) => pairsBetween(sorter.alike(from, version), sorter.alike(to, version)));
}

function runTest(model: Model, answers: HookAnswers, test: PolicyTest, pairs: readonly Pair[]): TestResult {
  let failure: Omit<Failure, 'flow' | 'verdict' | 'steps'> & { readonly route: Route } | undefined;
  for (const pair of pairs) {
    const route = routeOf(pair);
    const wrong = wrongPackets(model, answers, test, route, pair.from.ip.version);
    if (wrong === undefined) continue;
    // The verdict is more than what decides.
    if (failure === undefined || (failure.what === 'decider' && wrong.what === 'verdict')) failure = { ...wrong, from: pair.from, to: pair.to, route, pairs: failure?.pairs ?? 0 };
    failure = { ...failure, pairs: failure.pairs + pair.count };
  }
  const counted = { test, pairs: pairs.reduce((sum, { count }) => sum + count, 0) };
  if (failure === undefined) return counted;
  const { route, ...rest } = failure;
  const flow: Flow = { ...route, ...examplePacket(failure.packets) };
  const verdict = evaluate(model, flow);
  return { ...counted, failure: { ...rest, flow, verdict, steps: explain(model, verdict) } };
}

/** The packets between two addresses that are not as a test expects: those of another verdict, else those that something else decides. */
function wrongPackets(model: Model, answers: HookAnswers, test: PolicyTest, route: Route, version: 4 | 6): Pick<Failure, 'what' | 'packets'> | undefined {
  const ends = { version, source: model.address(route.src), destination: model.address(route.dst) };
  const outcomes = routePackets(model, answers, hopsOnRoute(model, route), ends, packetsOf(test.packets, version)).filter(({ by }) => by !== 'encapsulation' || meansEncapsulation(test.packets));
  const others = (isOther: (outcome: (typeof outcomes)[number]) => boolean): PacketSet => outcomes.filter(isOther).reduce<PacketSet>((set, { packets }) => join(set, packets), NO_PACKETS);
  const denied = others(({ verdict }) => verdict !== test.expect);
  if (denied.length > 0) return { what: 'verdict', packets: denied };
  const byOthers = others(({ by }) => test.decides !== undefined && !test.decides(by));
  return byOthers.length > 0 ? { what: 'decider', packets: byOthers } : undefined;
}

/** What no workload may send, whatever policies say, is no surprise where a test leaves open what is sent. */
function meansEncapsulation({ protocol, port, ports }: PolicyTest['packets']): boolean {
  return port !== undefined || ports !== undefined || protocolNumber(protocol) === IPIP;
}

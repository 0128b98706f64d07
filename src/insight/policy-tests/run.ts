import type { Notify } from '../../base/notice.js';
import type { InsightNotice } from '../notices.js';
import { evaluate, type Verdict } from '../../policy/evaluate.js';
import type { Flow } from '../../policy/flow.js';
import { HookAnswers } from '../../policy/hook-answers.js';
import type { Model } from '../../policy/model.js';
import { join, NO_PACKETS, type PacketSet } from '../../policy/packet-set.js';
import { IPIP, protocolNumber } from '../../policy/protocol-number.js';
import type { Listener, Stage } from '../../policy/route-outcomes.js';
import { routeOf, Sorter, type EndAddress } from '../alike.js';
import { explain, type ExplainedStep } from '../explain.js';
import { examplePacket } from '../packet-groups.js';
import { PairOutcomes } from '../pair-outcomes.js';
import { packetsOf } from './packets.js';
import type { PolicyTest } from './question.js';

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

/**
 * Runs tests, each for every pair of its ends and every packet that it is about.
 * @param listener is told what hooks are asked
 */
export function runTests(model: Model, tests: readonly PolicyTest[], { listener, notify }: { readonly listener?: Listener | undefined; readonly notify?: Notify<InsightNotice> | undefined } = {}): readonly TestResult[] {
  const sorter = new Sorter(model, tests.flatMap(({ from, to }) => [...from, ...to].flatMap(({ nets = [] }) => nets)));
  const answers = new HookAnswers(model);
  // Where nothing but the verdict counts, what is found for one test is so for the next.
  const verdicts = new PairOutcomes(model, answers, (by) => (by === ENCAPSULATION ? by : ''), listener);
  return tests.map((test, at) => {
    notify?.({ code: 'insight.progress', did: 'tested', count: at, of: tests.length });
    const { decides } = test;
    const outcomes = decides === undefined ? verdicts : new PairOutcomes(model, answers, (by) => (by === ENCAPSULATION ? by : decides(by) ? EXPECTED : ''), listener);
    return runTest(model, outcomes, test, sorter);
  });
}

const ENCAPSULATION = 'encapsulation';
/** The mark of deciders that a test expects. */
const EXPECTED = 'expected';

function runTest(model: Model, outcomes: PairOutcomes, test: PolicyTest, sorter: Sorter): TestResult {
  let failure: (Wrong & Pick<Failure, 'from' | 'to' | 'pairs'>) | undefined;
  let pairs = 0;
  for (const version of VERSIONS) {
    // Without addresses of one IP version, or where both ends are one and the same, there are no pairs.
    for (const [stage, { from, to, count }] of outcomes.between(sorter.alike(test.from, version), sorter.alike(test.to, version), packetsOf(test.packets, version))) {
      pairs += count;
      const wrong = wrongPackets(test, stage);
      if (wrong === undefined) continue;
      // The verdict is more than what decides.
      if (failure === undefined || (failure.what === 'decider' && wrong.what === 'verdict')) failure = { ...wrong, from, to, pairs: failure?.pairs ?? 0 };
      failure = { ...failure, pairs: failure.pairs + count };
    }
  }
  if (failure === undefined) return { test, pairs };
  const flow: Flow = { ...routeOf(failure), ...examplePacket(failure.packets) };
  const verdict = evaluate(model, flow);
  return { test, pairs, failure: { ...failure, flow, verdict, steps: explain(model, verdict) } };
}

type Wrong = Pick<Failure, 'what' | 'packets'>;

/** The packets that are not as a test expects: those of another verdict, else those that something else decides. */
function wrongPackets(test: PolicyTest, stage: Stage): Wrong | undefined {
  const outcomes = stage.outcomes.filter(({ by }) => by !== ENCAPSULATION || meansEncapsulation(test.packets));
  const others = (isOther: (outcome: (typeof outcomes)[number]) => boolean): PacketSet => outcomes.filter(isOther).reduce<PacketSet>((set, { packets }) => join(set, packets), NO_PACKETS);
  const denied = others(({ verdict }) => verdict !== test.expect);
  if (denied.length > 0) return { what: 'verdict', packets: denied };
  const byOthers = others(({ by }) => test.decides !== undefined && by !== EXPECTED);
  return byOthers.length > 0 ? { what: 'decider', packets: byOthers } : undefined;
}

/** What no workload may send, whatever policies say, is no surprise where a test leaves open what is sent. */
function meansEncapsulation({ protocol, port, ports }: PolicyTest['packets']): boolean {
  return port !== undefined || ports !== undefined || protocolNumber(protocol) === IPIP;
}

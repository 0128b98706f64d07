import type { Directory } from '../../../insight/directory.js';
import type { ExplainedStep } from '../../../insight/explain.js';
import type { Trace } from '../../../insight/trace.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import { foundIn } from '../../../policy/condition.js';
import type { Packet } from '../../../policy/packet.js';
import type { Rule } from '../../../policy/rule.js';
import { conditionText } from './condition-text.js';
import { differenceText, trapText } from './trap-text.js';
import { shownRule } from './words.js';
import { stepData } from './verdict-data.js';

/** What `policy trace -o json` prints of one flow. Rules are counted from 0 where they are part of an id, from 1 in `number`. */
export function traceData({ from, to, flow, verdict, steps, traps, otherwise }: Trace, directory: Directory): string {
  const { verdict: said, by, packet } = verdict;
  return `${goJsonIndented({
    from: { name: from.name, address: flow.src },
    to: { name: to.name, address: flow.dst },
    flow,
    verdict: said,
    by,
    steps: steps.map((step) => explainedData(step, packet, directory)),
    notes: traps.map((trap) => ({ code: trap.code, text: trapText(trap, directory) })),
    otherwise,
  })}\n`;
}

function explainedData({ step, endpoint, passedOver, differences }: ExplainedStep, packet: Packet, directory: Directory): object {
  return {
    ...stepData(step),
    ...(endpoint !== undefined && { endpoint: directory.name(endpoint.id), host: endpoint.node }),
    ...(step.rule !== undefined && { rule: ruleData(step.rule, directory) }),
    passedOver: passedOver.map(({ rule, failed }) => ({
      ...ruleData(rule, directory),
      failed: failed.map((condition) => ({ field: condition.field, wants: condition.wants, found: foundIn(condition, packet).value, text: conditionText(condition, packet, directory.dialect) })),
    })),
    differences: differences.map((each) => ({ code: each.code, ...('rule' in each && ruleData(each.rule, directory)), text: differenceText(each, packet, directory) })),
  };
}

function ruleData(rule: Rule, directory: Directory): object {
  return { resource: directory.name(rule.owner.id), direction: rule.direction, number: rule.index + 1, text: shownRule(rule, directory) };
}

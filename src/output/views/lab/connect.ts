import type { Directory } from '../../../insight/directory.js';
import type { ExplainedStep } from '../../../insight/explain.js';
import { gotThrough, type Connection } from '../../../lab/connect.js';
import { safe } from '../../../text/safe.js';
import type { Colours } from '../../theme/colours.js';
import { dataText } from '../data.js';
import { verdictData } from '../policy/verdict-data.js';
import { deciderText, DONE, isWritten, packetText, placedRule, shownRule, stepTitle } from '../policy/words.js';

/** What `lab connect` prints: what became of the packet, what policies say of it, and whether that is the same. */
export function connectionText(connection: Connection, directory: Directory, colours: Colours): string {
  const { outcome, words, trace: { flow, verdict, steps }, agree, tries } = connection;
  const end = (name: string, address: string): string => (name === address ? safe(name) : `${safe(name)} (${address})`);
  const word = (allowed: boolean): string => (allowed ? colours.good('allowed') : colours.bad('denied'));
  const through = gotThrough(outcome);
  return [
    `${end(words.from, flow.src)} to ${end(words.to, flow.dst)}, ${packetText(flow)}`,
    '',
    `The packet:    ${outcome === 'unreachable' ? colours.bad('not delivered') : word(through)}: ${outcomeText(connection)}`,
    `Policy trace:  ${word(verdict.verdict === 'allow')}`,
    ...steps.map((step, at) => `  ${at + 1}. ${safe(stepText(step, directory))}`),
    '',
    ...(agree ? [tries === 1 ? 'They agree.' : `They agree, at try ${tries}: what is stored takes a moment until it is programmed.`] : disagreement(connection).map((line, at) => (at === 0 ? colours.bad(line) : safe(line)))),
    '',
  ].join('\n');
}

function outcomeText({ outcome, ms, code, listened }: Connection): string {
  const time = ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
  const by = listened ? ' (nobody listened there, so the lab did)' : '';
  switch (outcome) {
    case 'answered':
      return `answered in ${time}${by}`;
    case 'arrived':
      return `it arrived, and no answer came back in ${time}${by}`;
    case 'rejected':
      return `rejected after ${time}`;
    case 'lost':
      return `nothing came back in ${time}`;
    case 'unreachable':
      return `there is no way to it${code === undefined ? '' : ` (${code})`}`;
  }
}

/** `Ingress of workload ... on host node1: denied by ingress rule 1 of policy/database: deny from ...`. */
function stepText(explained: ExplainedStep, directory: Directory): string {
  const { step } = explained;
  const title = `${stepTitle(explained, directory)}: ${DONE[step.do]}`;
  if (step.rule === undefined || !isWritten(step.rule)) return `${title}, ${deciderText(step, directory)}`;
  return `${title} by ${placedRule(step.rule, directory)}: ${shownRule(step.rule, directory)}`;
}

function disagreement({ outcome, trace: { verdict }, doubts }: Connection): readonly string[] {
  const policies = verdict.verdict === 'allow' ? 'policies allow the flow' : 'policies deny the flow';
  const packet = gotThrough(outcome) ? 'the packet got through' : 'the packet did not get through';
  const reasons = doubts.length > 0 ? doubts.map((each) => `  perhaps because ${each}`) : ['  nothing in the lab explains it: either the agent or policy trace is wrong, or what is stored is not programmed yet'];
  return [`THEY DO NOT AGREE: ${policies}, and ${packet}.`, ...reasons];
}

/** The same as data. */
export function connectionData({ outcome, ms, code, listened, trace: { from, to, flow, verdict }, agree, doubts, tries }: Connection, directory: Directory): Promise<string> {
  const packet = { delivered: gotThrough(outcome), outcome, milliseconds: Math.round(ms * 100) / 100, ...(code !== undefined && { error: code }), listenedByLab: listened };
  const decider = verdict.steps.findLast((step) => step.do === verdict.verdict && step.rule !== undefined)?.rule;
  return dataText({ from: from.name, to: to.name, flow, packet, trace: { ...verdictData(verdict), ...(decider !== undefined && isWritten(decider) && { rule: placedRule(decider, directory) }) }, agree, tries, doubts }, 'json');
}

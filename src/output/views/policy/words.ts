import type { Directory } from '../../../insight/directory.js';
import type { ExplainedStep } from '../../../insight/explain.js';
import { wordOf } from '../../../insight/flow-between.js';
import type { Flow } from '../../../policy/flow.js';
import type { Step } from '../../../policy/evaluate.js';
import { Policy, Profile } from '../../../policy/policy.js';
import { protocolNumber } from '../../../policy/protocol-number.js';
import type { Rule } from '../../../policy/rule.js';
import { ruleText } from './rule-text.js';

/** `ingress rule 2 of policy/allow-db`: rules are counted from 1 here, as a reader of the manifest does. */
export function ruleName({ owner, direction, index }: Rule, directory: Directory): string {
  return `${direction} rule ${index + 1} of ${directory.name(owner.id)}`;
}

/** `ingress rule 2 of policy/allow-db (tier default, order 10)`. */
export function placedRule(rule: Rule, directory: Directory): string {
  return `${ruleName(rule, directory)}${rule.owner instanceof Policy ? ` (${placeOfPolicy(rule.owner)})` : ''}`;
}

/** The rule in one line, as its document has it. */
export function shownRule(rule: Rule, directory: Directory): string {
  return ruleText(directory.rule(rule));
}

/** `tier default, order 10`. */
export function placeOfPolicy({ tier: { name }, order }: Policy): string {
  return `tier ${name}, ${Number.isFinite(order) ? `order ${order}` : 'no order'}`;
}

/** `tcp port 3306`, `icmp type 8`, `protocol 47`. */
export function packetText({ protocol, dport, sport, type, code }: Flow): string {
  const known = wordOf(protocolNumber(protocol) ?? -1);
  const word = typeof known === 'number' ? `protocol ${protocol}` : known;
  if (type !== undefined) return `${word} type ${type}${code === undefined || code === 0 ? '' : ` code ${code}`}`;
  if (dport !== undefined) return `${word} port ${dport}`;
  return sport === undefined ? word : `${word}, no port`;
}

const HOOKS: Readonly<Record<Step['hook'], string>> = {
  untracked: 'untracked', preDNAT: 'before DNAT', forward: 'forwarded', workload: '', host: '', 'workload-to-host': 'from a workload to its own host,',
};

/** Which question a step is: `Ingress of workloadEndpoint/...`, `Forwarded egress of hostEndpoint/...`. */
export function stepTitle({ step: { hook, dir, ep, node }, endpoint }: ExplainedStep, directory: Directory): string {
  const words = [HOOKS[hook], dir ?? ''].filter((word) => word !== '').join(' ');
  const title = words === '' ? 'interface' : words;
  const whose = ep === undefined ? `on host ${node ?? ''}` : `of ${directory.name(ep)} on host ${endpoint?.node ?? ''}`;
  return `${title.charAt(0).toUpperCase()}${title.slice(1)} ${whose}`;
}

export const DONE: Readonly<Record<Step['do'], string>> = { allow: 'allowed', deny: 'denied', none: 'undecided, goes on' };

/** Why a hook says what it says, where no rule of somebody's decided, as a sentence without an end. */
export function deciderText({ by, rule }: Pick<Step, 'by' | 'rule'>, directory: Directory): string {
  if (by.startsWith('tier-default:')) return `the end of tier ${by.slice('tier-default:'.length)} denies: its policies select the endpoint, and none of their rules matches`;
  if (rule !== undefined) return `${directory.name(rule.owner.id)} does not exist, and a missing profile denies everything`;
  return DECIDERS[by] ?? by;
}

/** Whether a rule stands somewhere: that of a profile which nobody stored does not. */
export function isWritten({ owner }: Rule): boolean {
  return !(owner instanceof Profile) || owner.object !== undefined;
}

const DECIDERS: Readonly<Record<string, string>> = {
  'no-profile': 'no policy decides, and the endpoint has no profile: what nobody allows is denied',
  'no-profile-match': 'no policy decides, and no rule of its profiles matches: what nobody allows is denied',
  failsafe: 'it is a failsafe port, which no policy closes',
  'forward-default': 'no policy is for forwarded traffic here, so that it passes',
  conntrack: 'the connection is known already',
  invalid: 'connection tracking calls the packet invalid: it belongs to no connection',
  encapsulation: 'workloads may not send encapsulated packets (IPIP, VXLAN), whatever policies say',
  'unknown-interface': 'the interface has no endpoint: what passes it is dropped',
  'endpoint-to-host-action': 'defaultEndpointToHostAction of the Felix settings drops what workloads send to their own host',
  'no-policy': 'no policy asks here',
  'no-match': 'no rule matches, and the packet goes on',
};

/** What decides, by its id, in few words: `ingress rule 2 of policy/allow-db`, `end of tier default`. */
export function ruleIdText(by: string, directory: Directory): string {
  const rule = /^(.+)\/(ingress|egress)\/(\d+)$/.exec(by);
  if (rule !== null) return directory.object(rule[1]!) === undefined ? `${directory.name(rule[1]!)}, which does not exist` : `${rule[2]!} rule ${Number(rule[3]) + 1} of ${directory.name(rule[1]!)}`;
  return by.startsWith('tier-default:') ? `end of tier ${by.slice('tier-default:'.length)}` : (SHORT[by] ?? by);
}

const SHORT: Readonly<Record<string, string>> = {
  'no-profile': 'no profile', 'no-profile-match': 'no rule of a profile', failsafe: 'failsafe port', 'forward-default': 'no policy for forwarded traffic', encapsulation: 'workloads may not encapsulate',
  'unknown-interface': 'interface without endpoint', 'endpoint-to-host-action': 'defaultEndpointToHostAction', 'no-policy': 'no policy asks', 'no-match': 'no rule denies', 'no-endpoint': 'no endpoint there',
};

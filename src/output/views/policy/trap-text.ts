import type { Difference } from '../../../insight/explain.js';
import type { Directory } from '../../../insight/directory.js';
import type { Trap } from '../../../insight/traps.js';
import type { Packet } from '../../../policy/packet.js';
import { plainText } from '../../../resources/plain-text.js';
import { conditionText } from './condition-text.js';
import { deciderText, isWritten, ruleName, shownRule } from './words.js';

/** What would have to be different, in a sentence. */
export function differenceText(difference: Difference, packet: Packet, directory: Directory): string {
  switch (difference.code) {
    case 'without-rule':
      return withoutRuleText(difference, directory);
    case 'nearly': {
      const { rule, failed } = difference;
      const name = ruleName(rule, directory);
      const [only] = failed;
      if (failed.length === 1 && only?.kind === 'ports' && !only.not) return `no rule allows ${only.side} port ${portOf(only.side, packet)}: ${name} allows ${listed(only.wants)}`;
      return `${name} would allow it, but ${failed.map((condition) => conditionText(condition, packet, directory.dialect)).join(', and ')}`;
    }
    case 'nothing-allows':
      return 'no rule that is asked here allows anything: one that matches has to be added';
  }
}

/** That a rule has to go, or a profile to come; where that alone changes nothing, what would deny then. */
function withoutRuleText({ rule, then }: Extract<Difference, { readonly code: 'without-rule' }>, directory: Directory): string {
  const name = isWritten(rule) ? ruleName(rule, directory) : directory.name(rule.owner.id);
  const by = then.rule === undefined || !isWritten(then.rule) ? undefined : `by ${ruleName(then.rule, directory)} (${shownRule(then.rule, directory)})`;
  if (then.do !== 'deny') return `without ${name} it would be ${then.do === 'allow' ? 'allowed' : 'left to what comes next'}${by === undefined ? `: ${deciderText(then, directory)}` : ` ${by}`}`;
  if (!isWritten(rule)) return `create ${name} with a rule that allows it`;
  return `removing ${name} is not enough, since then ${by === undefined ? deciderText(then, directory) : `it is denied ${by}`}`;
}

function portOf(side: 'source' | 'destination', { sourcePort, destinationPort }: Packet): string {
  return plainText(side === 'source' ? sourcePort : destinationPort, '(none given)');
}

function listed(wants: unknown): string {
  return Array.isArray(wants) ? wants.map((each) => plainText(each)).join(', ') : plainText(wants);
}

/** What people do not expect, in a sentence or two. */
export function trapText(trap: Trap, directory: Directory): string {
  switch (trap.code) {
    case 'behind-deny':
      return `${ruleName(trap.rule, directory)} would allow it, and is never asked: ${ruleName(trap.deny, directory)} stands before it and denies. Rules and policies are asked in their order, and the first that decides ends it.`;
    case 'empty-selector':
      return `the ${trap.condition.field} of ${ruleName(trap.rule, directory)} matches no endpoint and no network set: ${plainText(trap.condition.wants)}`;
    case 'log-only':
      return `${directory.name(trap.policy.id)} only logs here. A policy that selects an endpoint makes its tier count, and the end of tier ${trap.tier} denies what no rule allows.`;
    case 'profile-ignored': {
      const { answer, endpoint, policies } = trap;
      const who = answer.rule === undefined ? `the profiles of ${directory.name(endpoint.id)}` : `${ruleName(answer.rule, directory)} (${shownRule(answer.rule, directory)})`;
      return `${who} would ${answer.do} it, but profiles are not asked where a policy selects the endpoint: ${namesOf(policies.map(({ id }) => directory.name(id)))}`;
    }
    case 'nat-outgoing':
      return `the pool ${trap.pool} has natOutgoing: behind host ${trap.node} others see that host's address, not the workload's, so that selectors on the workload do not match there. The steps above are those of the workload's own address.`;
    case 'no-interface':
      return `${directory.name(trap.endpoint.id)} has no interfaceName: nothing is enforced for it`;
    case 'shared-interface':
      return `${directory.name(trap.other.id)} has the same interface ${trap.endpoint.interfaceName} on host ${trap.endpoint.node}: its policies are enforced there, not those of ${directory.name(trap.endpoint.id)}`;
    case 'governs-nothing':
      return `${directory.name(trap.endpoint.id)} governs no interface of host ${trap.endpoint.node} that is known: it protects nothing`;
    case 'missing-profile':
      return `${directory.name(trap.endpoint.id)} names the profile ${trap.name}, which does not exist: create it, or take it from the endpoint`;
    case 'http-ignored':
      return `${ruleName(trap.rule, directory)} speaks of HTTP, which the dataplane does not see: it is enforced as if that were not there`;
    case 'not-enforced':
      return `Calico 3.32.1 does not enforce ${trap.fields.join(' and ')} of ${ruleName(trap.rule, directory)}: of lists with several entries in one rule it enforces the first two`;
    case 'nobody-asked':
      return 'neither end is a workload, or a host interface that a host endpoint protects: no policy is asked';
    case 'no-port':
      return 'no port is given, so that rules for certain ports do not match: say it with --port';
  }
}

const MOST_NAMES = 3;

function namesOf(names: readonly string[]): string {
  return names.length > MOST_NAMES ? `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more` : names.join(', ');
}

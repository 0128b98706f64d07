import type { Directory } from '../../../../insight/directory.js';
import type { ClosedPort, Finding } from '../../../../insight/lint/finding.js';
import { IGNORE_ANNOTATION } from '../../../../insight/lint/suppression.js';
import { trapText } from '../trap-text.js';
import { shownRule } from '../words.js';
import { joined, objectName, otherRule, rulesShown, rulesText, withOthers } from './names.js';
import { RULE_WORDS, type Words, type WordsOf } from './rule-words.js';
import { sampleText } from './sample-text.js';

/** What a finding says, and the remedy. */
export function findingWords<Code extends Finding['code']>(finding: Extract<Finding, { readonly code: Code }>, directory: Directory): Words {
  const words: WordsOf<Code> = WORDS;
  return words[finding.code](finding, directory);
}

const POLICY_WORDS: WordsOf<'selects-nothing' | 'log-only' | 'deny-only' | 'pass-in-last-tier' | 'order-by-name' | 'tier-order-by-name' | 'unknown-tier'> = {
  'selects-nothing': ({ policy, isForHosts }) => ({
    message: `it applies to no endpoint: ${isForHosts ? `it is ${policy.use === 'untracked' ? 'doNotTrack' : 'preDNAT'}, so for host endpoints alone, and none` : 'none'} matches ${policy.matcher.text}`,
    remedy: 'correct the selector, or remove the policy',
  }),
  'log-only': ({ policy }, directory) => ({
    message: trapText({ code: 'log-only', policy, tier: policy.tier.name }, directory),
    remedy: 'add a rule behind it that allows what is to pass, or one with action Pass',
  }),
  'deny-only': ({ policy, direction }) => ({
    message: `it has nothing but Deny for ${direction}, and no policy of tier ${policy.tier.name} allows anything there: the end of the tier denies everything else as well`,
    remedy: 'if the rest is to pass, end it with a rule that allows, or with action Pass',
  }),
  'pass-in-last-tier': ({ rules, toNobody }, directory) => ({
    message: `${rulesShown(rules!, directory)} passes on, and no tier comes behind: ${toNobody ? 'there are endpoints without profiles, which deny what is passed to them' : 'the profiles of the endpoint decide'}`,
    remedy: 'write Allow or Deny, unless profiles are meant to decide',
  }),
  'order-by-name': ({ at, policy, first, firstRule, rules, sample }, directory) => ({
    message: `${directory.name(first.id)} and ${objectName(at, directory)} have ${Number.isFinite(policy.order) ? `the same order ${policy.order}` : 'no order'} and decide otherwise about some packets: their names put the first before. ${otherRule(firstRule, rules!, directory)} (${shownRule(firstRule, directory)}) takes ${sampleText(sample, directory)}, of which ${rulesText(rules!)} would say otherwise`,
    remedy: 'give them different orders',
  }),
  'tier-order-by-name': ({ at, first, order, policies: [before, behind] }, directory) => ({
    message: `the tiers ${first} and ${at.metadata.name} have ${Number.isFinite(order) ? `the same order ${order}` : 'no order'}, and some endpoint has policies of both (${directory.name(before.id)}, ${directory.name(behind.id)}): their names put the first before`,
    remedy: 'give them different orders',
  }),
  'unknown-tier': ({ tier }) => ({
    message: `its tier ${tier} does not exist: it is asked after all tiers, and what it does not allow is denied`,
    remedy: `create the tier ${tier}, or name one that exists`,
  }),
};

const PROFILE_WORDS: WordsOf<'missing-profile' | 'profile-ignored' | 'unused-profile'> = {
  'missing-profile': ({ at, others = [], name }, directory) => ({
    message: `${withOthers(objectName(at, directory), others.length, 'endpoint')} ${others.length > 0 ? 'name' : 'names'} the profile ${name}, which does not exist: it denies everything that policies leave to profiles`,
    remedy: `create the profile ${name}, or take it from the endpoint${others.length > 0 ? 's' : ''}`,
  }),
  'profile-ignored': ({ directions, policies }, directory) => ({
    message: `its rules for ${directions.join(' and ')} are never asked: policies decide for every endpoint that names it (${joined(policies.map(({ id }) => directory.name(id)), 3)})`,
    remedy: 'move what it allows into a policy, or remove these rules',
  }),
  'unused-profile': () => ({ message: 'no endpoint names it: its rules are never asked', remedy: 'name it in the profiles of an endpoint, or remove it' }),
};

const ENDPOINT_WORDS: WordsOf<'unknown-node' | 'duplicate-address' | 'outside-pools' | 'no-interface' | 'shared-interface' | 'governs-nothing'> = {
  'unknown-node': ({ at, others = [], node }, directory) => ({
    message: `${withOthers(objectName(at, directory), others.length, 'endpoint')} ${others.length > 0 ? 'are' : 'is'} on the host ${node}, of which there is no Node`,
    remedy: `correct the node, or start calico/node on ${node}, which stores one`,
  }),
  'duplicate-address': ({ at, others = [], address }, directory) => ({
    message: `${objectName(at, directory)} and ${joined(others.map((other) => objectName(other, directory)), 3)} have the address ${address}: packets reach one of them, and rules that select either match both`,
    remedy: 'give each an address of its own',
  }),
  'outside-pools': ({ at, others = [], address }, directory) => ({
    message: `${withOthers(objectName(at, directory), others.length, 'endpoint')} ${others.length > 0 ? 'have addresses' : 'has an address'} that no IP pool holds, such as ${address}: Calico takes them for outside where pools count (natOutgoing, routes)`,
    remedy: 'create a pool that holds them, or give other addresses',
  }),
  'no-interface': ({ at, others = [] }, directory) => ({
    message: `${withOthers(objectName(at, directory), others.length, 'endpoint')} ${others.length > 0 ? 'have' : 'has'} no interfaceName: nothing is enforced there`,
    remedy: 'give the interfaceName',
  }),
  'shared-interface': ({ at, others = [], other, interfaceName, node }, directory) => ({
    message: `${withOthers(objectName(at, directory), others.length, 'endpoint')} ${others.length > 0 ? 'have' : 'has'} the interface ${interfaceName} on host ${node} together with ${objectName(other, directory)}, whose policies are enforced there instead`,
    remedy: 'give each endpoint an interface of its own, or remove what is left over',
  }),
  'governs-nothing': ({ at, others = [] }, directory) => ({
    message: `${withOthers(objectName(at, directory), others.length, 'host endpoint')} ${others.length > 0 ? 'govern' : 'governs'} no interface that is known: ${others.length > 0 ? 'they protect' : 'it protects'} nothing`,
    remedy: 'correct the node, the interfaceName or the expectedIPs',
  }),
};

const HOST_WORDS: WordsOf<'closes-calico-port' | 'closes-typha' | 'cuts-neighbour-discovery'> = {
  'closes-calico-port': ({ closed, ...finding }, directory) => ({
    message: `${policiesOf(finding, directory)} close what the host lives by: ${joined(closed.map(closedText), 4)}`,
    remedy: 'allow it in a policy, or list the port in the failsafe ports of FelixConfiguration',
  }),
  'closes-typha': ({ closed, ...finding }, directory) => ({
    message: `${policiesOf(finding, directory)} close ${joined(closed.map(closedText), 4)}, which matters where Felix gets its data from Typha`,
    remedy: 'allow it in a policy, or list the port in failsafeOutboundHostPorts of FelixConfiguration',
  }),
  'cuts-neighbour-discovery': (finding, directory) => ({
    message: `${policiesOf(finding, directory)} do not allow ICMPv6 types 135 and 136 both ways: the interface loses IPv6 as soon as its neighbours are forgotten`,
    remedy: 'allow ICMPv6 types 135 and 136 in ingress and egress',
  }),
};

/** `the policies of a host endpoint (policy/a)`. */
function policiesOf({ at, others = [], policies }: Pick<Extract<Finding, { readonly code: 'closes-typha' }>, 'at' | 'others' | 'policies'>, directory: Directory): string {
  return `the policies of ${withOthers(objectName(at, directory), others.length, 'host endpoint')} (${joined(policies.map(({ id }) => directory.name(id)), 3)})`;
}

function closedText({ name, port, direction, peers }: ClosedPort): string {
  if (peers !== undefined) return `${name} (tcp port ${port}) with ${joined(peers, 3)}`;
  return `${name} (tcp port ${port}, ${direction}) with everybody`;
}

const WORDS: WordsOf<Finding['code']> = {
  ...RULE_WORDS,
  ...POLICY_WORDS,
  ...PROFILE_WORDS,
  ...ENDPOINT_WORDS,
  ...HOST_WORDS,
  'breaks-felix': ({ rules = [], message, hint }) => ({ message: `${rules.length === 0 ? '' : `${rulesText(rules)}: `}${message}`, remedy: hint }),
  'unknown-suppression': ({ words }) => ({ message: `its annotation ${IGNORE_ANNOTATION} has ${joined(words, 3)}, which is no code of a finding`, remedy: 'write codes as lint prints them, separated by commas' }),
};

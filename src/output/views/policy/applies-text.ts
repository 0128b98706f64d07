import { policiesOf, type EndpointPolicies, type HookTiers, type Mention } from '../../../insight/applies.js';
import type { Directory } from '../../../insight/directory.js';
import type { LabelOrigin } from '../../../insight/labels.js';
import { formatIp } from '../../../net/address.js';
import { profileId } from '../../../policy/ids.js';
import type { TierOf } from '../../../policy/applied-tiers.js';
import { DIRECTIONS, type Model } from '../../../policy/model.js';
import type { Policy } from '../../../policy/policy.js';
import type { Direction } from '../../../policy/rule.js';
import { safe } from '../../../text/safe.js';
import { ColumnTable } from '../../formats/table.js';
import { labelText } from './labels.js';
import { selectorReason } from './selector-reason.js';
import { shownRule } from './words.js';

const TITLES: Readonly<Record<HookTiers['hook'], string>> = { normal: '', forward: ' of forwarded traffic', untracked: ', untracked', preDNAT: ', before DNAT' };

/** What `policy applies ENDPOINT` prints. */
export function appliesText(model: Model, applied: EndpointPolicies, labels: readonly LabelOrigin[], directory: Directory): string {
  const { endpoint, hooks, mentions } = applied;
  const addresses = endpoint.nets.map(({ address }) => formatIp(address)).join(', ');
  const governed = endpoint.kind === 'host' ? model.host(endpoint.node).governedBy(endpoint).join(', ') : endpoint.interfaceName;
  const lines = [
    `${directory.name(endpoint.id)} on host ${endpoint.node}, ${governed === '' ? 'no interface' : `interface ${governed}`}${addresses === '' ? '' : `, ${addresses}`}`,
    ...hooks.flatMap((hook) => DIRECTIONS.flatMap((direction) => directionLines(hook, direction, applied, directory))),
    ...section('Rules of other policies that mean it:', mentions.map((mention) => mentionText(mention, directory))),
    ...section('Labels that selectors see:', labels.map((label) => labelText(label, directory))),
  ];
  return lines.map((line) => `${safe(line)}\n`).join('');
}

function directionLines({ hook, tiers }: HookTiers, direction: Direction, { endpoint }: EndpointPolicies, directory: Directory): readonly string[] {
  const counting = tiers.filter(({ policies }) => policies[direction].length > 0);
  if (hook !== 'normal' && counting.length === 0) return [];
  const title = `${direction === 'ingress' ? 'Ingress' : 'Egress'}${TITLES[hook]}, in order:`;
  const asked = counting.flatMap((tier) => [`  tier ${tier.tier.name}, ${endOf(tier, hook)}`, ...tier.policies[direction].map((policy, at) => `    ${at + 1}. ${policyText(policy, endpoint.labels, directory)}`)]);
  return ['', title, ...asked, ...(hook === 'normal' ? [`  ${profilesText(counting, endpoint.profiles, directory)}`] : [])];
}

function endOf({ tier: { defaultAction } }: TierOf, hook: HookTiers['hook']): string {
  if (hook === 'untracked' || hook === 'preDNAT') return 'whose end decides nothing';
  return defaultAction === 'deny' ? 'whose end denies' : 'whose end passes on';
}

function policyText(policy: Policy, labels: EndpointPolicies['endpoint']['labels'], directory: Directory): string {
  const order = Number.isFinite(policy.order) ? `order ${policy.order}` : 'no order';
  return `${directory.name(policy.id)} (${order}): ${selectorReason(policy.matcher.selector, labels, directory.dialect)}`;
}

/** Profiles are asked where no tier counts, and after the last one where that passes. */
function profilesText(counting: readonly TierOf[], profiles: readonly string[], directory: Directory): string {
  const names = profiles.length === 0 ? 'none, so that it is denied' : profiles.map((name) => `${directory.name(profileId(name))}${directory.object(profileId(name)) === undefined ? ' (does not exist: denies)' : ''}`).join(', ');
  if (counting.length === 0) return `no policy, so its profiles decide: ${names}`;
  return counting.at(-1)?.tier.defaultAction === 'pass' ? `then its profiles: ${names}` : profiles.length === 0 ? 'it has no profiles' : `its profiles only where a rule passes: ${names}`;
}

function mentionText({ rule, sides }: Mention, directory: Directory): string {
  return `${directory.name(rule.owner.id)}, ${rule.direction} rule ${rule.index + 1}, as ${sides.join(' and ')}: ${shownRule(rule, directory)}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

/** What `policy applies --all` prints: a line for each endpoint, with its policies in order. */
export function allAppliesText(model: Model, directory: Directory, room?: number): string {
  const rows = model.parts.endpoints.map((endpoint) => ({ name: directory.name(endpoint.id), endpoint, applied: policiesInOrder(model, endpoint, directory) })).sort((left, right) => (left.name < right.name ? -1 : 1));
  const table = new ColumnTable<(typeof rows)[number]>([
    { heading: 'ENDPOINT', cell: ({ name }) => name },
    { heading: 'INGRESS', cell: ({ applied }) => applied.ingress },
    { heading: 'EGRESS', cell: ({ applied }) => applied.egress },
    { heading: 'PROFILES', cell: ({ endpoint }) => endpoint.profiles.join(',') },
  ], { globalAsNumber: '', room });
  for (const row of rows) table.add(row);
  return `${[...table.text()].join('').replace(/ +$/gm, '').trimEnd()}\n`;
}

/** Those of special hooks are marked with them. */
function policiesInOrder(model: Model, endpoint: EndpointPolicies['endpoint'], directory: Directory): Readonly<Record<Direction, string>> {
  const { hooks } = policiesOf(model, endpoint);
  const shown = (direction: Direction): string =>
    hooks.filter(({ hook }) => hook !== 'forward').flatMap(({ hook, tiers }) => tiers.flatMap(({ policies }) => policies[direction].map(({ id }) => `${directory.name(id)}${hook === 'normal' ? '' : ` (${hook})`}`))).join(',');
  return { ingress: shown('ingress'), egress: shown('egress') };
}

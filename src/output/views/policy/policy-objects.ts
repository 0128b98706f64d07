import type { PolicyObjects, RuleObjects } from '../../../insight/applies.js';
import type { Directory } from '../../../insight/directory.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import type { KnownObject } from '../../../policy/known-objects.js';
import type { Policy } from '../../../policy/policy.js';
import { safe } from '../../../text/safe.js';
import { selectorReason } from './selector-reason.js';
import { placeOfPolicy, shownRule } from './words.js';

/** Of a longer list only the first are shown; -o json has all. */
const MOST = 20;

/** What `policy applies --policy NAME` prints. */
export function policyObjectsText({ policy, selects, rules }: PolicyObjects, directory: Directory): string {
  const lines = [
    `${directory.name(policy.id)} (${placeOfPolicy(policy)}), ${usesOf(policy)}: ${policy.matcher.text}`,
    '',
    `Selects ${counted(selects.length, 'endpoint')}:`,
    ...shortened(selects.map((each) => `  ${directory.name(each.id)}: ${selectorReason(policy.matcher.selector, each.labels, directory.dialect)}`), '  '),
    ...(rules.length === 0 ? ['', 'It has no rules.'] : ['', 'Rules:', ...rules.flatMap((rule) => ruleLines(rule, directory))]),
  ];
  return lines.map((line) => `${safe(line)}\n`).join('');
}

function usesOf(policy: Policy): string {
  const directions = (['ingress', 'egress'] as const).filter((direction) => policy.governs(direction)).join(' and ');
  const use = policy.use === 'normal' ? (policy.appliesOnForward ? ', also of forwarded traffic' : '') : policy.use === 'untracked' ? ', untracked' : ', before DNAT';
  return `for ${directions}${use}`;
}

function ruleLines({ rule, source, destination }: RuleObjects, directory: Directory): readonly string[] {
  const side = (name: string, objects: readonly KnownObject[] | undefined): readonly string[] =>
    objects === undefined ? [] : [`    ${name}: ${objects.length === 0 ? 'no endpoint and no network set' : ''}`.trimEnd(), ...shortened(objects.map(({ id }) => `      ${directory.name(id)}`), '      ')];
  return [`  ${rule.direction} ${rule.index + 1}: ${shownRule(rule, directory)}`, ...side('source', source), ...side('destination', destination)];
}

function counted(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;
}

function shortened(lines: readonly string[], margin: string): readonly string[] {
  return lines.length <= MOST ? lines : [...lines.slice(0, MOST), `${margin}and ${lines.length - MOST} more: -o json has all`];
}

/** The same as data. A side that says nothing of addresses is null: it means everything. */
export function policyObjectsData({ policy, selects, rules }: PolicyObjects, directory: Directory): string {
  const names = (objects: readonly KnownObject[] | undefined): readonly string[] | null => objects?.map(({ id }) => directory.name(id)) ?? null;
  return `${goJsonIndented({
    policy: directory.name(policy.id),
    tier: policy.tier.name,
    order: Number.isFinite(policy.order) ? policy.order : null,
    types: (['ingress', 'egress'] as const).filter((direction) => policy.governs(direction)),
    selector: policy.matcher.text,
    selects: selects.map((each) => ({ endpoint: directory.name(each.id), because: selectorReason(policy.matcher.selector, each.labels, directory.dialect) })),
    rules: rules.map(({ rule, source, destination }) => ({ direction: rule.direction, number: rule.index + 1, text: shownRule(rule, directory), source: names(source), destination: names(destination) })),
  })}\n`;
}

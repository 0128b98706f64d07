import type { EndpointHook } from './hooks.js';
import type { Endpoint } from './known-objects.js';
import { DIRECTIONS, type Model } from './model.js';
import type { Profile } from './policy.js';
import type { Direction, RuleOwner } from './rule.js';
import type { TierPolicies } from './model.js';

const HOSTS = new WeakMap<Model, Map<string, string>>();

/** A text that is equal for hosts of one model whose host endpoints and settings are equal for policies. */
export function hostSignature(model: Model, node: string): string {
  let known = HOSTS.get(model);
  if (known === undefined) HOSTS.set(model, (known = new Map<string, string>()));
  let text = known.get(node);
  if (text === undefined) {
    const host = model.host(node);
    const governing = new Set([...host.interfaces.keys()].map((name) => endpointSignature(host.governs(name))));
    known.set(node, (text = [[...governing].sort().join(';'), endpointSignature(host.wildcard), settingsText(model, node)].join('/')));
  }
  return text;
}

/** A text that is equal for endpoints of one model that have equal policies and profiles. */
export function endpointSignature(endpoint: Endpoint | undefined): string {
  return endpoint === undefined ? '' : `${endpoint.group}:${endpoint.profiles.join(',')}`;
}

/** The settings of a host as text. */
function settingsText(model: Model, node: string): string {
  return JSON.stringify(model.parts.settings(node), (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

const HOOKS = new WeakMap<EndpointHook, string>();

/** A text that is equal, in all models, for hooks that ask the same rules in the same order with the same settings. */
export function hookSignature(model: Model, hook: EndpointHook): string {
  let text = HOOKS.get(hook);
  if (text === undefined) {
    const { direction, endpoint, questions: { tiers, profiles = [], isGoverned, endsTiers } } = hook;
    const forwards = hook.hook === 'forward' ? model.hasPolicies(endpoint.group, 'forward', DIRECTIONS) : false;
    const rules = [...tiers.map((each) => tierText(each, direction)), ...profiles.map((each) => ownerText(each, direction))];
    HOOKS.set(hook, (text = [hook.hook, direction, endsTiers, isGoverned, forwards, settingsText(model, endpoint.node), ...rules].join('\n')));
  }
  return text;
}

function tierText({ tier, policies }: TierPolicies, direction: Direction): string {
  return `${tier.name} ${tier.defaultAction} ${policies.map((policy) => ownerText(policy, direction)).join(' ')}`;
}

const OWNERS = new WeakMap<RuleOwner, Partial<Record<Direction, string>>>();

function ownerText(owner: RuleOwner & Pick<Profile, 'rules'>, direction: Direction): string {
  let texts = OWNERS.get(owner);
  if (texts === undefined) OWNERS.set(owner, (texts = {}));
  return (texts[direction] ??= `${owner.id} ${JSON.stringify(owner.rules(direction).map(({ stored }) => stored))}`);
}

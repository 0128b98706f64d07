import type { FelixSettings } from './felix-settings.js';
import type { EndpointHook } from './hooks.js';
import type { Endpoint } from './known-objects.js';
import { DIRECTIONS, type Model } from './model.js';
import type { Profile } from './policy.js';
import type { Direction, RuleOwner } from './rule.js';
import type { Questions } from './walk.js';

const HOSTS = new WeakMap<Model, Map<string, string>>();

/** A text that is equal for hosts of one model whose host endpoints and settings are equal for policies. */
export function hostSignature(model: Model, node: string): string {
  let known = HOSTS.get(model);
  if (known === undefined) HOSTS.set(model, (known = new Map<string, string>()));
  let text = known.get(node);
  if (text === undefined) {
    const host = model.host(node);
    const governing = new Set([...host.interfaces.keys()].map((name) => endpointSignature(host.governs(name))));
    known.set(node, (text = [[...governing].sort().join(';'), endpointSignature(host.wildcard), settingsText(model.parts.settings(node))].join('/')));
  }
  return text;
}

/** A text that is equal for endpoints of one model that have equal policies and profiles. */
export function endpointSignature(endpoint: Endpoint | undefined): string {
  return endpoint === undefined ? '' : `${endpoint.group}:${endpoint.profiles.join(',')}`;
}

const SETTINGS = new WeakMap<FelixSettings, string>();

/** The settings of a host as text. */
export function settingsText(settings: FelixSettings): string {
  let text = SETTINGS.get(settings);
  if (text === undefined) SETTINGS.set(settings, (text = JSON.stringify(settings, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))));
  return text;
}

/** Numbers that are equal, in several models, for hooks that ask the same rules in the same order with the same settings. */
export class HookSignatures {
  private readonly numbers = new Map<string, number>();
  private readonly questions = new Map<Questions, number>();
  private readonly owners = new Map<RuleOwner, Partial<Record<Direction, number>>>();

  of(model: Model, { hook, endpoint, questions }: EndpointHook): number {
    let asked = this.questions.get(questions);
    if (asked === undefined) this.questions.set(questions, (asked = this.numberOf(this.text(questions))));
    const forwards = hook === 'forward' && model.hasPolicies(endpoint.group, 'forward', DIRECTIONS);
    return this.numberOf(`${hook} ${asked} ${forwards} ${settingsText(model.parts.settings(endpoint.node))}`);
  }

  private text({ tiers, direction, profiles = [], isGoverned, endsTiers }: Questions): string {
    const asked = [...tiers.map(({ tier, policies }) => `${tier.name} ${tier.defaultAction} ${policies.map((each) => this.ownerNumber(each, direction)).join(' ')}`), ...profiles.map((each) => this.ownerNumber(each, direction))];
    return [direction, endsTiers, isGoverned, profiles.length, ...asked].join('\n');
  }

  private ownerNumber(owner: RuleOwner & Pick<Profile, 'rules'>, direction: Direction): number {
    let numbers = this.owners.get(owner);
    if (numbers === undefined) this.owners.set(owner, (numbers = {}));
    return (numbers[direction] ??= this.numberOf(`${owner.id} ${JSON.stringify(owner.rules(direction).map(({ stored }) => stored))}`));
  }

  private numberOf(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) this.numbers.set(text, (number = this.numbers.size));
    return number;
  }
}

import { containsIp, sameIp, type Ip } from '../net/address.js';
import { addressClasses, type AddressClass } from './address-classes.js';
import { HookAnswers, rulesOf } from './hook-answers.js';
import { askPackets, type Part } from './hook-packets.js';
import { endpointHook, type EndpointHook } from './hooks.js';
import type { Endpoint } from './known-objects.js';
import { DIRECTIONS, type Model } from './model.js';
import type { Address } from './packet.js';
import { allPackets, overlap, without, type PacketSet } from './packet-set.js';
import { policyFacts, type PolicyFacts } from './policy-facts.js';
import type { Action, Rule } from './rule.js';
import { emptySelectors } from './empty-selectors.js';
import { rulePackets, type Ends } from './rule-packets.js';

/** What is true of a rule for all new packets: found by sets of packets, not by examples. Each hook is asked by itself. */
export interface RuleFacts {
  /** The rule's id. */
  readonly rule: string;
  readonly action: Action;
  /** Alone, it matches some packet of an endpoint that its policy applies to. */
  readonly canMatch: boolean;
  /** Some packet gets as far as to it. */
  readonly visited: boolean;
  /** Some packet gets to it and matches. */
  readonly matches: boolean;
  /** What decides about the packets that it could match, where none gets to it and matches. */
  readonly takenBy?: readonly string[];
  /** Its fields with selectors that select no address, or no named port. */
  readonly emptySelectors?: readonly string[];
}

/** Facts for lint, of every rule of policies that select something and of profiles in use. */
export interface Facts {
  readonly rules: readonly RuleFacts[];
  readonly policies: readonly PolicyFacts[];
  /** `TIER ENDPOINT HOOK DIRECTION` where the end of a tier denies some packet. */
  readonly tierDefaults: readonly string[];
  /** `RULE ENDPOINT` of Pass rules that are the last to pass some packet on to the endpoint's profiles. */
  readonly passToProfiles: readonly string[];
}

/** Works out the facts of a model. */
export function factsOf(model: Model): Facts {
  const found = new Findings();
  for (const rule of rulesInUse(model)) found.stateOf(rule);
  const answers = new HookAnswers(model);
  const classes = ([4, 6] as const).map((version) => ({ version, all: addressClasses([model], version) }));
  for (const hook of model.parts.endpoints.flatMap((endpoint) => hooksOf(model, endpoint))) {
    for (const { version, all } of classes) {
      for (const [source, destination] of pairsOf(model, answers, hook, version, all)) found.add(model, hook, { version, source, destination });
    }
  }
  return {
    rules: [...found.rules.values()].map((state) => ruleFacts(model, state)).sort((left, right) => (left.rule < right.rule ? -1 : 1)),
    policies: policyFacts(model),
    tierDefaults: [...found.tierDefaults].sort(),
    passToProfiles: [...found.passToProfiles].sort(),
  };
}

/** The rules of policies that select something, also for directions that they do not govern, and of profiles that endpoints name. */
function rulesInUse(model: Model): readonly Rule[] {
  const { endpoints } = model.parts;
  const policies = new Set(endpoints.flatMap(({ kind, group }) => model.selecting(group).filter(({ use }) => kind === 'host' || use === 'normal')));
  const profiles = new Set(endpoints.flatMap((endpoint) => endpoint.profiles.map((name) => model.profile(name))));
  return [...policies, ...profiles].flatMap((owner) => DIRECTIONS.flatMap((direction) => owner.rules(direction)));
}

/** The hooks of an endpoint that packets can come to. */
function hooksOf(model: Model, endpoint: Endpoint): readonly EndpointHook[] {
  if (endpoint.kind === 'workload') return DIRECTIONS.map((direction) => endpointHook(model, 'workload', direction, endpoint));
  const host = model.host(endpoint.node);
  if (host.governedBy(endpoint).length === 0) return [];
  const names = (['host', 'forward', 'untracked'] as const).filter((hook) => hook !== 'untracked' || endpoint !== host.wildcard);
  return [...names.flatMap((hook) => DIRECTIONS.map((direction) => endpointHook(model, hook, direction, endpoint))), endpointHook(model, 'preDNAT', 'ingress', endpoint)];
}

/** Sources and destinations of which a hook's rules can tell each from the others; none is its own destination. */
function* pairsOf(model: Model, answers: HookAnswers, hook: EndpointHook, version: 4 | 6, classes: readonly AddressClass[]): Generator<readonly [Address, Address]> {
  const { direction } = hook;
  const [near, far] = direction === 'egress' ? (['source', 'destination'] as const) : (['destination', 'source'] as const);
  for (const own of answers.representatives(hook, version, near, nearAddresses(model, hook, classes))) {
    const others = classes.flatMap((each) => otherThan(model, each, own) ?? []);
    for (const other of answers.representatives(hook, version, far, others)) yield direction === 'egress' ? [own, other] : [other, own];
  }
}

/** Which addresses packets of a hook can have on the endpoint's side: a workload's own, those of the host where it sends or receives, else all. */
function nearAddresses(model: Model, { hook, direction, endpoint }: EndpointHook, classes: readonly AddressClass[]): readonly Address[] {
  const firsts = (range: readonly (readonly [Ip, Ip])[]): readonly Address[] => range.map(([from]) => model.addressOf(from));
  if (hook === 'workload') return classes.flatMap(({ ranges }) => firsts(ranges.filter(([from]) => endpoint.nets.some((net) => containsIp(net, from)))));
  if (hook !== 'host' && (hook !== 'untracked' || direction === 'ingress')) return classes.map(({ representatives: [ip] }) => model.addressOf(ip!));
  return classes.flatMap(({ ranges }) => firsts(ranges)).filter(({ place }) => place?.node === endpoint.node && place.gate.kind === 'self');
}

function otherThan(model: Model, { ranges }: AddressClass, { ip }: Address): Address | undefined {
  for (const [from, to] of ranges) for (const each of [from, to]) if (!sameIp(each, ip)) return model.addressOf(each);
  return undefined;
}

interface RuleState {
  readonly rule: Rule;
  canMatch: boolean;
  visited: boolean;
  matches: boolean;
  readonly takenBy: Set<string>;
}

class Findings {
  readonly rules = new Map<string, RuleState>();
  readonly tierDefaults = new Set<string>();
  readonly passToProfiles = new Set<string>();

  /** Asks a hook about all packets between two addresses. */
  add(model: Model, hook: EndpointHook, ends: Ends): void {
    const passed: { rule: Rule; packets: PacketSet }[] = [];
    const parts = askPackets(model, hook, ends, allPackets(ends.version), (rule, _arriving, matching) => {
      const state = this.stateOf(rule);
      state.visited = true;
      state.matches ||= matching.length > 0;
      if (rule.action !== 'pass' || matching.length === 0) return;
      // What is passed on again is led to the profiles by the last Pass.
      for (const each of passed) each.packets = without(each.packets, matching);
      passed.push({ rule, packets: matching });
    });
    for (const rule of rulesOf(hook)) this.addPossible(rule, ends, parts);
    const { endpoint } = hook;
    for (const { by } of parts) if (by.startsWith('tier-default:')) this.tierDefaults.add(`${by.slice('tier-default:'.length)} ${endpoint.id} ${hook.hook} ${hook.direction}`);
    const atProfiles = (hook.questions.profiles ?? []).length === 0 ? [] : parts.filter(({ by }) => by.startsWith('profile:') || by.startsWith('no-profile'));
    for (const { rule, packets } of passed) if (atProfiles.some((part) => overlap(part.packets, packets).length > 0)) this.passToProfiles.add(`${rule.id} ${endpoint.id}`);
  }

  private addPossible(rule: Rule, ends: Ends, parts: readonly Part[]): void {
    const state = this.stateOf(rule);
    if (state.matches) return void (state.canMatch = true);
    const possible = rulePackets(rule, ends);
    if (possible.length === 0) return;
    state.canMatch = true;
    for (const part of parts) if (overlap(part.packets, possible).length > 0) state.takenBy.add(part.by);
  }

  stateOf(rule: Rule): RuleState {
    let state = this.rules.get(rule.id);
    if (state === undefined) this.rules.set(rule.id, (state = { rule, canMatch: false, visited: false, matches: false, takenBy: new Set() }));
    return state;
  }
}

/** Rules, then all else that decides; each by name. */
function rulesFirst(left: string, right: string): number {
  const [isRule, isOtherRule] = [left.includes('/'), right.includes('/')];
  return isRule === isOtherRule ? (left < right ? -1 : 1) : isRule ? -1 : 1;
}

function ruleFacts(model: Model, { rule, canMatch, visited, matches, takenBy }: RuleState): RuleFacts {
  const empty = emptySelectors(model, rule);
  return {
    rule: rule.id, action: rule.action, canMatch, visited, matches,
    ...(canMatch && !matches && { takenBy: [...takenBy].sort(rulesFirst) }),
    ...(empty.length > 0 && { emptySelectors: empty }),
  };
}

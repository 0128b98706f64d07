import { rulesOf } from './hook-answers.js';
import { AddressSpace, hookClasses, type HookClass, type Space } from './hook-classes.js';
import { askPackets, type Part } from './hook-packets.js';
import type { EndpointHook } from './hooks.js';
import { DIRECTIONS, type Model } from './model.js';
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

/** What the recording tried: no special addresses, and of hosts those that are known. */
const RECORDED: Space = { withSpecial: false, knowsHosts: true };

/** Works out the facts of a model. */
export function factsOf(model: Model): Facts {
  const found = new Findings();
  for (const rule of rulesInUse(model)) found.stateOf(rule);
  const space = new AddressSpace(model, RECORDED);
  for (const each of hookClasses(model)) addClass(model, each, space, found);
  return {
    rules: [...found.rules.values()].map((state) => ruleFacts(model, state)).sort((left, right) => (left.rule < right.rule ? -1 : 1)),
    policies: policyFacts(model),
    tierDefaults: [...found.tierDefaults].sort(),
    passToProfiles: [...found.passToProfiles].sort(),
  };
}

/** Asks the hooks of a class about every two kinds of addresses once, and says of each endpoint what came of its own. */
function addClass(model: Model, { hook, endpoints }: HookClass, space: AddressSpace, found: Findings): void {
  const view = space.seenBy(hook);
  for (const version of [4, 6] as const) {
    const far = view.kinds('far', space.far(version));
    const known = new Map<string, Ending>();
    for (const endpoint of endpoints) {
      for (const near of view.kinds('near', space.near(hook, [endpoint], version))) {
        for (const [at, other] of far.entries()) {
          const ends = view.ends(version, near, other, false);
          if (ends === undefined) continue;
          const key = `${at} ${near.key}`;
          let ending = known.get(key);
          if (ending === undefined) known.set(key, (ending = found.add(model, hook, ends)));
          for (const tier of ending.tiers) found.tierDefaults.add(`${tier} ${endpoint.id} ${hook.hook} ${hook.direction}`);
          for (const rule of ending.passed) found.passToProfiles.add(`${rule} ${endpoint.id}`);
        }
      }
    }
  }
}

/** How packets between two addresses end, apart from what becomes of rules. */
interface Ending {
  /** The tiers whose end denies some. */
  readonly tiers: readonly string[];
  /** The Pass rules that lead some to the profiles. */
  readonly passed: readonly string[];
}

/** The rules of policies that select something, also for directions that they do not govern, and of profiles that endpoints name. */
function rulesInUse(model: Model): readonly Rule[] {
  const { endpoints } = model.parts;
  const policies = new Set(endpoints.flatMap(({ kind, group }) => model.selecting(group).filter(({ use }) => kind === 'host' || use === 'normal')));
  const profiles = new Set(endpoints.flatMap((endpoint) => endpoint.profiles.map((name) => model.profile(name))));
  return [...policies, ...profiles].flatMap((owner) => DIRECTIONS.flatMap((direction) => owner.rules(direction)));
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
  add(model: Model, hook: EndpointHook, ends: Ends): Ending {
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
    const atProfiles = (hook.questions.profiles ?? []).length === 0 ? [] : parts.filter(({ by }) => by.startsWith('profile:') || by.startsWith('no-profile'));
    return {
      tiers: parts.flatMap(({ by }) => (by.startsWith('tier-default:') ? [by.slice('tier-default:'.length)] : [])),
      passed: passed.filter(({ packets }) => atProfiles.some((part) => overlap(part.packets, packets).length > 0)).map(({ rule }) => rule.id),
    };
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

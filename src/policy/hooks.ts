import { isEncapsulation, isFailsafe, type FelixSettings } from './felix-settings.js';
import type { Endpoint } from './known-objects.js';
import { DIRECTIONS, type Model } from './model.js';
import type { Packet } from './packet.js';
import type { Direction } from './rule.js';
import { walk, type Answer, type Questions } from './walk.js';

/** Where on its way a packet is asked about. */
export type Hook = 'untracked' | 'preDNAT' | 'forward' | 'workload' | 'host' | 'workload-to-host';

/** A hook of an endpoint in one direction, seen from the endpoint: what decides before rules are asked, and which rules those are. */
export interface EndpointHook {
  readonly hook: Exclude<Hook, 'workload-to-host'>;
  readonly direction: Direction;
  readonly endpoint: Endpoint;
  readonly settings: FelixSettings;
  readonly questions: Questions;
}

const ENDPOINT_HOOKS: readonly EndpointHook['hook'][] = ['workload', 'host', 'forward', 'preDNAT', 'untracked'];

/** The hook of an endpoint in a direction, worked out once. */
export function endpointHook(model: Model, hook: EndpointHook['hook'], direction: Direction, endpoint: Endpoint): EndpointHook {
  let hooks = model.hooks.get(endpoint);
  if (hooks === undefined) model.hooks.set(endpoint, (hooks = []));
  return (hooks[ENDPOINT_HOOKS.indexOf(hook) * 2 + DIRECTIONS.indexOf(direction)] ??= newHook(model, hook, direction, endpoint));
}

function newHook(model: Model, hook: EndpointHook['hook'], direction: Direction, endpoint: Endpoint): EndpointHook {
  const key = `${hook} ${direction} ${endpoint.group} ${endpoint.profiles.join('\0')}`;
  let questions = model.questions.get(key);
  if (questions === undefined) model.questions.set(key, (questions = questionsOf(model, hook, direction, endpoint)));
  return { hook, direction, endpoint, settings: model.parts.settings(endpoint.node), questions };
}

/** The same for all endpoints of equal labels and profiles. */
function questionsOf(model: Model, hook: EndpointHook['hook'], direction: Direction, { group, profiles }: Endpoint): Questions {
  const withProfiles = hook === 'workload' || hook === 'host';
  return {
    tiers: model.tiers(group, withProfiles ? 'normal' : hook, direction),
    direction,
    endsTiers: withProfiles || hook === 'forward',
    isGoverned: withProfiles || model.hasPolicies(group, hook, [direction]),
    ...(withProfiles && { profiles: profiles.map((name) => model.profile(name)) }),
  };
}

const NOTHING = { visits: [] } as const;

/** What a hook says of a packet. */
export function ask(model: Model, { hook, direction, endpoint, settings, questions }: EndpointHook, packet: Packet): Answer {
  if (hook !== 'untracked') {
    if (packet.state === 'established' || packet.state === 'related') return { do: 'allow', by: 'conntrack', ...NOTHING };
    if (packet.state === 'invalid' && settings.dropsInvalid) return { do: 'deny', by: 'invalid', ...NOTHING };
  }
  if (hook === 'workload') {
    if (direction === 'egress' && isEncapsulation(settings, packet)) return { do: 'deny', by: 'encapsulation', ...NOTHING };
  } else if (hook !== 'forward' && isFailsafe(settings, direction, hook === 'untracked', packet)) return { do: 'allow', by: 'failsafe', ...NOTHING };
  // Where no policy applies to forwarded traffic in either direction, it is expressly accepted (reference/policy 7).
  if (hook === 'forward' && !model.hasPolicies(endpoint.group, hook, DIRECTIONS)) return { do: 'allow', by: 'forward-default', ...NOTHING };
  return walk(questions, packet);
}

import { sameIp } from '../../../src/net/address.js';
import type { Flow } from '../../../src/policy/flow.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { lies, parsed, type Network, type Thing } from './naive-network.js';
import { numberOf, ruleMatches, type StoredRule } from './naive-rule.js';
import { policyText, selects } from './naive-selector.js';

/** What `evaluate` says, in words: one line a step, with every rule that was looked at. */
export interface NaiveVerdict {
  readonly verdict: string;
  readonly by: string;
  readonly steps: readonly string[];
}

type Direction = 'ingress' | 'egress';
interface Said {
  readonly do: string;
  readonly by: string;
  readonly visits: readonly string[];
}

const same = (left: string, right: string): boolean => sameIp(parsed(left).address, parsed(right).address);

/** A second evaluator, written by the text of the semantics and by nothing else: slow, without state, for comparison. New packets only. */
export function naiveEvaluate(network: Network, flow: Flow): NaiveVerdict {
  const steps: string[] = [];
  let allowed: string | undefined;
  const say = (hook: string, direction: string, who: string, said: Said): void => {
    steps.push(`${hook} ${direction} ${who}: ${said.do} by ${said.by} [${said.visits.join(' ')}]`);
    if (said.do === 'deny') throw new Denied(said.by);
    if (said.do === 'allow') allowed = said.by;
  };
  try {
    const from = placed(network, flow.src);
    const to = placed(network, flow.dst);
    const via = (node: string): string => flow.via?.[node] ?? 'eth0';
    if (from?.at === 'self' && to?.at === 'self' && from.node === to.node) {
      cross(network, flow, from.node, 'self', 'lo', say);
      cross(network, flow, from.node, 'lo', 'self', say);
    } else if (from !== undefined && to !== undefined && from.node === to.node) cross(network, flow, from.node, from.at, to.at, say);
    else {
      if (from !== undefined) cross(network, flow, from.node, from.at, via(from.node), say);
      if (to !== undefined) cross(network, flow, to.node, via(to.node), to.at, say);
    }
    return { verdict: 'allow', by: allowed ?? (steps.length === 0 ? 'no-endpoint' : 'no-policy'), steps };
  } catch (error) {
    if (!(error instanceof Denied)) throw error;
    return { verdict: 'deny', by: error.message, steps };
  }
}

class Denied extends Error {}

/** A workload is at its endpoint, a host at itself; what is neither is outside. */
function placed(network: Network, address: string): { readonly node: string; readonly at: Thing | 'self' } | undefined {
  const workload = network.things.find(({ kind, nets }) => kind === 'WorkloadEndpoint' && lies(address, nets));
  if (workload !== undefined) return { node: workload.node, at: workload };
  for (const [node, { interfaces }] of Object.entries(network.hosts)) if (Object.values(interfaces).flat().some((each) => same(each, address))) return { node, at: 'self' };
  return undefined;
}

/** Section 7, "The way of a packet", on one host; interfaces to networks are texts. */
function cross(network: Network, flow: Flow, node: string, enters: Thing | string, leaves: Thing | string, say: (hook: string, direction: string, who: string, said: Said) => void): void {
  const star = hostEndpoints(network, node).find((each) => each.interface === '*');
  const governs = (name: string): Thing | undefined => hostEndpoints(network, node).find((each) => isOn(network, each, name)) ?? star;
  const has = (thing: Thing | undefined, hook: string, ...directions: readonly Direction[]): boolean => thing !== undefined && directions.some((direction) => policiesOf(network, thing, hook, direction).length > 0);
  const untracked = (thing: Thing | undefined, direction: Direction): boolean => {
    if (thing === undefined || thing === star || !has(thing, 'untracked', 'ingress', 'egress')) return false;
    const said = hookSays(network, thing, 'untracked', direction, flow);
    say('untracked', direction, thing.id, said);
    return said.do === 'allow' && said.by !== 'failsafe';
  };
  const asked = (hook: string, direction: Direction, thing: Thing | undefined): Said | undefined => {
    if (thing === undefined) return undefined;
    const said = hookSays(network, thing, hook, direction, flow);
    say(hook, direction, thing.id, said);
    return said;
  };
  if (enters === 'self') {
    if (typeof leaves !== 'string') return;
    const thing = governs(leaves);
    if (!untracked(thing, 'egress')) asked('host', 'egress', thing);
    return;
  }
  const arrives = typeof enters === 'string' ? governs(enters) : undefined;
  let accepted = untracked(arrives, 'ingress');
  if (!accepted) {
    const said = asked('preDNAT', 'ingress', has(arrives, 'preDNAT', 'ingress') ? arrives : has(star, 'preDNAT', 'ingress') ? star : undefined);
    accepted = said?.do === 'allow' && said.by !== 'failsafe';
  }
  if (leaves === 'self') {
    if (typeof enters === 'string') {
      if (!accepted) asked('host', 'ingress', arrives);
      return;
    }
    if (numberOf(flow.protocol) === 58 && [130, 131, 132, 133, 135, 136].includes(flow.type!)) return;
    asked('workload', 'egress', enters);
    if (['Drop', 'Reject'].includes((felix(network, node)['defaultEndpointToHostAction'] ?? 'Drop') as string)) say('workload-to-host', '', node, { do: 'deny', by: 'endpoint-to-host-action', visits: [] });
    return;
  }
  if (!accepted) asked('forward', 'ingress', typeof enters === 'string' ? arrives : star);
  if (typeof enters !== 'string') asked('workload', 'egress', enters);
  if (typeof leaves !== 'string') asked('workload', 'ingress', leaves);
  asked('forward', 'egress', typeof leaves === 'string' ? governs(leaves) : star);
}

function hostEndpoints({ things }: Network, node: string): readonly Thing[] {
  return things.filter((each) => each.kind === 'HostEndpoint' && each.node === node).sort((left, right) => (left.id < right.id ? -1 : 1));
}

function isOn({ hosts }: Network, { interface: own, nets, node }: Thing, name: string): boolean {
  if (own === '*') return false;
  return own !== '' ? own === name : nets.some((net) => (hosts[node]?.interfaces[name] ?? []).some((each) => same(each, net)));
}

function felix({ objects }: Network, node: string): Record<string, unknown> {
  const named = (name: string): Record<string, unknown> => objects.find((each) => each.kind === 'FelixConfiguration' && each.metadata.name === name)?.spec ?? {};
  return { ...named('default'), ...named(`node.${node}`) };
}

/** What decides before policies, then section 4. */
function hookSays(network: Network, thing: Thing, hook: string, direction: Direction, flow: Flow): Said {
  const settings = felix(network, thing.node);
  const protocol = numberOf(flow.protocol);
  if (hook === 'workload' && direction === 'egress') {
    const isVxlan = protocol === 17 && flow.dport === (settings['vxlanPort'] ?? 4789) && settings['allowVXLANPacketsFromWorkloads'] !== true;
    if (isVxlan || (protocol === 4 && settings['allowIPIPPacketsFromWorkloads'] !== true)) return { do: 'deny', by: 'encapsulation', visits: [] };
  }
  if (['host', 'untracked', 'preDNAT'].includes(hook) && failsafe(settings, hook, direction, flow)) return { do: 'allow', by: 'failsafe', visits: [] };
  if (hook === 'forward' && (['ingress', 'egress'] as const).every((each) => policiesOf(network, thing, hook, each).length === 0)) return { do: 'allow', by: 'forward-default', visits: [] };
  return walkRules(network, thing, hook, direction, flow);
}

function failsafe(settings: Record<string, unknown>, hook: string, direction: Direction, flow: Flow): boolean {
  type Port = { readonly protocol: string; readonly port: number; readonly net?: string };
  const built = { ingress: ['tcp 22 179 2379 2380 5473 6443 6666 6667', 'udp 68'], egress: ['tcp 179 2379 2380 5473 6443 6666 6667', 'udp 53 67'] };
  const list = (each: Direction): readonly Port[] =>
    (settings[each === 'ingress' ? 'failsafeInboundHostPorts' : 'failsafeOutboundHostPorts'] as readonly Port[] | undefined) ??
    built[each].flatMap((line) => line.split(' ').slice(1).map((port) => ({ protocol: line.slice(0, 3), port: Number(port) })));
  const far = direction === 'ingress' ? flow.src : flow.dst;
  const open = (each: Direction, port: number | undefined): boolean => list(each).some((entry) => numberOf(entry.protocol) === numberOf(flow.protocol) && entry.port === port && (!entry.net || lies(far, [entry.net])));
  return open(direction, flow.dport) || (hook === 'untracked' && open(direction === 'ingress' ? 'egress' : 'ingress', flow.sport));
}

function walkRules(network: Network, thing: Thing, hook: string, direction: Direction, flow: Flow): Said {
  const visits: string[] = [];
  const ask = (id: string, object: StoredObject | undefined, namespace?: string): Said | 'pass' | undefined => {
    const rules = object === undefined ? [{ action: 'Deny' }] : ((object.spec[direction] ?? []) as readonly StoredRule[]);
    for (const [index, rule] of rules.entries()) {
      visits.push(`${id}/${direction}/${index}`);
      if (!ruleMatches(network, rule, namespace, flow) || rule.action === 'Log') continue;
      return rule.action === 'Pass' ? 'pass' : { do: rule.action.toLowerCase(), by: `${id}/${direction}/${index}`, visits };
    }
    return undefined;
  };
  const policies = policiesOf(network, thing, hook, direction);
  for (const tier of new Set(policies.map((policy) => policy.spec['tier'] as string))) {
    let end: Said | 'pass' | undefined;
    for (const policy of policies.filter((each) => each.spec['tier'] === tier)) end ??= ask(idOf(policy), policy, policy.metadata.namespace);
    if (end !== undefined && end !== 'pass') return end;
    const stored = network.objects.find((each) => each.kind === 'Tier' && each.metadata.name === tier);
    if (end === undefined && stored?.spec['defaultAction'] !== 'Pass' && hook !== 'untracked' && hook !== 'preDNAT') return { do: 'deny', by: `tier-default:${tier}`, visits };
  }
  if (hook !== 'workload' && hook !== 'host') return { do: 'none', by: policies.length === 0 ? 'no-policy' : 'no-match', visits };
  for (const name of thing.profiles) {
    const end = ask(`profile:${name}`, network.objects.find((each) => each.kind === 'Profile' && each.metadata.name === name));
    if (end !== undefined && end !== 'pass') return end;
  }
  return { do: 'deny', by: thing.profiles.length === 0 ? 'no-profile' : 'no-profile-match', visits };
}

function idOf({ metadata: { name, namespace } }: StoredObject): string {
  return namespace === undefined ? `gnp:${name}` : `np:${namespace}/${name}`;
}

/** Sections 3 and 7: the enforced policies of a hook and direction, in order. */
function policiesOf({ objects }: Network, thing: Thing, hook: string, direction: Direction): readonly StoredObject[] {
  const tiers = new Map(objects.filter(({ kind }) => kind === 'Tier').map((tier) => [tier.metadata.name, tier]));
  const wants = ({ spec }: StoredObject): boolean => {
    if (hook === 'untracked' || hook === 'preDNAT') return spec[hook === 'untracked' ? 'doNotTrack' : 'preDNAT'] === true;
    return spec['doNotTrack'] !== true && spec['preDNAT'] !== true && (hook !== 'forward' || spec['applyOnForward'] === true);
  };
  const governs = ({ spec }: StoredObject): boolean => ((spec['types'] as readonly string[] | undefined) ?? ['Ingress', 'Egress']).includes(direction === 'ingress' ? 'Ingress' : 'Egress');
  const order = ({ spec }: StoredObject): number => (spec['order'] as number | undefined) ?? Infinity;
  const key = (policy: StoredObject): readonly (number | string)[] => {
    const name = policy.spec['tier'] as string;
    const tier = tiers.get(name);
    return [tier === undefined ? 1 : 0, tier === undefined ? 0 : order(tier), name, order(policy), `${policy.metadata.name}/${policy.metadata.namespace ?? ''}/${policy.kind}`];
  };
  const before = (left: readonly (number | string)[], right: readonly (number | string)[]): number => {
    const at = left.findIndex((each, index) => each !== right[index]);
    return at < 0 ? 0 : left[at]! < right[at]! ? -1 : 1;
  };
  return objects
    .filter(({ kind }) => kind === 'GlobalNetworkPolicy' || kind === 'NetworkPolicy')
    .filter((policy) => wants(policy) && governs(policy) && selects(policyText(policy.spec, policy.metadata.namespace), thing.labels))
    .sort((left, right) => before(key(left), key(right)));
}


import type { PolicyGroup } from './groups.js';
import { chain, clearMark, DENY, DROP, ESTABLISHED, jump, marked, NOTRACK, RETURN, rule, setMark, unmarked, type Action, type Chain, type Match, type Rule } from './rule.js';
import { denyWord, type Terms } from './terms.js';

/** The policies of a tier that an endpoint asks, ready to be jumped to. */
export interface TierGroups {
  readonly name: string;
  /** Whether what no policy decided is denied at its end. */
  readonly denies: boolean;
  readonly groups: readonly PolicyGroup[];
}

/** Limits of what an endpoint may send or get. */
export interface EndpointLimits {
  readonly packetRate?: number;
  readonly packetBurst?: number;
  readonly connections?: number;
}

/** What the chain of an endpoint is made of. */
export interface EndpointChain {
  readonly name: string;
  /** `untracked` is before connection tracking, `preDNAT` before addresses are translated. */
  readonly hook: 'workload' | 'host' | 'forward' | 'untracked' | 'preDNAT';
  /** The side of the limits, for their comments. */
  readonly direction: 'ingress' | 'egress';
  readonly allow: Action;
  readonly tiers: readonly TierGroups[];
  /** The chains of its profiles; undefined where they are not asked. */
  readonly profiles?: readonly string[];
  readonly limits?: EndpointLimits | undefined;
  /** Forwarded packets are accepted where no policy speaks of them. */
  readonly acceptsForwarded?: boolean;
}

/** The chain that packets of an endpoint pass in one direction (reference/netfilter 7). */
export function endpointChain(terms: Terms, spec: EndpointChain): Chain {
  const { marks } = terms;
  const { hook, direction, tiers, profiles } = spec;
  const isEgressOfWorkload = hook === 'workload' && direction === 'egress';
  return chain(spec.name,
    ...packetRate(terms, spec),
    ...(hook === 'untracked' ? [] : connectionRules(terms, spec.allow)),
    ...connectionLimit(spec),
    ...(hook === 'workload' || hook === 'forward' ? [] : [rule([], jump(direction === 'ingress' ? 'cali-failsafe-in' : 'cali-failsafe-out'))]),
    rule([], clearMark(marks.accept + marks.pass)),
    ...(isEgressOfWorkload ? encapsulated(terms) : []),
    ...tiers.flatMap((tier) => tierRules(terms, tier, hook)),
    ...(spec.acceptsForwarded === true ? [rule([], setMark(marks.accept), 'Allow forwarded traffic by default'), rule([], RETURN, 'Return for accepted forward traffic')] : []),
    ...(profiles === undefined ? [] : profileRules(terms, profiles)));
}

function packetRate({ language, marks: { scratch0 } }: Terms, { direction, limits: { packetRate: rate, packetBurst: burst = 5 } = {} }: EndpointChain): readonly Rule[] {
  if (rate === undefined) return [];
  if (language === 'nftables') return [rule([], { kind: 'limit-packets', rate, burst }, `Drop packets over ${direction} packet rate limit`)];
  const cleared = rule([], clearMark(scratch0), `Clear ${direction} packet rate limit mark`);
  return [
    cleared,
    rule([{ kind: 'limit', rate: `${rate}/sec`, burst }], setMark(scratch0), `Mark packets within ${direction} packet rate limit`),
    rule([{ kind: 'mark', not: true, value: scratch0, mask: scratch0 }], DROP, `Drop packets over ${direction} packet rate limit`),
    cleared,
  ];
}

function connectionRules({ settings, marks }: Terms, allow: Action): readonly Rule[] {
  return [
    ...(allow.kind === 'return' ? [rule([ESTABLISHED], setMark(marks.accept))] : []),
    rule([ESTABLISHED], allow),
    ...(settings.disableConntrackInvalidCheck ? [] : [rule([{ kind: 'ct-state', states: ['INVALID'] }], DENY)]),
  ];
}

function connectionLimit({ direction, limits: { connections } = {} }: EndpointChain): readonly Rule[] {
  return connections === undefined ? [] : [rule([{ kind: 'connection-begins' }], { kind: 'limit-connections', above: connections }, `Reject connections over ${direction} connection limit`)];
}

/** Workloads may not send tunnelled packets, which other hosts would take for those of a host. */
function encapsulated(terms: Terms): readonly Rule[] {
  const { settings: { allowVXLANPacketsFromWorkloads, allowIPIPPacketsFromWorkloads, vxlanPort } } = terms;
  const vxlan: readonly Match[] = [{ kind: 'protocol', protocol: '17' }, { kind: 'ports', side: 'destination', ports: [String(vxlanPort)], protocol: '17' }];
  return [
    ...(allowVXLANPacketsFromWorkloads ? [] : [rule(vxlan, DENY, `${denyWord(terms)} VXLAN encapped packets originating in workloads`)]),
    ...(allowIPIPPacketsFromWorkloads ? [] : [rule([{ kind: 'protocol', protocol: '4' }], DENY, `${denyWord(terms)} IPinIP encapped packets originating in workloads`)]),
  ];
}

/** Before connection tracking and before addresses are translated the end of a tier denies nothing. */
function tierRules(terms: Terms, { name, denies, groups }: TierGroups, hook: EndpointChain['hook']): readonly Rule[] {
  const { marks } = terms;
  const asked = groups.flatMap(({ chainName }) => chainName ?? []);
  const ends = denies && asked.length > 0 && hook !== 'untracked' && hook !== 'preDNAT';
  return [
    rule([], clearMark(marks.pass), `Start of tier ${name}`),
    ...asked.flatMap((each) => [
      rule([unmarked(marks.pass)], jump(each)),
      ...(hook === 'untracked' ? [rule([marked(marks.accept)], NOTRACK)] : []),
      rule([marked(marks.accept)], RETURN, 'Return if policy accepted'),
    ]),
    ...(ends ? [rule([unmarked(marks.pass)], DENY, `End of tier ${name}. ${denyWord(terms)} if no policies passed packet`)] : []),
  ];
}

function profileRules(terms: Terms, chains: readonly string[]): readonly Rule[] {
  return [
    ...chains.flatMap((each) => [rule([], jump(each)), rule([marked(terms.marks.accept)], RETURN, 'Return if profile accepted')]),
    rule([], DENY, `${denyWord(terms)} if no profiles matched`),
  ];
}

import type { Family, Netfilter, TableName } from '../../../src/dataplane/desired.js';
import type { Link } from '../../../src/dataplane/input.js';
import { NetfilterPlanner } from '../../../src/dataplane/netfilter/iptables/planner.js';
import type { Settings } from '../../../src/dataplane/settings/settings.js';
import { recordedLinks, type FelixRecording, type RecordedSet, type RecordedTable } from '../../support/recordings.js';

const ID = /cali:([\w-]{16})/;
export const FAMILIES: readonly (readonly ['v4' | 'v6', Family])[] = [['v4', 4], ['v6', 6]];

/** Chains with the ids of our rules: an id stands for the text of its rule and of all before it. */
export type Ids = Readonly<Record<string, readonly string[]>>;

export function recordedIds({ chains }: RecordedTable): Ids {
  const own = Object.entries(chains).map(([name, rules]) => [name, rules.flatMap((rule) => ID.exec(rule)?.[1] ?? [])] as const);
  return Object.fromEntries(own.filter(([name, ids]) => name.startsWith('cali-') || ids.length > 0));
}

export function plannedIds({ tables }: Netfilter, family: Family, table: TableName): Ids {
  const { chains, hooks } = tables[family]![table];
  const own = [...chains].map(([name, rules]) => [name, rules.map(({ id }) => id)] as const);
  const kernel = [...hooks].map(([name, { inserted, appended }]) => [name, [...inserted, ...appended].map(({ id }) => id)] as const);
  return Object.fromEntries([...own, ...kernel]);
}

/** A table that the kernel refused, as Felix wrote it, is empty. */
export function wasProgrammed({ chains }: RecordedTable): boolean {
  return Object.keys(chains).some((name) => name.startsWith('cali-'));
}

/** Sets by name. Link-local addresses are those of devices that are made with random addresses too, and not always there in time. */
export function recordedSets(sets: Readonly<Record<string, RecordedSet>>): unknown {
  const own = Object.entries(sets).filter(([name]) => /^cali[46]/.test(name));
  return Object.fromEntries(own.map(([name, { type, family, members }]) => [name, { type, family, members: members.filter((member) => !/^(fe80|@)/.test(member)).sort() }]));
}

export function plannedSets({ sets }: Netfilter): unknown {
  return Object.fromEntries([...sets.values()].map(({ name, type, family, members }) => [name, { type, family: family === 4 ? 'inet' : 'inet6', members: [...members].filter((member) => !member.startsWith('fe80')).sort() }]));
}

/** Devices that were made for tunnels are among the interfaces afterwards. */
export function linksAfter(recording: Pick<FelixRecording, 'interfaces' | 'prepare'>, made: Readonly<Record<string, unknown>>): readonly Link[] {
  const devices = Object.entries(made) as [string, { mtu: number; addresses?: readonly string[] }][];
  return [...recordedLinks(recording), ...devices.map(([name, { mtu, addresses = [] }], at) => ({ name, index: 100 + at, isUp: true, mtu, addresses }))];
}

/** The planner of a recorded host. */
export function plannerOf(settings: Settings, links: readonly Link[]): NetfilterPlanner {
  const randomFully = settings.featureDetectOverride.get('MASQFullyRandom') !== 'false';
  return new NetfilterPlanner(settings, { usesIpvs: links.some(({ name }) => name === 'kube-ipvs0'), randomFully });
}

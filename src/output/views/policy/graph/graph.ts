import { goJsonIndented } from '../../../../go/indented-json.js';
import type { Beyond, Connection, Passing } from '../../../../insight/graph/connections.js';
import { MOST_GROUPS, type Group } from '../../../../insight/graph/groups.js';
import { without } from '../../../../policy/packet-set.js';
import { NAMESPACE_LABEL } from '../../../../resources/field-labels.js';
import { classicLabelKey } from '../../../../resources/v1/names.js';
import type { Graph, GraphNode, Look } from '../../../formats/graph/graph.js';
import { trafficText } from '../traffic-text.js';

/** Who may talk to whom, ready to be drawn. */
export interface PolicyGraph {
  readonly groups: readonly Group[];
  readonly connections: readonly Connection[];
  /** Groups that are left out, being the smallest of many. */
  readonly left: readonly Group[];
  /** What of the groups that are shown these reach, and are reached by. */
  readonly beyond: Beyond;
  /** What has no address, by its name. */
  readonly withoutAddresses: readonly string[];
}

const LOOKS: Readonly<Record<Group['kind'], Look>> = { workload: 'group', host: 'host', set: 'outside', unprotected: 'host', outside: 'outside' };
const NOUNS: Readonly<Record<Group['kind'], string>> = { workload: 'workload', host: 'host endpoint', set: 'network set', unprotected: 'host', outside: 'network' };

/** What of a network is drawn: the largest groups, hosts and what is outside. */
export function shownGroups(groups: readonly Group[]): { readonly groups: readonly Group[]; readonly left: readonly Group[] } {
  const known = groups.filter(({ kind }) => kind !== 'outside' && kind !== 'unprotected');
  const outside = groups.filter((group) => !known.includes(group));
  return { groups: [...known.slice(0, MOST_GROUPS), ...outside.slice(0, MOST_GROUPS)], left: [...known.slice(MOST_GROUPS), ...outside.slice(MOST_GROUPS)] };
}

/** The picture of it. */
export function policyGraph(graph: PolicyGraph): Graph {
  const { groups, connections } = graph;
  const id = (group: Group): string => `n${groups.indexOf(group) + 1}`;
  return {
    title: 'Who may talk to whom',
    directed: true,
    hulls: [],
    nodes: groups.map((group) => nodeOf(group, id(group), graph)),
    edges: connections.filter(({ from, to }) => from !== to).map((connection) => ({ from: id(connection.from), to: id(connection.to), ...labelOf(connection) })),
    notes: notesOf(graph),
  };
}

function notesOf({ groups, connections, left, withoutAddresses }: PolicyGraph): readonly string[] {
  const [networks, others] = [left.filter(({ kind }) => kind === 'outside').length, left.filter(({ kind }) => kind !== 'outside')];
  return [
    ...(groups.every(({ kind }) => kind === 'outside') ? ['There are no endpoints, no network sets and no hosts.'] : []),
    ...(connections.some((connection) => labelOf(connection).partial) ? ['A dashed line is not for all pairs of the two groups alike.'] : []),
    ...(others.length === 0 ? [] : [`${others.length} smaller groups with ${membersOf(others)} members are left out: choose other labels with --by.`]),
    ...(networks === 0 ? [] : [`${networks} more networks that rules name are left out.`]),
    ...(withoutAddresses.length === 0 ? [] : [`Left out, having no address: ${withoutAddresses.slice(0, MOST_NAMES).join(', ')}${withoutAddresses.length > MOST_NAMES ? ` and ${withoutAddresses.length - MOST_NAMES} more` : ''}.`]),
  ];
}

/** Of more the first are named. */
const MOST_NAMES = 3;

function membersOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { ends }) => sum + ends.length, 0);
}

function nodeOf(group: Group, id: string, graph: PolicyGraph): GraphNode {
  const inside = graph.connections.find(({ from, to }) => from === group && to === group);
  const { isClosed, texts } = closedness(group, graph);
  return { id, look: isClosed ? 'closed' : LOOKS[group.kind], lines: [nameOf(group, graph.groups), ...(inside === undefined ? [] : [`among them: ${labelOf(inside).label}`]), ...texts] };
}

/** Who is not reached, or reaches nobody; what is left out counts, too. */
function closedness(group: Group, { connections, beyond }: PolicyGraph): { readonly isClosed: boolean; readonly texts: readonly string[] } {
  if (group.kind !== 'workload' && group.kind !== 'host') return { isClosed: false, texts: [] };
  const reaching = connections.filter(({ to }) => to === group).map(({ from }) => from);
  // A host may always reach its own workloads, whatever policies say.
  const onlyHosts = reaching.every(({ kind }) => kind === 'unprotected' || kind === 'host');
  const isClosed = onlyHosts && !beyond.reached.has(group);
  const reaches = connections.some(({ from }) => from === group);
  return {
    isClosed,
    texts: [
      ...(isClosed ? [reaching.length === 0 ? 'nobody may reach it' : 'only hosts may reach it'] : onlyHosts ? ['some that are left out may reach it'] : []),
      ...(reaches ? [] : [beyond.reaching.has(group) ? 'it may reach some that are left out' : 'it may reach nobody']),
    ],
  };
}

/** `role=web (2 workloads)`. */
function nameOf(group: Group, groups: readonly Group[]): string {
  const { kind, shared, ends } = group;
  if (kind === 'outside') return shared.join(', ');
  const count = `${ends.length} ${NOUNS[kind]}${ends.length === 1 ? '' : 's'}`;
  if (kind === 'unprotected') return `hosts without host endpoint (${count})`;
  const others = groups.filter((each) => each.kind === kind && each !== group);
  const members = ends.length === 1 ? ends[0]!.name : others.length === 0 ? 'all' : 'others';
  return `${shared.length === 0 ? members : [...shared.map(shortLabel), ...lacking(shared, others)].join(', ')} (${count})`;
}

/** The labels that others have besides the same ones. */
function lacking(shared: readonly string[], others: readonly Group[]): readonly string[] {
  const more = others.filter((each) => shared.every((label) => each.shared.includes(label))).flatMap((each) => each.shared.filter((label) => !shared.includes(label)));
  return [...new Set(more.map((label) => `no ${shortLabel(label).split(/[= ]/)[0]!}`))];
}

const NAMESPACES = [NAMESPACE_LABEL, classicLabelKey(NAMESPACE_LABEL)].map((key) => `${key}=`);

/** Namespaces as people call them. */
function shortLabel(label: string): string {
  const start = NAMESPACES.find((each) => label.startsWith(each));
  return start === undefined ? label : `ns ${label.slice(start.length)}`;
}

/** What all may send, and what only some. */
function labelOf({ passing }: Connection): { readonly label: string; readonly partial: boolean } {
  const texts = passing.map((each) => ({ version: each.version, text: passingText(each) }));
  const [first, second] = texts;
  const label = second === undefined || first!.text === second.text ? first!.text : texts.map(({ version, text }) => `IPv${version}: ${text}`).join('; ');
  return { label, partial: passing.some(({ some, all }) => without(some, all).length > 0) };
}

/** ICMP of either version is called icmp, so that both versions read alike where they are. */
function passingText({ version, some, all }: Passing): string {
  const rest = without(some, all);
  const text = (packets: Passing['some']): string => trafficText(packets, version).replace(/^icmpv6|(?<=; )icmpv6/g, 'icmp');
  if (rest.length === 0) return text(all);
  return all.length === 0 ? `some: ${text(some)}` : `${text(all)}; some: ${text(rest)}`;
}

/** The same as data. */
export function policyGraphData({ groups, connections, left, withoutAddresses }: PolicyGraph): string {
  return `${goJsonIndented({
    groups: groups.map(({ kind, shared, ends }, at) => ({ id: `n${at + 1}`, kind, shared, count: ends.length, members: ends.slice(0, 3).map(({ name }) => name) })),
    connections: connections.map(({ from, to, passing }) => ({
      from: `n${groups.indexOf(from) + 1}`,
      to: `n${groups.indexOf(to) + 1}`,
      passing: passing.map(({ version, some, all }) => ({ version, all: trafficText(all, version), some: trafficText(without(some, all), version) })),
    })),
    leftOut: { groups: left.length, members: membersOf(left), withoutAddresses },
  })}\n`;
}

import { goJsonIndented } from '../../../../go/indented-json.js';
import type { Connection, Passing } from '../../../../insight/graph/connections.js';
import { MOST_GROUPS, type Group } from '../../../../insight/graph/groups.js';
import { without } from '../../../../policy/packet-set.js';
import type { Graph, GraphNode, Look } from '../../../formats/graph/graph.js';
import { trafficText } from '../traffic-text.js';

/** Who may talk to whom, ready to be drawn. */
export interface PolicyGraph {
  readonly groups: readonly Group[];
  readonly connections: readonly Connection[];
  /** Groups that are left out, being the smallest of many. */
  readonly left: readonly Group[];
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
export function policyGraph({ groups, connections, left }: PolicyGraph): Graph {
  const id = (group: Group): string => `n${groups.indexOf(group) + 1}`;
  return {
    title: 'Who may talk to whom',
    directed: true,
    hulls: [],
    nodes: groups.map((group) => nodeOf(group, id(group), connections)),
    edges: connections.filter(({ from, to }) => from !== to).map((connection) => ({ from: id(connection.from), to: id(connection.to), ...labelOf(connection) })),
    notes: [
      ...(connections.some((connection) => labelOf(connection).partial) ? ['A dashed line is not for all pairs of the two groups alike.'] : []),
      ...(left.length === 0 ? [] : [`${left.length} smaller groups with ${left.reduce((sum, { ends }) => sum + ends.length, 0)} members are left out: choose other labels with --by.`]),
    ],
  };
}

function nodeOf(group: Group, id: string, connections: readonly Connection[]): GraphNode {
  const inside = connections.find(({ from, to }) => from === group && to === group);
  const reaching = connections.filter(({ to }) => to === group).map(({ from }) => from);
  const reaches = connections.some(({ from }) => from === group);
  const isKnown = group.kind === 'workload' || group.kind === 'host';
  // A host may always reach its own workloads, whatever policies say.
  const isClosed = isKnown && reaching.every(({ kind }) => kind === 'unprotected' || kind === 'host');
  const closed = [...(isClosed ? [reaching.length === 0 ? 'nobody may reach it' : 'only hosts may reach it'] : []), ...(reaches || !isKnown ? [] : ['it may reach nobody'])];
  return { id, look: isClosed ? 'closed' : LOOKS[group.kind], lines: [nameOf(group), ...(inside === undefined ? [] : [`among them: ${labelOf(inside).label}`]), ...closed] };
}

/** `role=web (2 workloads)`. */
function nameOf({ kind, shared, ends }: Group): string {
  if (kind === 'outside') return shared.join(', ');
  const count = `${ends.length} ${NOUNS[kind]}${ends.length === 1 ? '' : 's'}`;
  if (kind === 'unprotected') return `hosts without host endpoint (${count})`;
  const members = ends.length === 1 ? ends[0]!.name : 'others';
  return `${shared.length === 0 ? members : shared.join(', ')} (${count})`;
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
export function policyGraphData({ groups, connections, left }: PolicyGraph): string {
  return `${goJsonIndented({
    groups: groups.map(({ kind, shared, ends }, at) => ({ id: `n${at + 1}`, kind, shared, count: ends.length, members: ends.slice(0, 3).map(({ name }) => name) })),
    connections: connections.map(({ from, to, passing }) => ({
      from: `n${groups.indexOf(from) + 1}`,
      to: `n${groups.indexOf(to) + 1}`,
      passing: passing.map(({ version, some, all }) => ({ version, all: trafficText(all, version), some: trafficText(without(some, all), version) })),
    })),
    leftOut: { groups: left.length, members: left.reduce((sum, { ends }) => sum + ends.length, 0) },
  })}\n`;
}

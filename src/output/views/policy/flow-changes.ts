import { goJsonIndented } from '../../../go/indented-json.js';
import type { Directory } from '../../../insight/directory.js';
import type { EndGroup } from '../../../insight/ends.js';
import type { Where } from '../../../insight/changed-rows.js';
import type { FlowChange } from '../../../insight/flow-changes.js';
import { fittedTable, type FittedRow } from '../../formats/fitted-table.js';
import { packetsData, packetsText } from './packet-groups-text.js';
import { packetText, ruleIdText } from './words.js';

/** A person reads no more than this; `-o json` has all. */
const MOST_ROWS = 25;

/**
 * What `policy diff` prints: a row for each change, with an example.
 * @param room how many columns the terminal has
 */
export function flowChangesText(changes: readonly FlowChange[], directory: Directory, room?: number): string {
  if (changes.length === 0) return '';
  const rows = changes.slice(0, MOST_ROWS).map((change): FittedRow => {
    const { from, to, versions, where, exceptOwnHost, packets, before, after, by, example } = change;
    const way = example.flow.from === undefined ? '' : `, through host ${example.flow.from.node}`;
    return {
      cells: [from.name, to.name + whereText(where), familyText(versions) + packetsText(packets), before, after, ruleIdText(by, directory)],
      below: [`e.g. ${example.from} -> ${example.to}, ${packetText(example.flow)}${way}`, ...(exceptOwnHost ? ['not between a host and what is on it'] : [])],
    };
  });
  const left = changes.length - rows.length;
  return `${fittedTable(['FROM', 'TO', 'PACKETS', 'BEFORE', 'AFTER', 'BY'], rows, room)}${left > 0 ? `and ${left} more: -o json has all\n` : ''}`;
}

/** Of one IP version only: IPv4 where nothing is said. */
export function familyText(versions: readonly (4 | 6)[]): string {
  return versions.length === 1 && versions[0] === 6 ? 'IPv6 ' : '';
}

/** Behind the name of receivers: of which senders. */
export function whereText(where: Where | undefined): string {
  return where === undefined ? '' : where === 'one host' ? ' on the same host' : ' on other hosts';
}

/** The same as data. */
export function flowChangesData(changes: readonly FlowChange[], directory: Directory): string {
  return `${goJsonIndented({
    changes: changes.map(({ from, to, versions, where, exceptOwnHost, packets, before, after, by, example }) => ({
      from: endData(from, directory), to: endData(to, directory), ...(where !== undefined && { where }), ...(exceptOwnHost && { exceptOwnHost }), ipVersions: versions, ...packetsData(packets), before, after, by, decidedBy: ruleIdText(by, directory), example,
    })),
  })}\n`;
}

/** An end of flows as data: who it is, by name. */
export function endData({ name, endpoints, hosts, sets, others, networks, exceptNetworks, parts }: EndGroup, directory: Directory): object {
  return {
    name,
    endpoints: endpoints.map(({ id }) => directory.name(id)).sort(),
    hosts,
    networkSets: sets.map(({ id }) => directory.name(id)).sort(),
    otherAddresses: others,
    networks,
    ...(exceptNetworks.length > 0 && { exceptNetworks }),
    ...(parts.size > 0 && { addresses: Object.fromEntries([...parts].map(([id, addresses]) => [id.startsWith('host/') ? id : directory.name(id), addresses])) }),
  };
}

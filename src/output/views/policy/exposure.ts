import { goJsonIndented } from '../../../go/indented-json.js';
import type { Directory } from '../../../insight/directory.js';
import type { Exposed, Exposure, Unpoliced } from '../../../insight/exposure.js';
import { safe } from '../../../text/safe.js';
import { brokenAt, fittedTable, type FittedRow } from '../../formats/fitted-table.js';
import { endData, familyText, whereText } from './flow-changes.js';
import { packetsData, packetsText } from './packet-groups-text.js';
import { packetText } from './words.js';

/** Columns where no terminal says how many it has. */
const WIDTH = 80;
const MARGIN = 2;

/** A person reads no more than this of a list; `-o json` has all. */
const MOST_ROWS = 25;

/**
 * What `policy exposure` prints: who is reached from outside, who from other namespaces, and who has no policies.
 * @param room how many columns the terminal has
 */
export function exposureText({ fromOutside, fromOtherNamespaces, kinds, withoutPolicies, openHosts }: Exposure, room = WIDTH): string {
  const width = room - MARGIN;
  const hosts = openHosts.length === 0 ? [] : [`hosts without a host endpoint (${openHosts.length}): ${listed(openHosts)}`];
  const parts = [
    ['Reached from outside:', exposedText(fromOutside, width)],
    ['Reached from other namespaces:', fromOtherNamespaces === undefined ? lines([`not worked out: policies tell ${kinds} kinds of workloads apart, too many to compare each with each`], width) : exposedText(fromOtherNamespaces, width)],
    ['Without policies:', lines([...withoutPolicies.map(unpolicedText), ...hosts], width) || 'nobody\n'],
  ] as const;
  return parts.map(([title, text]) => `${title}\n${text.replace(/^(?=.)/gm, '  ')}`).join('\n');
}

function lines(texts: readonly string[], width: number): string {
  return texts.flatMap((text) => brokenAt(safe(text), width - MARGIN).map((line, at) => `${at === 0 ? '' : '  '}${line}\n`)).join('');
}

function exposedText(rows: readonly Exposed[], width: number): string {
  if (rows.length === 0) return 'nobody\n';
  const shown = rows.slice(0, MOST_ROWS).map(({ to, from, versions, where, packets, example }): FittedRow => ({
    cells: [to.name, from.name + whereText(where), familyText(versions) + packetsText(packets)],
    below: [`e.g. ${example.from} -> ${example.to}, ${packetText(example.flow)}`],
  }));
  const left = rows.length - shown.length;
  return `${fittedTable(['TO', 'FROM', 'PACKETS'], shown, width)}${left > 0 ? `and ${left} more: -o json has all\n` : ''}`;
}

function unpolicedText({ name, endpoints, directions }: Unpoliced): string {
  return `${directions.length === 2 ? 'in neither direction' : `for ${directions.join()}`} (${endpoints.length}): ${name}`;
}

function listed(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

/** The same as data. */
export function exposureData({ fromOutside, fromOtherNamespaces, withoutPolicies, openHosts }: Exposure, directory: Directory): string {
  const data = (rows: readonly Exposed[]): object[] => rows.map(({ to, from, versions, where, packets, example }) => ({ to: endData(to, directory), from: endData(from, directory), ...(where !== undefined && { where }), ipVersions: versions, ...packetsData(packets), example }));
  return `${goJsonIndented({
    fromOutside: data(fromOutside),
    fromOtherNamespaces: fromOtherNamespaces === undefined ? null : data(fromOtherNamespaces),
    withoutPolicies: withoutPolicies.map(({ name, endpoints, directions }) => ({ name, endpoints: endpoints.map(({ id }) => directory.name(id)).sort(), directions })),
    hostsWithoutHostEndpoint: openHosts,
  })}\n`;
}

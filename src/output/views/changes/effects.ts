import { safe } from '../../../text/safe.js';
import { ipPool } from '../../../resources/v3/ip-pool.js';
import { v3Identity } from '../../../objects/target.js';
import type { Affected, AffectedAddress, Effects } from '../../../changes/effects/draft.js';

/** Lines for each list of one effect where somebody reads them. */
const MOST_SHOWN = 10;
/** Resources of which the effects are shown one by one. */
const MOST_RESOURCES = 20;

/** A list of identities, each on a line of its own, in the words of a question. */
interface Section {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** What goes or breaks, for somebody who is about to decide: bounded lists, and how many more there are. Lines for a terminal. */
export function effectsText(effects: readonly Effects[]): readonly string[] {
  const lines = effects.slice(0, MOST_RESOURCES).flatMap((each) => sectionsOf(each).flatMap(({ heading, lines: all }) => [`${heading}:`, ...bounded(all, '  ')]));
  const more = effects.length - MOST_RESOURCES;
  return [...lines, ...(more > 0 ? [`and so do ${more} more resources (--dry-run -o json names all)`] : [])].map(safe);
}

function sectionsOf({ target, goes, released, blocks, breaks, inUse, unreadable }: Effects): readonly Section[] {
  const { identity } = target;
  return [
    { heading: `Deleting ${identity} also deletes`, lines: [...goes.map(identityOf), ...released.map((each) => `address ${affectedAddressText(each)}`), ...blocks.map((block) => `the ownership of block ${block}`)] },
    { heading: `${identity} is in use`, lines: breaks.map((each) => `${identityOf(each)} ${each.reason ?? ''}`.trimEnd()) },
    { heading: `${identity} has ${inUse.length} ${inUse.length === 1 ? 'address' : 'addresses'} in use: no routing, encapsulation or NAT of the pool is left for`, lines: inUse.map(affectedAddressText) },
    { heading: `${identity} may have ${target.stored === ipPool ? 'more addresses in use' : 'addresses that are not released'}, since this cannot be read`, lines: unreadable.map(({ key, problem }) => `${key}: ${problem}`) },
  ].filter(({ lines }) => lines.length > 0);
}

/** As many lines of a list as somebody reads, and how many more there are. */
export function bounded(lines: readonly string[], indent: string): readonly string[] {
  const shown = lines.length > MOST_SHOWN + 1 ? lines.slice(0, MOST_SHOWN) : lines;
  const rest = lines.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].map((line) => indent + line);
}

/**
 * What goes or breaks in a dry run, a line each.
 * @param watched on a terminal: bounded lists; in a pipe all of them
 */
export function dryRunLines(effects: readonly Effects[], watched: boolean): readonly string[] {
  const lists = effects.flatMap(({ target: { identity, stored }, goes, released, blocks, breaks, inUse, unreadable }) => [
    goes.map((each) => `would delete ${identityOf(each)}`),
    released.map((each) => `would release ${affectedAddressText(each)}`),
    blocks.map((block) => `would take block ${block} from its node`),
    breaks.map((each) => `would break ${identityOf(each)}: ${each.reason ?? `it needs ${identity}`}`),
    inUse.map((each) => `would leave in use without ${identity}: ${affectedAddressText(each)}`),
    unreadable.map((each) => `would ${stored === ipPool ? `perhaps leave in use without ${identity} addresses` : `not release the addresses of ${identity}`} in what cannot be read: ${each.key}: ${each.problem}`),
  ]);
  return lists.flatMap((lines) => (watched ? bounded(lines, '') : lines)).map(safe);
}

/** What the effects add to a result of `-o json`: each list only where there is something in it. */
export function effectsData({ goes, released, blocks, breaks, inUse, unreadable }: Effects): Readonly<Record<string, readonly unknown[]>> {
  const data = {
    alsoDeleted: goes.map(affectedData),
    releasedAddresses: released.map(affectedAddressData),
    releasedBlocks: blocks,
    breaks: breaks.map(affectedData),
    addressesInUse: inUse.map(affectedAddressData),
    unreadable,
  };
  return Object.fromEntries(Object.entries(data).filter(([, list]) => list.length > 0));
}

/** A resource that has to do with another, as data. */
export function affectedData({ kind, name, namespace, reason }: Affected): object {
  return { kind: kind.kind, ...(namespace === undefined ? {} : { namespace }), name, ...(reason === undefined ? {} : { reason }) };
}

function affectedAddressData({ ip, user, others }: AffectedAddress): object {
  return { ip, ...(user === undefined ? {} : { user }), ...(others === undefined ? {} : { alsoUsedBy: others }) };
}

function identityOf({ kind, name, namespace }: Affected): string {
  return v3Identity(kind, name, namespace);
}

function affectedAddressText({ ip, user, others }: AffectedAddress): string {
  const loser = others === undefined ? '' : `, which ${others.join(' and ')} ${others.length === 1 ? 'has' : 'have'} too and will lose`;
  return `${user === undefined ? ip : `${ip} of ${user}`}${loser}`;
}

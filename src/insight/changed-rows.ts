import { groupedBy } from '../base/grouped-by.js';
import { join, packetsKey, type PacketSet } from '../policy/packet-set.js';
import type { Route } from '../policy/routes.js';

/** Between which pairs something is so, where it is not so between all of them: those on one host, or those on two. */
export type Where = 'one host' | 'different hosts';

/** A way, and those of a row's packets that change on it. */
export interface RowExample {
  readonly route: Route;
  readonly packets: PacketSet;
}

/** Packets that change in the same way from each of some classes to each of others; classes by their numbers, in order. */
export interface Row {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly packets: PacketSet;
  readonly where: Where | undefined;
  /** Of hosts: whether it is also so between them and what is on them. */
  readonly own: 'too' | 'not' | undefined;
  readonly example: RowExample;
}

/**
 * The same in few rows: those that differ on one side only become one, as long as there are any; by senders or by receivers first,
 * whichever makes fewer.
 * @param better which of two examples to tell
 */
export function fewRows(rows: readonly Row[], better: (left: RowExample, right: RowExample) => RowExample): readonly Row[] {
  const [bySender, byReceiver] = ([['from', 'to'], ['to', 'from']] as const).map(([first, second]) => {
    let merged = rows;
    let before: number;
    do {
      before = merged.length;
      merged = mergedBy(second, mergedBy(first, merged, better), better);
    } while (merged.length < before);
    return withAllPackets(merged, better);
  });
  return bySender!.length <= byReceiver!.length ? bySender! : byReceiver!;
}

type Better = Parameters<typeof fewRows>[1];

/** Those with the same packets and the same classes on a side as one. */
function mergedBy(side: 'from' | 'to', rows: readonly Row[], better: Better): readonly Row[] {
  const other = side === 'from' ? 'to' : 'from';
  const equal = groupedBy(rows, (row) => `${kindOf(row)}|${packetsKey(row.packets)}|${row[side].join()}`);
  return [...equal.values()].map((same) => (same.length === 1 ? same[0]! : { ...asOne(same, better), [other]: ascending(same.flatMap((row) => row[other])) }));
}

/** Between the same ends, packets of several kinds are one row. */
function withAllPackets(rows: readonly Row[], better: Better): readonly Row[] {
  const equal = groupedBy(rows, (row) => `${kindOf(row)}|${row.from.join()}|${row.to.join()}`);
  return [...equal.values()].map((same) => (same.length === 1 ? same[0]! : { ...asOne(same, better), packets: same.map((row) => row.packets).reduce(join) }));
}

/** Rows that may become one. Those that leave out what is on a host go with those that no host is in. */
function kindOf({ where, own }: Row): string {
  return `${where ?? ''}|${own === 'too'}`;
}

function asOne(rows: readonly Row[], better: Better): Row {
  const own = rows.find((row) => row.own !== undefined)?.own;
  return { ...rows[0]!, own, example: rows.map(({ example }) => example).reduce(better) };
}

/** Numbers in order, each once. */
export function ascending(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((left, right) => left - right);
}

import { groupedBy } from '../base/grouped-by.js';

/** Who is reached: all of one namespace, or all wherever they are. */
export interface Receiver {
  readonly namespace?: string | undefined;
}

/** Some, and from whom they are reached with which packets, by a text for the packets. */
export interface Reached<Unit extends Receiver, Piece> {
  readonly receivers: readonly Unit[];
  readonly byPackets: ReadonlyMap<string, ReadonlyMap<Unit, Piece>>;
}

/**
 * Makes one of those who are reached alike from other namespaces. What they are reached with from their own is not asked, so that they may
 * differ in that: then the senders are those of all, and pairs of one namespace are not meant.
 */
export function acrossNamespaces<Unit extends Receiver, Piece>(all: readonly Reached<Unit, Piece>[]): readonly Reached<Unit, Piece>[] {
  const similar = groupedBy(all, ({ byPackets }) => [...byPackets.keys()].sort().join('\n'));
  return [...similar.values()].flatMap((some) => {
    const merged: Merged<Unit, Piece>[] = [];
    for (const each of some) {
      const own = new Merged<Unit, Piece>(each);
      const known = merged.find((other) => other.agreesWith(own));
      if (known === undefined) merged.push(own);
      else known.add(own);
    }
    return merged;
  });
}

class Merged<Unit extends Receiver, Piece> implements Reached<Unit, Piece> {
  readonly receivers: Unit[];
  readonly byPackets: ReadonlyMap<string, Map<Unit, Piece>>;
  private readonly namespaces: Set<string | undefined>;

  constructor({ receivers, byPackets }: Reached<Unit, Piece>) {
    this.receivers = [...receivers];
    this.byPackets = new Map([...byPackets].map(([text, pieces]) => [text, new Map(pieces)]));
    this.namespaces = new Set(receivers.map(({ namespace }) => namespace));
  }

  /** Of senders in the namespace of all receivers nothing is known. */
  private get unasked(): string | undefined {
    return this.namespaces.size === 1 ? [...this.namespaces][0] : undefined;
  }

  agreesWith(other: Merged<Unit, Piece>): boolean {
    const unasked = [this.unasked, other.unasked].filter((each) => each !== undefined);
    const isAsked = ({ namespace }: Unit): boolean => namespace === undefined || !unasked.includes(namespace);
    return [...this.byPackets].every(([text, own]) => {
      const theirs = [...other.byPackets.get(text)!.keys()].filter(isAsked);
      return theirs.every((unit) => own.has(unit)) && [...own.keys()].filter(isAsked).length === theirs.length;
    });
  }

  add({ receivers, byPackets, namespaces }: Merged<Unit, Piece>): void {
    this.receivers.push(...receivers);
    for (const [text, pieces] of byPackets) for (const [unit, piece] of pieces) this.byPackets.get(text)!.set(unit, piece);
    for (const each of namespaces) this.namespaces.add(each);
  }
}

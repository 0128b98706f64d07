import { NameTable } from './name-table.js';
import { encodeHandle } from '../records/records.js';

/** The addresses of a handle in one block, and those in its other blocks. Most handles have one address in one block: all such of a block share one. */
export interface Held {
  readonly cidr: string;
  readonly count: number;
  readonly next: Held | undefined;
  /** How Calico stores a handle with just these addresses, where it is known. */
  readonly stored?: string;
}

/** The addresses of each handle, counted block by block, and then compared with the handles as they are stored. */
export class HeldTable {
  /** For each handle where its addresses are in `#held`, plus one; 0 once it was found to be stored so. */
  readonly #handles = new NameTable();
  readonly #held: Held[] = [];
  /** What the block being counted gives to a handle with one address, and its number. */
  #single = { cidr: '', number: 0 };

  /** Counts an address of a block for its handle. Blocks come one after the other, so the block being counted is always the first. */
  count(handle: string, cidr: string): void {
    if (this.#single.cidr !== cidr) this.#single = { cidr, number: this.#held.push(single(cidr)) };
    const place = this.#handles.add(handle);
    const known = this.#handles.at(place);
    this.#handles.set(place, known === 0 ? this.#single.number : this.#held.push(oneMore(this.#held[known - 1]!, cidr)));
  }

  /** Whether a handle is stored as Calico writes it for the addresses it has. If so it is done with. */
  settle(handle: string, value: string): boolean {
    const place = this.#handles.find(handle);
    if (place === undefined) return false;
    const number = this.#handles.at(place);
    if (number === 0 || !isStoredAs(this.#held[number - 1]!, value)) return false;
    this.#handles.set(place, 0);
    return true;
  }

  /** The handles that were not settled, in the order in which they were first counted. */
  rest(): Map<string, Held> {
    const rest = new Map<string, Held>();
    for (const place of this.#handles.places()) {
      const number = this.#handles.at(place);
      if (number !== 0) rest.set(this.#handles.nameAt(place), this.#held[number - 1]!);
    }
    return rest;
  }
}

/** The counts that a handle with these addresses must have. */
export function heldCounts(held: Held): Map<string, number> {
  const counts = new Map<string, number>();
  for (let each: Held | undefined = held; each !== undefined; each = each.next) counts.set(each.cidr, each.count);
  return counts;
}

function single(cidr: string): Held {
  return { cidr, count: 1, next: undefined, stored: encodeHandle(new Map([[cidr, 1]])) };
}

function oneMore(held: Held, cidr: string): Held {
  return held.cidr === cidr ? { cidr, count: held.count + 1, next: held.next } : { cidr, count: 1, next: held };
}

function isStoredAs(held: Held, value: string): boolean {
  return value === (held.stored ?? encodeHandle(heldCounts(held)));
}

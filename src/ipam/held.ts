import { NameTable } from './name-table.js';
import { encodeHandle } from './records.js';

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
  readonly #handles = new NameTable();
  /** By the number of the handle; undefined once it was found to be stored so. */
  readonly #held: (Held | undefined)[] = [];
  /** What the block being counted gives to a handle with one address. */
  #single: Held | undefined;

  /** Counts an address of a block for its handle. Blocks come one after the other, so the block being counted is always the first. */
  count(handle: string, cidr: string): void {
    if (this.#single?.cidr !== cidr) this.#single = single(cidr);
    const number = this.#handles.add(handle);
    const first = this.#held[number];
    if (first === undefined) this.#held[number] = this.#single;
    else this.#held[number] = first.cidr === cidr ? { cidr, count: first.count + 1, next: first.next } : { cidr, count: 1, next: first };
  }

  /** Whether a handle is stored as Calico writes it for the addresses it has. If so it is done with. */
  settle(handle: string, value: string): boolean {
    const number = this.#handles.find(handle);
    const held = number === undefined ? undefined : this.#held[number];
    if (number === undefined || held === undefined || !isStoredAs(held, value)) return false;
    this.#held[number] = undefined;
    return true;
  }

  /** The handles that were not settled, in the order in which they were first counted. */
  rest(): Map<string, Held> {
    const rest = new Map<string, Held>();
    for (const [number, held] of this.#held.entries()) if (held !== undefined) rest.set(this.#handles.at(number), held);
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

function isStoredAs(held: Held, value: string): boolean {
  return value === (held.stored ?? encodeHandle(heldCounts(held)));
}

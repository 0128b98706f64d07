import { encodeHandle } from './records.js';

/** The addresses of a handle in one block, and those in its other blocks. Most handles have one address in one block: all such of a block share one. */
export interface Held {
  readonly cidr: string;
  readonly count: number;
  readonly next: Held | undefined;
}

/** The counts that a handle with these addresses must have. */
export function heldCounts(held: Held): Map<string, number> {
  const counts = new Map<string, number>();
  for (let each: Held | undefined = held; each !== undefined; each = each.next) counts.set(each.cidr, each.count);
  return counts;
}

/** Counts an address of a block for its handle. Blocks come one after the other, so the block being counted is always the first. */
export function countHeld(held: Map<string, Held>, handle: string, single: Held): void {
  const first = held.get(handle);
  if (first === undefined) held.set(handle, single);
  else if (first.cidr === single.cidr) held.set(handle, { ...first, count: first.count + 1 });
  else held.set(handle, { ...single, next: first });
}

/** The handle with these addresses, as Calico writes it. */
export function heldText(held: Held): string {
  return held.next === undefined ? `{"block":{"${held.cidr}":${held.count}},"deleted":false}` : encodeHandle(heldCounts(held));
}

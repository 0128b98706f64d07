import type { Ip } from './address.js';
import type { Use, UseOf } from './uses.js';

const NOBODY: readonly Use[] = [];

/**
 * Who uses each address, in the order in which they were added. There are as many as endpoints: addresses are kept as numbers, and
 * for the usual single user no list is made.
 */
export class UseTable {
  readonly #users = new Map<Ip['value'], Use | readonly Use[]>();

  add({ ip, use }: UseOf): void {
    const known = this.#users.get(ip.value);
    this.#users.set(ip.value, known === undefined ? use : [...listOf(known), use]);
  }

  /** Everybody who uses the address. */
  get(ip: Ip): readonly Use[] {
    const known = this.#users.get(ip.value);
    return known === undefined ? NOBODY : listOf(known);
  }

  /** Whether anybody has it who got it from address management: not a node as its own address. */
  isGiven(ip: Ip): boolean {
    const known = this.#users.get(ip.value);
    return known !== undefined && ('kind' in known ? isGiven(known) : known.some(isGiven));
  }

  /** Every address, by its first user. */
  *[Symbol.iterator](): Generator<readonly [Ip, readonly Use[]]> {
    for (const [value, users] of this.#users) yield [typeof value === 'number' ? { version: 4, value } : { version: 6, value }, listOf(users)];
  }
}

/** The uses that address management knows: workloads and tunnels, not the nodes' own addresses. */
export function givenUses(uses: readonly Use[]): readonly Use[] {
  return uses.every(isGiven) ? uses : uses.filter(isGiven);
}

function isGiven({ kind }: Use): boolean {
  return kind !== 'node';
}

function listOf(users: Use | readonly Use[]): readonly Use[] {
  return 'kind' in users ? [users] : users;
}

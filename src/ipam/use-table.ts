import type { Ip } from './address.js';
import { Texts } from './texts.js';
import type { Use } from './uses.js';

const KINDS: readonly Use['kind'][] = ['workload', 'tunnel', 'node'];
const NODE = KINDS.indexOf('node');

/** Who uses each address, in the order in which they were added. There are as many as endpoints: addresses and users are kept as numbers and bytes. */
export class UseTable {
  /** By address the number of its first user. */
  readonly #first = new Map<Ip['value'], number>();
  /** By the number of the first user all users of an address, where it has more than one. */
  readonly #several = new Map<number, number[]>();
  readonly #kinds: number[] = [];
  readonly #names = new Texts();
  readonly #nodes: string[] = [];
  /** The name of each node under itself, so that it is in memory once. */
  readonly #nodeNames = new Map<string, string>();

  /** How many users there are; places are below. */
  get size(): number {
    return this.#kinds.length;
  }

  add(ip: Ip, use: Use): void {
    const user = this.#addUser(use);
    const address = keyOf(ip);
    const place = this.#first.get(address);
    if (place === undefined) this.#first.set(address, user);
    else if (this.#several.get(place)?.push(user) === undefined) this.#several.set(place, [place, user]);
  }

  /** A number for an address that somebody uses, as long as the table is not added to; undefined where nobody does. */
  placeOf(ip: Ip): number | undefined {
    return this.#first.get(keyOf(ip));
  }

  /** Everybody who uses the address. */
  get(ip: Ip): readonly Use[] {
    const place = this.placeOf(ip);
    return place === undefined ? [] : this.#usersAt(place);
  }

  /** Whether anybody has it who got it from address management: not a node as its own address. */
  isGiven(ip: Ip): boolean {
    const place = this.placeOf(ip);
    return place !== undefined && this.#isGivenAt(place);
  }

  /** Every address and its place. */
  *places(): Generator<readonly [Ip, number]> {
    for (const [address, place] of this.#first) yield [ipOf(address), place];
  }

  /** Every address that has more than one user. */
  *shared(): Generator<readonly [Ip, readonly Use[]]> {
    if (this.#several.size > 0) for (const [ip, place] of this.places()) if (this.#several.has(place)) yield [ip, this.#usersAt(place)];
  }

  /** How many users of each kind there are, and how many addresses have one that is not just a node as its own address. */
  counts(): Readonly<Record<Use['kind'], number>> & { readonly given: number } {
    const counts = { workload: 0, tunnel: 0, node: 0, given: 0 };
    for (const kind of this.#kinds) counts[KINDS[kind]!]++;
    for (const place of this.#first.values()) if (this.#isGivenAt(place)) counts.given++;
    return counts;
  }

  #addUser({ kind, name, node }: Use): number {
    const known = this.#nodeNames.get(node);
    if (known === undefined) this.#nodeNames.set(node, node);
    this.#nodes.push(known ?? node);
    this.#names.add(name);
    return this.#kinds.push(KINDS.indexOf(kind)) - 1;
  }

  /** The kind of the first user answers nearly always. */
  #isGivenAt(place: number): boolean {
    return this.#kinds[place] !== NODE || this.#usersAt(place).some(isGiven);
  }

  #usersAt(place: number): Use[] {
    return (this.#several.get(place) ?? [place]).map((user) => ({ kind: KINDS[this.#kinds[user]!]!, name: this.#names.at(user), node: this.#nodes[user]! }));
  }
}

/** The uses that address management knows: workloads and tunnels, not the nodes' own addresses. */
export function givenUses(uses: readonly Use[]): readonly Use[] {
  return uses.every(isGiven) ? uses : uses.filter(isGiven);
}

function isGiven({ kind }: Use): boolean {
  return kind !== 'node';
}

/** An IPv4 address as a number of 32 bits with its sign, which V8 keeps without an object; those of the families are of different types. */
function keyOf({ version, value }: Ip): Ip['value'] {
  return version === 4 ? value | 0 : value;
}

function ipOf(key: Ip['value']): Ip {
  return typeof key === 'number' ? { version: 4, value: key >>> 0 } : { version: 6, value: key };
}

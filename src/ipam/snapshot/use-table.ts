import type { Ip } from '../../net/address.js';
import { TUNNELS, type Tunnel } from '../cluster/owners.js';
import { Texts } from './text-table.js';
import type { Use } from '../cluster/uses.js';
import { withRoom } from './with-room.js';

/** What a user is, by its number: a workload, a node as itself, or a tunnel of a node. */
const KINDS: readonly Pick<Use, 'kind' | 'tunnel'>[] = [{ kind: 'workload' }, { kind: 'node' }, ...(Object.keys(TUNNELS) as Tunnel[]).map((tunnel) => ({ kind: 'tunnel', tunnel }) as const)];
const NODE = KINDS.findIndex(({ kind }) => kind === 'node');

/** So many addresses are in a group: those of a block of the usual size are asked for together, and so are together in memory. */
const GROUP_BITS = 6;
const GROUP = 1 << GROUP_BITS;
const FIRST_GROUPS = 1 << 8;

/** Who uses each address, in the order in which they were added. There are as many as endpoints: addresses and users are kept as numbers and bytes. */
export class UseTable {
  /** For the leading bits of an address, the index in `#first` at which the addresses with these bits begin. */
  readonly #groups = new Map<Ip['value'], number>();
  /** For each address, the number of its first user plus one; 0 if it has none. */
  #first = new Int32Array(FIRST_GROUPS * GROUP);
  /** For each user, its address; undefined if an earlier user has it too. */
  readonly #addresses: (Ip['value'] | undefined)[] = [];
  /** For the first user of an address with several users, all of them. */
  readonly #several = new Map<number, number[]>();
  readonly #kinds: number[] = [];
  readonly #names = new Texts();
  readonly #nodes: string[] = [];
  /** The name of each node, under itself, so that it is in memory once. */
  readonly #nodeNames = new Map<string, string>();

  /** How many users there are; places are below. */
  get size(): number {
    return this.#kinds.length;
  }

  add(ip: Ip, use: Use): void {
    const user = this.#addUser(use);
    const at = this.#groupOf(ip) + withinGroup(ip);
    const place = this.#first[at]! - 1;
    this.#addresses.push(place < 0 ? mapKey(ip) : undefined);
    if (place < 0) this.#first[at] = user + 1;
    else if (this.#several.get(place)?.push(user) === undefined) this.#several.set(place, [place, user]);
  }

  /** Whether anybody who uses an address is on the node. */
  hasNode(node: string): boolean {
    return this.#nodeNames.has(node);
  }

  /** A number for an address that somebody uses, as long as the table is not added to; undefined where nobody does. */
  placeOf(ip: Ip): number | undefined {
    const group = this.#groups.get(leading(ip));
    const place = group === undefined ? 0 : this.#first[group + withinGroup(ip)]!;
    return place === 0 ? undefined : place - 1;
  }

  /** Everybody who uses the address. */
  get(ip: Ip): readonly Use[] {
    const place = this.placeOf(ip);
    return place === undefined ? [] : this.usersAt(place);
  }

  /** Whether anybody has it who got it from address management: not a node as its own address. */
  isGiven(ip: Ip): boolean {
    const place = this.placeOf(ip);
    return place !== undefined && this.#isGivenAt(place);
  }

  /** The place of every address. */
  *places(): Generator<number> {
    for (let place = 0; place < this.#addresses.length; place++) if (this.#addresses[place] !== undefined) yield place;
  }

  /** The address at a place. */
  ipAt(place: number): Ip {
    return ipOf(this.#addresses[place]!);
  }

  /** Everybody who uses the address at a place. */
  usersAt(place: number): readonly Use[] {
    return (this.#several.get(place) ?? [place]).map((user) => ({ ...KINDS[this.#kinds[user]!]!, name: this.#names.at(user), node: this.#nodes[user]! }));
  }

  /** Every address that has more than one user. */
  *shared(): Generator<readonly [Ip, readonly Use[]]> {
    if (this.#several.size > 0) for (const place of this.places()) if (this.#several.has(place)) yield [this.ipAt(place), this.usersAt(place)];
  }

  /** How many users of each kind there are, and how many addresses have one that is not just a node as its own address. */
  counts(): Readonly<Record<Use['kind'], number>> & { readonly given: number } {
    const counts = { workload: 0, tunnel: 0, node: 0, given: 0 };
    for (const kind of this.#kinds) counts[KINDS[kind]!.kind]++;
    for (const place of this.places()) if (this.#isGivenAt(place)) counts.given++;
    return counts;
  }

  /** Where the group of an address begins, which is made if it is new. */
  #groupOf(ip: Ip): number {
    const key = leading(ip);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group = this.#groups.size * GROUP;
    this.#groups.set(key, group);
    this.#first = withRoom(this.#first, group + GROUP);
    return group;
  }

  #addUser({ kind, tunnel, name, node }: Use): number {
    // The endpoints of a namespace come node by node.
    const last = this.#nodes.at(-1);
    const known = last === node ? last : this.#nodeNames.get(node);
    if (known === undefined) this.#nodeNames.set(node, node);
    this.#nodes.push(known ?? node);
    this.#names.add(name);
    return this.#kinds.push(kind === 'workload' ? 0 : KINDS.findIndex((each) => each.kind === kind && each.tunnel === tunnel)) - 1;
  }

  /** The kind of the first user answers nearly always. */
  #isGivenAt(place: number): boolean {
    return this.#kinds[place] !== NODE || this.usersAt(place).some(isGiven);
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
function mapKey({ version, value }: Ip): Ip['value'] {
  return version === 4 ? value | 0 : value;
}

/** The bits that an address shares with the others of its group. */
function leading({ version, value }: Ip): Ip['value'] {
  return version === 4 ? value >>> GROUP_BITS : value >> BigInt(GROUP_BITS);
}

function withinGroup({ version, value }: Ip): number {
  return version === 4 ? value & (GROUP - 1) : Number(BigInt.asUintN(GROUP_BITS, value));
}

function ipOf(key: Ip['value']): Ip {
  return typeof key === 'number' ? { version: 4, value: key >>> 0 } : { version: 6, value: key };
}

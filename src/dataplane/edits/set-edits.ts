import type { IpSet } from '../desired.js';

/** A set of addresses that is in the kernel. */
export interface SavedSet {
  readonly type: string;
  readonly family: string;
  readonly maxelem: number;
  readonly members: ReadonlySet<string>;
}

export type SavedSets = ReadonlyMap<string, SavedSet>;

/** A line of the input of `ipset restore`; where it adds a member, to which set. */
export interface SetLine {
  readonly text: string;
  readonly set?: string;
  readonly member?: string;
}

export interface SetEdits {
  /** Makes and changes sets: before the rules that refer to them. */
  readonly lines: readonly SetLine[];
  /** Ours that nobody wants any more: to be destroyed after the rules that referred to them. */
  readonly stale: readonly string[];
  /** What is there after the lines. */
  readonly after: SavedSets;
}

const OURS = /^(cali4|cali6|felix-)/;
/** Names of sets in the making begin so. */
const TEMPORARY: Readonly<Record<IpSet['family'], string>> = { 4: 'cali4t', 6: 'cali6t' };

/** Reads what `ipset save` printed; of sets that are not ours nothing is kept. */
export function readSavedSets(text: string): SavedSets {
  const sets = new Map<string, { type: string; family: string; maxelem: number; members: Set<string> }>();
  for (const line of text.split('\n')) {
    const [verb, name = '', what = '', ...options] = line.split(' ');
    if (!OURS.test(name)) continue;
    if (verb === 'add') sets.get(name)?.members.add(what);
    if (verb !== 'create') continue;
    const option = (key: string): string => options[options.indexOf(key) + 1] ?? '';
    sets.set(name, { type: what, family: option('family'), maxelem: Number(option('maxelem')), members: new Set() });
  }
  return sets;
}

/**
 * The edits that make our sets what they should be (reference/felix 4.3). A set of which most changes is made anew aside and swapped in. Packets
 * pass all the while: what is added to any set is before all that is taken from any, so that an address is in a set at every
 * moment if it was before and is after, itself or by a network, and one that moves from a set to another is always in one of them.
 */
export function setEdits(kernel: SavedSets, desired: ReadonlyMap<string, IpSet>, maxelem: number): SetEdits {
  const made: (readonly SetLine[])[] = [];
  const added: (readonly SetLine[])[] = [];
  const swapped: (readonly SetLine[])[] = [];
  const removed: (readonly SetLine[])[] = [];
  const after = new Map<string, SavedSet>();
  const asides = new Set<string>();
  for (const [name, set] of desired) {
    const wanted = { type: set.type, family: set.family === 4 ? 'inet' : 'inet6', maxelem, members: set.members };
    const there = kernel.get(name);
    after.set(name, wanted);
    if (there === undefined) made.push(making(name, wanted));
    else if (there.type !== wanted.type || there.family !== wanted.family) made.push([{ text: `destroy ${name}` }], making(name, wanted));
    else if (there.members === wanted.members && there.maxelem === maxelem) continue;
    else {
      const gone = [...there.members].filter((member) => !wanted.members.has(member));
      const come = [...wanted.members].filter((member) => !there.members.has(member));
      if (there.maxelem === maxelem && gone.length + come.length <= there.members.size + 1 && there.members.size + come.length <= maxelem) {
        added.push(come.map((member) => adding(name, name, member)));
        removed.push(gone.map((member) => ({ text: `del ${name} ${member}` })));
      } else {
        const aside = `${TEMPORARY[set.family]}${asides.size}`;
        asides.add(aside);
        made.push(makingAside(aside, name, wanted, kernel));
        swapped.push([{ text: `swap ${aside} ${name}` }, { text: `destroy ${aside}` }]);
      }
    }
  }
  const stale = [...kernel.keys()].filter((name) => !desired.has(name) && !asides.has(name));
  return { lines: [made, added, swapped, removed].flat(2), stale, after: new Map([...after, ...stale.map((name) => [name, kernel.get(name)!] as const)]) };
}

function making(name: string, { type, family, maxelem, members }: SavedSet): readonly SetLine[] {
  return [{ text: `create ${name} ${type} family ${family} maxelem ${maxelem}` }, ...[...members].map((member) => adding(name, name, member))];
}

function adding(to: string, set: string, member: string): SetLine {
  return { text: `add ${to} ${member}`, set, member };
}

/** A crash may have left one of that name. */
function makingAside(aside: string, name: string, wanted: SavedSet, kernel: SavedSets): readonly SetLine[] {
  const [create, ...members] = making(aside, wanted);
  const left = kernel.has(aside) ? [{ text: `destroy ${aside}` }] : [];
  return [...left, create!, ...members.map(({ text, member }) => ({ text, set: name, ...(member !== undefined && { member }) }))];
}

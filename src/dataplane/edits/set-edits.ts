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

/** The edits that make our sets what they should be (reference/felix 4.3). A set of which most changes is made anew aside and swapped in. */
export function setEdits(kernel: SavedSets, desired: ReadonlyMap<string, IpSet>, maxelem: number): SetEdits {
  const lines: SetLine[] = [];
  const after = new Map<string, SavedSet>();
  let temporary = 0;
  for (const [name, set] of desired) {
    const wanted = { type: set.type, family: set.family === 4 ? 'inet' : 'inet6', maxelem, members: set.members };
    const there = kernel.get(name);
    after.set(name, wanted);
    if (there === undefined) lines.push(...made(name, wanted));
    else if (there.type !== wanted.type || there.family !== wanted.family) lines.push({ text: `destroy ${name}` }, ...made(name, wanted));
    else if (there.members === wanted.members && there.maxelem === maxelem) continue;
    else {
      const changes = changesOf(name, there.members, set.members);
      if (there.maxelem === maxelem && changes.length <= there.members.size + 1) lines.push(...changes);
      else lines.push(...swapped(name, wanted, `${TEMPORARY[set.family]}${temporary++}`, kernel));
    }
  }
  const stale = [...kernel.keys()].filter((name) => !desired.has(name) && !after.has(name));
  return { lines, stale, after: new Map([...after, ...stale.map((name) => [name, kernel.get(name)!] as const)]) };
}

function made(name: string, { type, family, maxelem, members }: SavedSet): readonly SetLine[] {
  return [{ text: `create ${name} ${type} family ${family} maxelem ${maxelem}` }, ...[...members].map((member) => added(name, name, member))];
}

function added(to: string, set: string, member: string): SetLine {
  return { text: `add ${to} ${member}`, set, member };
}

function changesOf(name: string, there: ReadonlySet<string>, wanted: ReadonlySet<string>): readonly SetLine[] {
  const gone = [...there].filter((member) => !wanted.has(member));
  return [...gone.map((member) => ({ text: `del ${name} ${member}` })), ...[...wanted].filter((member) => !there.has(member)).map((member) => added(name, name, member))];
}

/** A crash may have left one of that name. */
function swapped(name: string, wanted: SavedSet, temporary: string, kernel: SavedSets): readonly SetLine[] {
  const [create, ...members] = made(temporary, wanted);
  const left = kernel.has(temporary) ? [{ text: `destroy ${temporary}` }] : [];
  return [...left, create!, ...members.map(({ text, member }) => ({ text, set: name, ...(member !== undefined && { member }) })), { text: `swap ${temporary} ${name}` }, { text: `destroy ${temporary}` }];
}

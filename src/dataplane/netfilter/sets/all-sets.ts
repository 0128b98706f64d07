import type { Family, IpSet } from '../../desired.js';
import { membersIn, type PlainSet } from '../facts.js';
import { setName } from './names.js';
import type { SetStore } from './set-store.js';

/** All sets of a host, from one plan to the next. */
export class AllSets {
  private sets: ReadonlyMap<string, IpSet> = new Map();

  constructor(
    private readonly families: readonly Family[],
    private readonly ofRules: SetStore,
  ) {}

  /** The sets as they are now; the same object as long as none of them changes. */
  plan(plain: readonly PlainSet[]): ReadonlyMap<string, IpSet> {
    const next = new Map<string, IpSet>();
    for (const { id, type, nets, families } of plain) {
      for (const family of families.filter((each) => this.families.includes(each))) {
        const name = setName(family, id);
        const members = membersIn(nets, family);
        const before = this.sets.get(name);
        next.set(name, before !== undefined && isSame(before.members, members) ? before : { name, type, family, members });
      }
    }
    for (const set of this.ofRules.current()) next.set(set.name, set);
    if (next.size !== this.sets.size || [...next].some(([name, set]) => this.sets.get(name) !== set)) this.sets = next;
    return this.sets;
  }
}

function isSame(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...right].every((each) => left.has(each));
}

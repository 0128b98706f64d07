import type { Effects } from './draft.js';

/** Asks before something else goes or breaks. Throws where that is not wanted. */
export type Confirm = (effects: readonly Effects[]) => Promise<void>;

/** What somebody has agreed to. While they think, more may come to be in use: then they are asked again. */
export class Consent {
  readonly #agreed = new Set<string>();

  constructor(private readonly confirm: Confirm | undefined) {}

  /** Asks where anything is new; returns whether it did: what was read before is old then. */
  async asksAbout(effects: readonly Effects[]): Promise<boolean> {
    const facts = effects.flatMap(factsOf);
    if (this.confirm === undefined || facts.every((fact) => this.#agreed.has(fact))) return false;
    await this.confirm(effects);
    this.agreeTo(effects);
    return true;
  }

  /** Takes note of what was agreed to elsewhere. */
  agreeTo(effects: readonly Effects[]): void {
    for (const fact of effects.flatMap(factsOf)) this.#agreed.add(fact);
  }
}

/** Each thing that goes or breaks with a resource, as a text that no other one has. */
function factsOf({ target, goes, released, blocks, breaks, inUse, unreadable }: Effects): readonly string[] {
  const [going, broken] = [goes, breaks].map((list) => list.map(({ kind, ...rest }) => ({ ...rest, kind: kind.kind })));
  const lists: Readonly<Record<string, readonly unknown[] | undefined>> = { going, released, blocks, broken, inUse, unreadable };
  return Object.entries(lists).flatMap(([name, list = []]) => list.map((each) => JSON.stringify([target.identity, name, each])));
}

import type { Effects } from './draft.js';
import { dryRunLines } from './tell.js';

/** Asks before something else goes or breaks. Throws where that is not wanted. */
export type Confirm = (effects: readonly Effects[]) => Promise<void>;

/** What somebody has agreed to. While they think, more may come to be in use: then they are asked again. */
export class Consent {
  readonly #agreed = new Set<string>();

  constructor(private readonly confirm: Confirm | undefined) {}

  /** Asks where anything is new; returns whether it did: what was read before is old then. */
  async asksAbout(effects: readonly Effects[]): Promise<boolean> {
    const lines = dryRunLines(effects, false);
    if (this.confirm === undefined || lines.every((line) => this.#agreed.has(line))) return false;
    await this.confirm(effects);
    for (const line of lines) this.#agreed.add(line);
    return true;
  }
}

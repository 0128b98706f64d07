import { compareBytes } from '../../go/json.js';

/** One key in so many is remembered: enough to know how the keys are spread. */
const ONE_IN = 64;

/** Keys that a list is expected to have, from which follows how it can be divided. */
export class KeySample {
  #seen = 0;
  readonly #keys: string[] = [];

  /** Counts a key, and says whether it is one of those to be added; only these need be made. */
  wants(): boolean {
    return this.#seen++ % ONE_IN === 0;
  }

  add(key: string): void {
    this.#keys.push(key);
  }

  /** Keys, in order, that divide the list into parts of about so many keys, if it has what is expected. */
  boundaries(size: number): string[] {
    const step = Math.max(1, Math.floor(size / ONE_IN));
    return this.#keys.sort(compareBytes).filter((_, index) => index > 0 && index % step === 0);
  }
}

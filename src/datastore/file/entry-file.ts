import type { Entry } from '../store.js';

/** Keys and values in a file, in the order of their bytes. */
export interface EntryFile {
  /** As it was named by the user. */
  readonly name: string;
  /** The revision of the store that it shows. */
  readonly revision: string;
  /**
   * The entries from one key on up to another that does not count (undefined: to the end), and perhaps some before and after
   * them, in pages in order. A page may be walked through later, and more than once.
   */
  between(from: Buffer, to: Buffer | undefined): AsyncIterable<Iterable<Entry>> | Iterable<Iterable<Entry>>;
  close(): void;
}

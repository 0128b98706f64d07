import { MOST_PROBLEMS } from '../resources/problem.js';

/** How much of a manifest is read before it is refused: a small file can unfold to gigabytes. All sizes in bytes or characters. */
export const LIMITS = {
  /** All files of one command together. */
  totalBytes: 128 * 1024 * 1024,
  /** One YAML document: its parse events take some 15 to 60 times its size in memory. */
  documentLength: 32 * 1024 * 1024,
  /** Commas, colons and line ends of one YAML document, each of which may become two events of about 100 bytes, and as much again for its places. */
  documentMarks: 1_000_000,
  /** Maps and lists inside one another, counting the document and the innermost value. */
  depth: 64,
  /** `*name` in one document; what they unfold to is limited separately. */
  aliases: 10_000,
  mergedKeys: 100_000,
  /** Characters a document may always unfold to through its aliases; larger documents may reach ten times their size. */
  unfolded: 1_000_000,
  /** Problems shown for one file before the rest of it is left unread. */
  problemsPerFile: MOST_PROBLEMS,
  /** A longer line is not quoted beneath its problem. */
  quotedLine: 500,
} as const;

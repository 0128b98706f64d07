import type { Survey } from '../survey.js';

/** What can be wrong with address management. The words are for scripts: they stay. */
export type FindingCode =
  | 'leaked-address' | 'in-use-not-allocated' | 'several-users' | 'outside-pools'
  | 'leaked-handle' | 'missing-handle' | 'handle-count'
  | 'unreadable' | 'damaged-block' | 'overlapping-blocks' | 'block-outside-pools' | 'block-size' | 'vanished-node'
  | 'orphaned-affinity' | 'foreign-affinity' | 'half-made-affinity' | 'missing-affinity'
  | 'exhausted-pool' | 'nearly-exhausted-pool' | 'exhausted-node' | 'nearly-exhausted-node';

/** One thing that is wrong, with all that is needed to judge and mend it. */
export interface Finding {
  readonly code: FindingCode;
  /** What it is about: an address, a handle, a block's network, a pool, a node, or a key. */
  readonly subject: string;
  /** How it comes to be so. */
  readonly cause: string;
  /** What the store says. */
  readonly evidence: string;
  /** What happens if it stays. */
  readonly risk: string;
  /** The command that mends it. */
  readonly remedy: string;
}

/** One kind of search. Order of findings: as the store lists their subjects. */
export type Search = (survey: Survey) => Finding[];

/** A word for the command line; quoted where a shell would take it apart. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

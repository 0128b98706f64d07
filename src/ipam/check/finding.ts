import type { Survey } from '../snapshot/allocations.js';
import type { Remedy } from './remedy.js';

/** What can be wrong with address management. The words are for scripts: they stay. */
export const FINDING_CODES = [
  'unreadable', 'damaged-block', 'overlapping-blocks',
  'leaked-address', 'in-use-not-allocated', 'outside-pools', 'several-users',
  'leaked-handle', 'missing-handle', 'handle-count',
  'block-outside-pools', 'block-size', 'vanished-node',
  'orphaned-affinity', 'foreign-affinity', 'half-made-affinity', 'missing-affinity',
  'exhausted-pool', 'nearly-exhausted-pool', 'exhausted-node', 'nearly-exhausted-node',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

/** One thing that is wrong, with all that is needed to judge and repair it. */
export interface Finding {
  readonly code: FindingCode;
  /** What it is about: an address, a handle, a block's network, a pool, a node, or a key. */
  readonly subject: string;
  /** How it comes to be so. Equal findings have equal causes: what is particular to one is its evidence. */
  readonly cause: string;
  /** What the store says. */
  readonly evidence: string;
  /** What happens if it stays. */
  readonly risk: string;
  /** The commands that fix it, in order; or advice, where no command can without taking away what is in use. */
  readonly remedy: readonly Remedy[] | string;
}

/** Of each kind how many findings are not told, or without a command, because of endpoints, nodes and pools that cannot be read. */
export type Withheld = ReadonlyMap<FindingCode, number>;

/** One kind of search. Order of findings: as the store lists their subjects. */
export type Search = (survey: Survey) => Finding[];

import type { Kind } from '../resources/kind.js';

/** What identifies resources besides their name, as it is used: a value for each that fits the kind. */
export interface Identifiers {
  readonly node?: string | undefined;
  readonly scope?: string | undefined;
  readonly orchestrator?: string | undefined;
  readonly workload?: string | undefined;
  readonly namespace?: string | undefined;
}

/** A resource, or all of a kind, that the command line asks for. */
export interface Named {
  readonly kind: Kind;
  /** Absent where only the kind is named. */
  readonly name?: string;
  readonly identifiers: Identifiers;
}

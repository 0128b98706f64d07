import type { Condition } from '../../policy/condition.js';
import type { Policy } from '../../policy/policy.js';
import type { Direction, Rule } from '../../policy/rule.js';
import type { StoredObject } from '../../resources/kind.js';
import type { Sample, Taker } from './rule-use.js';

/** Where something is: a resource, and the rules in it that it is about, the first one being the place. */
interface Place {
  readonly at: StoredObject;
  readonly rules?: readonly Rule[];
  /** Other resources of which the same is true for the same cause. */
  readonly others?: readonly StoredObject[];
}

/** Entries of a list of a rule that never decide. */
export interface TakenEntry {
  readonly field: string;
  readonly value: string;
  readonly takers: readonly Taker[];
}

/** A port of Calico itself that is closed. */
export interface ClosedPort {
  readonly name: 'etcd' | 'BGP' | 'SSH' | 'Typha';
  readonly port: number;
  readonly direction: Direction;
  /** Who cannot be reached, where it is not everybody. */
  readonly peers?: readonly string[];
}

/** The same of several codes. */
type Each<Code extends string, More> = Code extends string ? { readonly code: Code } & More : never;

/** Something in a network that is most likely not meant. */
export type Finding = Place &
  (
    /** All that a rule could decide is decided before; the takers are all of one effect, or of several. */
    | Each<'behind-deny' | 'shadowed' | 'redundant' | 'behind-tier-end' | 'log-after-decision', { readonly takers: readonly Taker[] }>
    | { readonly code: 'shadowed-in-part'; readonly entries: readonly TakenEntry[] }
    /** The rule before takes part of its packets, and others besides. */
    | { readonly code: 'overlapping'; readonly by: Rule; readonly sample: Sample }
    /** A rule without conditions that allows, and leaves nothing to rules of which this is the one cause. */
    | { readonly code: 'allow-all-early'; readonly taken: readonly Rule[] }
    /** No packet fulfils the conditions: one of them alone, or all together. */
    | { readonly code: 'never-matches'; readonly conditions: readonly Condition[] }
    | { readonly code: 'ignored-direction'; readonly direction: Direction }
    | { readonly code: 'empty-selector'; readonly condition: Condition }
    | { readonly code: 'unknown-port-name'; readonly field: string; readonly names: readonly string[] }
    | Each<'port-without-protocol' | 'not-enforced', { readonly fields: readonly string[] }>
    | { readonly code: 'one-family'; readonly field: string; readonly lost: 4 | 6 }
    | { readonly code: 'http-ignored' }
    | { readonly code: 'breaks-felix'; readonly message: string; readonly hint: string }
    | { readonly code: 'selects-nothing'; readonly policy: Policy; readonly isForHosts: boolean }
    | Each<'log-only' | 'deny-only', { readonly policy: Policy; readonly direction: Direction }>
    | { readonly code: 'pass-in-last-tier'; readonly toNobody: boolean }
    | { readonly code: 'order-by-name'; readonly policy: Policy; readonly first: Policy; readonly firstRule: Rule; readonly sample: Sample }
    | { readonly code: 'tier-order-by-name'; readonly first: string; readonly order: number; readonly policies: readonly [Policy, Policy] }
    | { readonly code: 'unknown-tier'; readonly tier: string }
    | { readonly code: 'missing-profile'; readonly name: string }
    | { readonly code: 'profile-ignored'; readonly directions: readonly Direction[]; readonly policies: readonly Policy[] }
    | { readonly code: 'unused-profile' }
    | { readonly code: 'unknown-node'; readonly node: string }
    | { readonly code: 'duplicate-address'; readonly address: string }
    | { readonly code: 'outside-pools'; readonly address: string }
    | { readonly code: 'no-interface' }
    | { readonly code: 'shared-interface'; readonly other: StoredObject; readonly interfaceName: string; readonly node: string }
    | { readonly code: 'governs-nothing' }
    | Each<'closes-calico-port' | 'closes-typha', { readonly closed: readonly ClosedPort[]; readonly policies: readonly Policy[] }>
    | { readonly code: 'cuts-neighbour-discovery'; readonly policies: readonly Policy[] }
    | { readonly code: 'unknown-suppression'; readonly words: readonly string[] }
  );

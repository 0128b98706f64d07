import type { Store } from '../../datastore/store.js';
import { ENDPOINT_PREFIX } from '../../ipam/cluster/resources.js';
import type { UnreadableKey } from '../../ipam/cluster/unreadable.js';
import type { Use } from '../../ipam/cluster/uses.js';
import type { StoredKind, StoredObject } from '../../resources/kind.js';
import type { Step } from '../step.js';
import type { Target } from '../../objects/target.js';

/** A stored object that a deletion touches though it is not what is deleted. */
export interface Affected {
  readonly kind: StoredKind;
  readonly name: string;
  readonly namespace: string | undefined;
  /** What becomes of it, where it stays. */
  readonly reason?: string;
}

/** An address, and who has it; undefined where that is not known. */
export interface AffectedAddress {
  readonly ip: string;
  /** In the words of the official report: `Workload(ns/name)`, `Node(n)`. */
  readonly user: string | undefined;
  /** Who has it too, and stays. */
  readonly others?: readonly string[];
}

/** What the deletion of one resource comes to beyond the resource. */
export interface Effects {
  readonly target: Target;
  /** What goes with it. */
  readonly goes: readonly Affected[];
  /** Addresses that are released with it. */
  readonly released: readonly AffectedAddress[];
  /** Networks of the blocks of addresses that were its own, and are nobody's afterwards. */
  readonly blocks: readonly string[];
  /** What stays and lacks it. */
  readonly breaks: readonly Affected[];
  /** Addresses of it that stay in use. */
  readonly inUse: readonly AffectedAddress[];
  /** What cannot be read and may have addresses that would be released otherwise, or that are in use, of a pool. */
  readonly unreadable: readonly UnreadableKey[];
}

/**
 * Finds what goes or breaks with what steps delete together, as of the revision at which they were planned: one for each
 * step with which something does, in their order.
 */
export type FindEffects = (store: Store, steps: readonly Step[], revision: string) => Promise<readonly Effects[]>;

/** Something that is deleted, and its effects while they are collected. */
export interface Deleted {
  readonly step: Step;
  readonly kind: StoredKind;
  readonly name: string;
  readonly target: Target;
  readonly goes: Affected[];
  readonly released: AffectedAddress[];
  readonly blocks: string[];
  readonly breaks: Affected[];
  readonly inUse: AffectedAddress[];
  readonly unreadable: UnreadableKey[];
}

/** What is deleted together. */
export interface DeletedTogether {
  /** The keys of all that is deleted for itself. */
  readonly keys: ReadonlySet<string>;
  /** Nodes release what they and their endpoints have. */
  readonly nodes: ReadonlySet<string>;
}

/** Whether the user of an address goes too: for itself, or with its node. */
export function isLeaving({ kind, name, node }: Use, { keys, nodes }: DeletedTogether): boolean {
  return nodes.has(node) || (kind === 'workload' && keys.has(ENDPOINT_PREFIX + name));
}

/** The object as effects tell it. */
export function affected(kind: StoredKind, { metadata: { name, namespace } }: StoredObject, reason?: string): Affected {
  return { kind, name, namespace, ...(reason === undefined ? {} : { reason }) };
}

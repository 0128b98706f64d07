import { labelsType } from './labels.js';
import { prefixOf } from '../resources/keys.js';
import type { Kind } from '../resources/kind.js';
import { CLASSIC_KINDS, STORED_KINDS } from '../resources/registry.js';

/** A kind as the command line knows it. */
export interface ApiResource {
  readonly kind: string;
  readonly apiVersion: string;
  /** What else it may be called, in any letter case. */
  readonly shortNames: readonly string[];
  readonly dialect: 'v1' | 'v3';
  readonly namespaced: boolean;
  /** Commands that take the kind. */
  readonly verbs: readonly string[];
  /** What the keys of its objects in etcd begin with. */
  readonly keyPrefix: string;
}

/** Commands that take any kind, and those that take the ones that may be written. A test compares them with the commands there are. */
export const READING_VERBS = ['get', 'describe', 'history', 'blame', 'watch', 'diff'] as const;
export const WRITING_VERBS = ['create', 'apply', 'replace', 'edit', 'patch', 'label', 'delete', 'undo'] as const;

/** Every kind of both dialects, the classic ones first. */
export function apiResources(): readonly ApiResource[] {
  return [...CLASSIC_KINDS, ...STORED_KINDS].map(resourceOf);
}

function resourceOf(kind: Kind): ApiResource {
  const stored = kind.dialect === 'v1' ? kind.stored : kind;
  const writable = WRITING_VERBS.filter((verb) => stored.readOnly?.({ metadata: { name: '' } }, verb) === undefined && (verb !== 'label' || labelsType(kind) !== undefined));
  return {
    kind: kind.kind,
    apiVersion: apiVersionOf(kind),
    shortNames: shortNames(kind),
    dialect: kind.dialect,
    namespaced: stored.namespaced && kind.dialect === 'v3',
    verbs: [...READING_VERBS, ...writable],
    keyPrefix: prefixOf(stored),
  };
}

/** The apiVersion of a kind's documents. */
export function apiVersionOf(kind: Kind): string {
  return kind.dialect === 'v1' ? 'v1' : 'projectcalico.org/v3';
}

/** The words for a kind that are neither its name nor that in the plural. */
export function shortNames({ kind, words }: Kind): readonly string[] {
  const [, plural] = words;
  return words.filter((word) => word !== kind.toLowerCase() && word !== plural);
}

/** The kinds of both dialects with the shortest word for each, a line for each dialect. */
export function kindList(): string {
  const named = (kind: Kind): string => {
    const [short] = shortNames(kind);
    return short === undefined ? kind.kind : `${kind.kind} (${short})`;
  };
  return `Of v1: ${CLASSIC_KINDS.map(named).join(', ')}.\nOf v3: ${STORED_KINDS.map(named).join(', ')}.`;
}

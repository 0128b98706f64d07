import type { Target } from '../changes/target.js';
import { UsageError } from '../errors.js';
import type { ClassicKind, Dialect, Kind, StoredKind } from '../resources/kind.js';
import { Problems } from '../resources/problem.js';
import { kindOfWord, similarWord } from '../resources/registry.js';

/** What of a kind is asked for. One selection gives one table. */
export type Selection =
  | { readonly by: 'all'; readonly kind: StoredKind; readonly namespace?: string; readonly showNamespace: boolean }
  | { readonly by: 'name'; readonly kind: StoredKind; readonly name: string; readonly namespace?: string; readonly showNamespace: boolean }
  /** Classic resources whose metadata agree with any of these; a missing part matches anything. */
  | { readonly by: 'identity'; readonly kind: ClassicKind; readonly wanted: readonly Record<string, unknown>[] };

/** Identifiers as the command line gives them. */
export interface IdentityFlags {
  readonly node?: string | undefined;
  readonly scope?: string | undefined;
  readonly orchestrator?: string | undefined;
  readonly workload?: string | undefined;
  readonly namespace?: string | undefined;
  readonly 'all-namespaces'?: boolean | undefined;
}

/** The kind that a word of the command line means. Throws UsageError with the nearest known word. */
export function kindOf(word: string, dialect: Dialect): Kind {
  const kind = kindOfWord(word, dialect);
  if (kind !== undefined) return kind;
  const near = similarWord(word, dialect);
  throw new UsageError(`Resource type '${word}' is not supported`, near === undefined ? undefined : `did you mean "${near}"?`);
}

/** What `get KIND [NAME...]` asks for. Throws UsageError for identifiers that cannot be. */
export function selectionsOf(kind: Kind, names: readonly string[], flags: IdentityFlags): readonly Selection[] {
  if (names.includes('')) throw new UsageError('resource name may not be empty');
  return kind.dialect === 'v1' ? [classicSelection(kind, names, flags)] : storedSelections(kind, names, flags);
}

function classicSelection(kind: ClassicKind, names: readonly string[], flags: IdentityFlags): Selection {
  const given = names.length === 0 ? [undefined] : names;
  return { by: 'identity', kind, wanted: given.map((name) => classicMetadata(kind, name, flags)) };
}

/** Classic metadata from the command line, checked as in a document (v1-resources.md 4.2). Throws UsageError. */
export function classicMetadata(kind: ClassicKind, name: string | undefined, flags: IdentityFlags): Record<string, unknown> {
  const raw: Record<string, unknown> = name === undefined ? {} : { [kind.nameField]: name };
  for (const flag of kind.identityFlags) if (flags[flag] !== undefined) raw[flag] = flags[flag];
  const problems = new Problems();
  const metadata = kind.metadata.decode(kind.readArgument?.(raw) ?? raw, [], { problems, coerce: true });
  if (problems.failed || metadata === undefined) throw new UsageError(problems.list.map((problem) => problem.message).join('; '));
  return metadata;
}

function storedSelections(kind: StoredKind, names: readonly string[], flags: IdentityFlags): readonly Selection[] {
  const all = flags['all-namespaces'] === true;
  if (all && flags.namespace !== undefined) throw new UsageError('--namespace and --all-namespaces cannot be used together');
  if (!kind.namespaced && (all || flags.namespace !== undefined)) throw new UsageError(`${kind.kind} is not namespaced`);
  if (all && names.length > 0) throw new UsageError('--all-namespaces cannot be used with a name');
  const namespace = kind.namespaced && !all ? { namespace: flags.namespace ?? 'default' } : {};
  const showNamespace = kind.namespaced && (all || flags.namespace !== undefined);
  if (names.length === 0) return [{ by: 'all', kind, ...namespace, showNamespace }];
  return names.map((name) => ({ by: 'name', kind, name, ...namespace, showNamespace }));
}

/** What a document of a manifest asks for: its metadata are the filter (v1-resources.md 4.4). */
export function selectionOfTarget({ kind, document, object }: Pick<Target, 'kind' | 'document' | 'object'>): Selection {
  if (kind.dialect === 'v1') return { by: 'identity', kind, wanted: [document.metadata] };
  const { name, namespace } = object.metadata;
  return { by: 'name', kind, name, ...(namespace === undefined ? {} : { namespace }), showNamespace: false };
}

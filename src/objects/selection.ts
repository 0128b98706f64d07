import { v3Identity, type Target } from './target.js';
import { InvalidRequest } from '../base/errors.js';
import type { ClassicKind, StoredKind } from '../resources/kind.js';
import { Problems } from '../resources/problem.js';
import type { Identifiers, Named } from './named.js';

/** What of a kind is asked for. One selection gives one table. */
export type Selection =
  | { readonly by: 'all'; readonly kind: StoredKind; readonly namespace?: string; readonly showNamespace: boolean }
  | { readonly by: 'name'; readonly kind: StoredKind; readonly name: string; readonly namespace?: string; readonly showNamespace: boolean }
  /** Classic resources whose metadata agree with any of these; a missing part matches anything. */
  | { readonly by: 'identity'; readonly kind: ClassicKind; readonly wanted: readonly Record<string, unknown>[] };

/** What `get KIND [NAME...]` or `get KIND/NAME...` asks for. Classic kinds give one selection each. Throws InvalidRequest for identifiers that cannot be. */
export function selectionsOf(named: readonly Named[], allNamespaces: boolean): readonly Selection[] {
  const classic = new Map<ClassicKind, Record<string, unknown>[]>();
  return named.flatMap(({ kind, name, identifiers }): readonly Selection[] => {
    if (kind.dialect === 'v3') return [storedSelection(kind, name, identifiers, allNamespaces)];
    const metadata = classicMetadata(kind, name, identifiers);
    const wanted = classic.get(kind);
    if (wanted !== undefined) {
      wanted.push(metadata);
      return [];
    }
    const first = [metadata];
    classic.set(kind, first);
    return [{ by: 'identity', kind, wanted: first }];
  });
}

/** The classic metadata that a name and identifiers come to, checked as in a document (reference/classic 4.2). Throws InvalidRequest. */
export function classicMetadata(kind: ClassicKind, name: string | undefined, identifiers: Identifiers): Record<string, unknown> {
  const raw: Record<string, unknown> = name === undefined ? {} : { [kind.nameField]: name };
  for (const identifier of kind.identifiers) if (identifiers[identifier] !== undefined) raw[identifier] = identifiers[identifier];
  const problems = new Problems();
  const metadata = kind.metadata.decode(kind.readArgument?.(raw) ?? raw, [], { problems, coerce: true });
  if (problems.failed || metadata === undefined) throw new InvalidRequest(problems.list.map((problem) => problem.message).join('; '));
  return metadata;
}

function storedSelection(kind: StoredKind, name: string | undefined, { namespace }: Identifiers, all: boolean): Selection {
  const place = { ...(kind.namespaced && !all ? { namespace: namespace ?? 'default' } : {}), showNamespace: kind.namespaced && (all || namespace !== undefined) };
  return name === undefined ? { by: 'all', kind, ...place } : { by: 'name', kind, name, ...place };
}

/** What a document of a manifest asks for: its metadata are the filter (reference/classic 4.4). */
export function selectionOfTarget({ kind, document, object }: Pick<Target, 'kind' | 'document' | 'object'>): Selection {
  if (kind.dialect === 'v1') return { by: 'identity', kind, wanted: [document.metadata] };
  const { name, namespace } = object.metadata;
  return { by: 'name', kind, name, ...(namespace === undefined ? {} : { namespace }), showNamespace: false };
}

/** Where else to look for what was asked for by its name and is not there. */
export function absenceHints(missing: readonly Selection[]): readonly string[] {
  return [...new Set(missing.flatMap((selection) => absenceHint(selection) ?? []))];
}

function absenceHint(selection: Selection): string | undefined {
  if (selection.by === 'all') return undefined;
  if (selection.by === 'name') return selection.kind.namespaced && !selection.showNamespace ? `that is the namespace ${selection.namespace ?? 'default'}: -n names another` : undefined;
  const { kind, wanted } = selection;
  const word = wanted.map((metadata) => metadata[kind.nameField]).find((name) => typeof name === 'string' && name !== '');
  return word !== undefined && kind.identifiers.includes('workload') && wanted.every((metadata) => (metadata['workload'] ?? '') === '') ? `${word as string} is looked for as the name of an endpoint: --workload names a workload` : undefined;
}

/** What a selection asks for, as messages name it: `Policy(name=a)`, a kind. */
export function selectionIdentity(selection: Selection): string {
  if (selection.by === 'name') return v3Identity(selection.kind, selection.name, selection.namespace);
  if (selection.by === 'all') return selection.kind.kind;
  const { kind, wanted } = selection;
  return wanted.map((metadata) => (Object.keys(metadata).length === 0 ? kind.kind : kind.identityText(metadata))).join(', ');
}

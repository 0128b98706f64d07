import type { StoredKind } from './kind.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org';

/** The prefix of the keys of all kinds. */
export const RESOURCES_PREFIX = `${RESOURCES}/`;

/** The prefix of every key of a kind, or of one of its namespaces (reference/storage 1.1). */
export function prefixOf(kind: Pick<StoredKind, 'plural'>, namespace?: string): string {
  return namespace === undefined ? `${RESOURCES}/${kind.plural}/` : `${RESOURCES}/${kind.plural}/${namespace}/`;
}

/** What the prefix of a kind has that a key begins with; undefined for the key of anything else. */
export function pluralInKey(key: string): string | undefined {
  const end = key.startsWith(`${RESOURCES}/`) ? key.indexOf('/', RESOURCES.length + 1) : -1;
  return end < 0 ? undefined : key.slice(RESOURCES.length + 1, end);
}

/** The key of one resource. Names hold no "/", so nothing is escaped. */
export function keyOf(kind: Pick<StoredKind, 'plural' | 'namespaced'>, name: string, namespace?: string): string {
  return kind.namespaced ? `${prefixOf(kind, namespace ?? 'default')}${name}` : `${prefixOf(kind)}${name}`;
}

/** Name and namespace that a key says, or undefined where it is not the key of a resource of the kind. */
export function nameInKey(kind: Pick<StoredKind, 'plural' | 'namespaced'>, key: string): { name: string; namespace?: string } | undefined {
  const start = prefixOf(kind).length;
  const slash = key.indexOf('/', start);
  if (!kind.namespaced) return slash < 0 && start < key.length ? { name: key.slice(start) } : undefined;
  const namespaced = slash > start && slash + 1 < key.length && !key.includes('/', slash + 1);
  return namespaced ? { namespace: key.slice(start, slash), name: key.slice(slash + 1) } : undefined;
}

import type { StoredKind } from './kind.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org';

/** The prefix of every key of a kind, or of one of its namespaces (v3-storage.md 1.1). */
export function prefixOf(kind: StoredKind, namespace?: string): string {
  return namespace === undefined ? `${RESOURCES}/${kind.plural}/` : `${RESOURCES}/${kind.plural}/${namespace}/`;
}

/** The key of one resource. Names hold no "/", so nothing is escaped. */
export function keyOf(kind: StoredKind, name: string, namespace?: string): string {
  return kind.namespaced ? `${prefixOf(kind, namespace ?? 'default')}${name}` : `${prefixOf(kind)}${name}`;
}

/** Name and namespace that a key says, or undefined where it is not the key of a resource of the kind. */
export function nameInKey(kind: StoredKind, key: string): { name: string; namespace?: string } | undefined {
  const segments = key.slice(prefixOf(kind).length).split('/');
  if (segments.some((segment) => segment === '')) return undefined;
  const [first = '', second] = segments;
  if (kind.namespaced) return segments.length === 2 && second !== undefined ? { namespace: first, name: second } : undefined;
  return segments.length === 1 ? { name: first } : undefined;
}

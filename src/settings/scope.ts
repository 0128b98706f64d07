import type { StoredObject } from '../resources/kind.js';
import { storedNodeName } from '../resources/v1/names.js';

const NODE_OBJECT = 'node.';

/** For whom the settings of an object are. */
export type Scope =
  | { readonly type: 'global' }
  | { readonly type: 'node'; readonly node: string }
  | { readonly type: 'selector'; readonly selector: string };

/** The name of the object that holds the settings of the cluster, or of a node (reference/storage 4.4). */
export function objectName(node: string | undefined): string {
  return node === undefined ? 'default' : NODE_OBJECT + storedNodeName(node);
}

/** Whom an object is for; undefined for one that nothing reads. */
export function scopeOf({ metadata: { name }, spec }: StoredObject): Scope | undefined {
  if (name === 'default') return { type: 'global' };
  if (name.startsWith(NODE_OBJECT)) return { type: 'node', node: name.slice(NODE_OBJECT.length) };
  const { nodeSelector: selector } = spec;
  return typeof selector === 'string' && selector !== '' ? { type: 'selector', selector } : undefined;
}

import type { Data } from '../../base/data.js';
import type { ReferenceField, StoredKind, StoredObject } from '../kind.js';
import type { Path } from '../problem.js';

/** One object that another one names. It need not exist. */
export interface Reference {
  readonly kind: StoredKind;
  readonly name: string;
  /** Where the object says it, from the document's top. */
  readonly path: Path;
  /** Whether Calico refuses to write the object while what it names does not exist. */
  readonly demanded: boolean;
}

/**
 * A field of the spec that names an object, or holds a list of names.
 * @param otherwise the name that counts where the field is not there
 */
export function namedIn<Spec extends Data>(field: keyof Spec & string, to: StoredKind, { demanded = false, otherwise }: { readonly demanded?: boolean; readonly otherwise?: string } = {}): ReferenceField {
  return {
    to,
    path: ['spec', field],
    demanded,
    names({ spec }) {
      const value = spec[field] ?? otherwise;
      return (Array.isArray(value) ? value : [value]).filter((name): name is string => typeof name === 'string' && name !== '');
    },
  };
}

const NODE_SETTINGS = 'node.';

/** The node in the name of its own settings, `node.NAME` (reference/storage 3.10, 3.12). */
export function nodeInName(node: StoredKind): ReferenceField {
  return {
    to: node,
    path: ['metadata', 'name'],
    demanded: false,
    names: ({ metadata: { name } }) => (name.startsWith(NODE_SETTINGS) && name !== NODE_SETTINGS ? [name.slice(NODE_SETTINGS.length)] : []),
  };
}

/** All that an object names, each once for each place. */
export function referencesOf(kind: StoredKind, object: StoredObject): readonly Reference[] {
  return (kind.references ?? []).flatMap(({ to, path, demanded, names }) => [...new Set(names(object))].map((name) => ({ kind: to, name, path, demanded })));
}

import { helpOf } from '../resources/help-of.js';
import { isGroup, type AnyHelp, type AnyHelps, type GroupOfAny } from '../resources/field-help.js';
import type { Kind, StoredKind } from '../resources/kind.js';
import { apiVersionOf } from './api-resources.js';
import { filledIn } from './defaults.js';

/** What is said of a kind's whole documents, as of a field that holds them. */
export function documentHelp(kind: Kind): GroupOfAny {
  const { help, example, metadata, spec, status } = helpOf(kind);
  return {
    help,
    example: { apiVersion: apiVersionOf(kind), kind: kind.kind, ...example },
    fields: {
      kind: [`Which kind of resource the document is about: ${kind.kind}.`, kind.kind],
      apiVersion: ['The language and version of the document.', apiVersionOf(kind)],
      metadata: { help: kind.dialect === 'v1' ? 'What identifies the resource, and what is noted on it.' : 'The name of the resource, and what is noted on it.', example: example.metadata, fields: kind.dialect === 'v1' ? metadata : { ...metadata, ...nameHelp(kind, metadata) } },
      spec: { help: 'What is wanted of the resource.', example: example.spec, fields: spec },
      ...(status === undefined ? {} : { status: { help: 'What programs of Calico report; people do not write it.', example: {}, fields: status } }),
    },
  };
}

/** Name and namespace, with what is so for the kind. */
function nameHelp(kind: StoredKind, { name }: AnyHelps): AnyHelps {
  const { metadata, spec } = helpOf(kind).example;
  const made = kind.nameOf?.(spec);
  const words = name === undefined || isGroup(name) ? '' : name[0];
  return {
    name: made === undefined ? [words, metadata['name']] : ['The name of the resource, which follows from its spec: leave it out.', made],
    ...(kind.namespaced ? {} : { namespace: [`A ${kind.kind} belongs to no namespace: leave it out.`, ''] }),
  };
}

/** What counts where a document leaves a field out: what its help says, else what the kind fills in. Undefined where nothing does. */
export function unsetAt(kind: Kind, path: readonly string[], help: AnyHelp | undefined): unknown {
  const said = help === undefined ? undefined : isGroup(help) ? help.unset : help[2];
  return said ?? filledIn(kind, path);
}

/** The help of the fields inside, where there are any. */
export function inside(help: AnyHelp | undefined): AnyHelps {
  return help === undefined || !isGroup(help) ? {} : help.fields;
}

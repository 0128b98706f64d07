import type { Data } from '../../base/data.js';
import { documentFields } from '../../resources/document-fields.js';
import type { Kind } from '../../resources/kind.js';
import { apiVersionOf } from '../api-resources.js';
import { documentHelp, unsetAt } from '../document-help.js';
import { documentRules } from './identity.js';
import { SchemaWriter, type Place } from './values.js';

/** The dialect of JSON Schema that is written. */
export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** No field of the classic language: what `get --with-revision -o json` adds (docs/changes.md). */
const READ_AT: Data = { description: 'The revision at which the document was read: apply and replace refuse to undo what was changed since.', type: ['string', 'integer'], minimum: 0, pattern: '^[0-9]{1,19}$', examples: ['57'] };

/** The JSON Schema (2020-12) of one kind's documents. */
export function kindSchema(kind: Kind): Data {
  const writer = new SchemaWriter();
  const document = documentSchema(kind, writer, '#');
  return { $schema: DIALECT, ...document, $defs: writer.definitions };
}

/** One schema for the documents of several kinds: exactly one of them fits, by apiVersion and kind. */
export function anyKindSchema(kinds: readonly Kind[]): Data {
  const writer = new SchemaWriter();
  const documents = Object.fromEntries(kinds.map((kind) => [definitionOf(kind), documentSchema(kind, writer, `#/$defs/${definitionOf(kind)}`)]));
  return {
    $schema: DIALECT,
    title: 'Resources of Calico as calicoctl reads them',
    oneOf: Object.keys(documents).map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: { ...documents, ...writer.definitions },
  };
}

/** `IPPool.v3`. */
function definitionOf(kind: Kind): string {
  return `${kind.kind}.${kind.dialect}`;
}

function documentSchema(kind: Kind, writer: SchemaWriter, self: string): Data {
  const help = documentHelp(kind);
  const place: Place = { help, path: [], unset: (path, each) => unsetAt(kind, path, each) };
  const { properties, ...rest } = writer.map(documentFields(kind), place, self);
  if (kind.dialect === 'v1') writer.add(properties['metadata'], 'resourceVersion', READ_AT);
  return {
    title: `${kind.kind} (${apiVersionOf(kind)})`,
    description: help.help,
    type: 'object',
    properties: { ...properties, kind: { ...(properties['kind'] as Data), enum: [kind.kind] }, apiVersion: { ...(properties['apiVersion'] as Data), enum: [apiVersionOf(kind)] } },
    ...rest,
    required: ['kind', 'apiVersion'],
    allOf: documentRules(kind),
  };
}

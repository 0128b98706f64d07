import type { Data } from '../../base/data.js';
import type { Kind } from '../../resources/kind.js';
import { apiVersionOf } from '../api-resources.js';
import { anyKindSchema, kindSchema } from './document.js';

/** A schema and the name of the file that it belongs into. */
export interface SchemaFile {
  readonly name: string;
  readonly schema: Data;
}

/** A file for each of the kinds, and one for all of them together where there are several. */
export function schemaFiles(kinds: readonly Kind[]): readonly SchemaFile[] {
  const each = kinds.map((kind) => ({ name: fileName(kind), schema: kindSchema(kind) }));
  return kinds.length === 1 ? each : [...each, { name: 'all.json', schema: anyKindSchema(kinds) }];
}

/** `ippool_v3.json`, as tools that check manifests look for schemas: by kind in lower case and version. */
function fileName(kind: Kind): string {
  return `${kind.kind.toLowerCase()}_${apiVersionOf(kind).split('/').at(-1) as string}.json`;
}

import type { Data } from '../../base/data.js';
import { sortKeys } from '../../go/json.js';
import type { AsStored } from '../fields/field.js';
import type { Metadata, StoredKind, StoredObject } from '../kind.js';
import { inStoredOrder } from '../v3/defaults.js';
import { OWN_WORDS } from './own-words.js';

/** What a classic document has a say in when it replaces a stored object. All else stays as it is. */
export interface Decisions<Stored extends Data = Data> {
  /** Fields of the spec that are the document's: those it does not have are taken away. */
  readonly spec: readonly (keyof Stored & string)[];
  /** Where labels are the document's: those it does not have are taken away. */
  readonly labels?: boolean;
  /** Where annotations are the document's. */
  readonly annotations?: boolean;
  /** What fields of the joined spec mean to each other. */
  join?(existing: AsStored<Stored>, joined: AsStored<Stored>): void;
}

/**
 * A stored object with what a converted classic document says in place of what it said before. Fields for which v1 has
 * no words (a pool's block size, a node's tunnel addresses, ports of endpoints), its name and the rest of its metadata
 * stay. Lists such as rules are replaced whole.
 */
export function mergeOnto(stored: StoredKind, decides: Decisions, existing: StoredObject, converted: StoredObject): StoredObject {
  const kept: Data = {};
  for (const name of Object.keys(existing.spec)) if (!decides.spec.includes(name)) kept[name] = existing.spec[name];
  const joined = { ...converted.spec, ...kept };
  decides.join?.(existing.spec, joined);
  return { ...existing, spec: inStoredOrder(stored.spec, joined), metadata: joinedMetadata(decides, existing.metadata, converted.metadata) };
}

function joinedMetadata(decides: Decisions, existing: Metadata, converted: Metadata): Metadata {
  const { labels: oldLabels, annotations: oldAnnotations, ...metadata } = existing;
  const labels = decides.labels === true ? converted.labels : oldLabels;
  const annotations = decides.annotations === true ? converted.annotations : withWordsOf(oldAnnotations, converted);
  return { ...metadata, name: existing.name, ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) };
}

function withWordsOf(annotations: Metadata['annotations'], converted: Metadata): Metadata['annotations'] {
  const { [OWN_WORDS]: _words, ...others } = annotations ?? {};
  const words = converted.annotations?.[OWN_WORDS];
  const joined = sortKeys(words === undefined ? others : { ...others, [OWN_WORDS]: words });
  return Object.keys(joined).length === 0 ? undefined : joined;
}

import { safe } from '../text/safe.js';
import type { AnyDocument, StoredObject } from '../resources/kind.js';
import { nameOf } from './reference.js';

/** When a document was read from the store. */
export interface ReadAt {
  /** The revision of its last change then. */
  readonly revision: string;
  /** Of which object, where that is said: another cluster has another one by the same name. */
  readonly uid?: string | undefined;
}

/** What is said of a document that was read. */
type Read = { readonly document: AnyDocument; readonly object: StoredObject };

const START = '# read at revision ';
const REMARKS = /^[ \t]*# read at revision (\d{1,19}): (\S.*?)(?: \(uid ([\w-]+)\))?[ \t]*$/gm;

/**
 * The line above a classic document in YAML that says when it was read (docs/decisions/0036-classic-documents-say-when-they-were-read.md);
 * empty for a v3 object, which has its resourceVersion.
 */
export function readAtRemark({ document, object: { metadata } }: Read): string {
  if (document.apiVersion !== 'v1' || metadata.resourceVersion === undefined) return '';
  return `${START}${metadata.resourceVersion}: ${safe(nameOf({ document }))}${metadata.uid === undefined ? '' : ` (uid ${safe(metadata.uid)})`}\n`;
}

/** The document with the revision in its metadata, as v3 objects have it: JSON knows no remarks. */
export function withRevision({ document, object: { metadata: { resourceVersion } } }: Read): AnyDocument {
  return document.apiVersion !== 'v1' || resourceVersion === undefined ? document : { ...document, metadata: { ...document.metadata, resourceVersion } };
}

/** What the remarks in the text of a file say, each by the document that it names, wherever in the file that stands. */
export class ReadAtRemarks {
  private readonly byName = new Map<string, ReadAt>();

  constructor(text: string) {
    if (!text.includes(START)) return;
    for (const [, revision, name, uid] of text.replaceAll('\r', '\n').matchAll(REMARKS)) if (!this.byName.has(name!)) this.byName.set(name!, { revision: revision!, uid });
  }

  /** When a document was read; undefined where no remark names it: it has been given another name, or was never read. */
  of(document: AnyDocument): ReadAt | undefined {
    return this.byName.size === 0 ? undefined : this.byName.get(safe(nameOf({ document })));
  }
}

import type { Diagnostic } from '../base/errors.js';
import { locate, toDiagnostic, type ResourceLocation, type SourceDocument } from '../manifest/manifests.js';
import type { AnyDocument, Kind, StoredKind, StoredObject } from '../resources/kind.js';
import type { Path, Problem } from '../resources/problem.js';
import { API_VERSION } from '../resources/v3/document.js';
import type { Doubts } from '../objects/doubts.js';
import type { ReadAt } from '../objects/read-at.js';
import type { Packed } from './packed.js';
import { v3Identity, type Target } from '../objects/target.js';

/** The part of a target that takes the room: there may be very many of them. */
export type Content = Pick<Target, 'document' | 'object'>;

/** A target that was read from a manifest: it knows its place there, and its content is kept packed where there are many. */
export class ReadTarget implements Target, ResourceLocation {
  readonly kind: Kind;
  readonly doubts: Doubts | undefined;
  readonly readAt: ReadAt | undefined;
  readonly source: SourceDocument;
  readonly path: Path;
  private readonly index: number;

  constructor(
    { kind, doubts, readAt, document, object }: Target,
    { source, path }: ResourceLocation,
    private readonly contents: Packed<Content>,
  ) {
    this.source = source;
    this.path = path;
    this.kind = kind;
    this.doubts = doubts;
    this.readAt = readAt;
    this.index = contents.add({ document, object });
  }

  get stored(): StoredKind {
    return this.kind.dialect === 'v1' ? this.kind.stored : this.kind;
  }

  get document(): AnyDocument {
    return this.contents.at(this.index).document;
  }

  get object(): StoredObject {
    return this.contents.at(this.index).object;
  }

  get identity(): string {
    const { document, object: { metadata } } = this.contents.at(this.index);
    return this.kind.dialect === 'v1' ? this.kind.identityText(document.metadata) : v3Identity(this.kind, metadata.name, metadata.namespace);
  }

  place(): string {
    return `${this.source.source.name}:${locate(this, []).line}`;
  }

  locate(problem: Problem): Diagnostic {
    return toDiagnostic({ origin: this, problem });
  }
}

/** A target whose content is no longer looked at, so that as many as a file may hold stay small: only what it is about is left. */
export function withoutContent(target: Target): Target {
  const { kind, document, object } = target;
  const { name, namespace } = object.metadata;
  const bare: StoredObject = { kind: '', apiVersion: API_VERSION, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, spec: {} };
  return { ...target, object: bare, document: kind.dialect === 'v1' ? { ...document, spec: {} } : bare };
}

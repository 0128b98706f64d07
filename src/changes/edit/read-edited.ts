import { isMap, type Data } from '../../base/data.js';
import { ManifestError, type Diagnostic } from '../../base/errors.js';
import { goYaml } from '../../go/yaml.js';
import { readManifest, toDiagnostic, type ManifestResource, type ResourceLocation } from '../../manifest/manifests.js';
import { readValue } from '../../manifest/value.js';
import type { Target } from '../../objects/target.js';
import { Problems, type Problem } from '../../resources/problem.js';
import { sameData } from '../../resources/same-value.js';
import { readTarget } from '../read-document.js';

/** A resource that is edited, and its document as it was when it was read. */
export interface Original {
  readonly target: Target;
  /** When it was read, as a line of the text: a text that is kept and applied later overwrites nobody's change. */
  readonly remark: string;
  readonly base: Data;
}

/** A document of the edited text. */
export interface Edited {
  readonly original: Original;
  readonly raw: Data;
  readonly origin: ResourceLocation;
}

/** A document as it is read again from its YAML: numbers and times are then what a reader makes of them. */
export function asWritten(document: object): Data {
  return readValue('', Buffer.from(goYaml(document))).value as Data;
}

/**
 * The documents of an edited text, each with the resource that it is about; those that were taken out are left out.
 * @throws ManifestError with everything that is wrong with the text itself, or where a document is about no resource that is edited
 */
export function readEdited(name: string, text: string, originals: readonly Original[]): readonly Edited[] {
  const diagnostics: Diagnostic[] = [];
  const resources: ManifestResource[] = [];
  for (const part of readManifest({ name, bytes: Buffer.from(text) }, diagnostics, (work) => work())) if (part !== 'pause') resources.push(...part.resources);
  const edited: Edited[] = [];
  const taken = new Set<Original>();
  const byIdentity = new Map(originals.map((original) => [identityOf(original.base, original.base), original]));
  for (const resource of resources) {
    // One document is that of the one resource, whatever it says: the change checks which fields have to stay, and names them.
    const original = originals.length === 1 && resources.length === 1 ? originals[0] : byIdentity.get(identityOf(resource, resource.raw));
    if (original === undefined || taken.has(original)) {
      diagnostics.push(toDiagnostic({ origin: resource.origin, problem: notEdited(original === undefined ? 'this resource is none of those that are edited' : 'this resource is given twice') }));
    } else {
      taken.add(original);
      edited.push({ original, raw: resource.raw, origin: resource.origin });
    }
  }
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new ManifestError(diagnostics);
  return edited;
}

function notEdited(message: string): Problem {
  return { code: 'identity', severity: 'error', path: ['metadata'], onKey: true, message, hint: 'what says which resource it is cannot be changed: create another one, and delete this' };
}

/** Which resource a document is about; undefined where it does not say. */
function identityOf({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }, raw: Data): string | undefined {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const target = readTarget({ apiVersion, kind, raw }, new Problems(), { verb: 'delete', uuid: () => '' });
  return target && `${apiVersion} ${target.identity}`;
}

/** A document with the revision of another one, where that has one. */
export function withRevisionOf({ metadata: other }: Data, document: unknown): unknown {
  if (!isMap(document) || !isMap(document['metadata']) || !isMap(other) || other['resourceVersion'] === undefined) return document;
  return { ...document, metadata: { ...document['metadata'], resourceVersion: other['resourceVersion'] } };
}

/** The documents that are not as they were. */
export function changedOnly(edited: readonly Edited[]): readonly Edited[] {
  return edited.filter(({ raw, original }) => !sameData(raw, original.base));
}

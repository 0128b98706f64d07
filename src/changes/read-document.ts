import { isMap } from '../base/data.js';
import { isRevision } from '../datastore/store.js';
import type { ManifestResource } from '../manifest/manifests.js';
import { isPrinted } from '../objects/doubts.js';
import { missingIdentifiers } from '../objects/missing-identifiers.js';
import { classicIdentityTarget, storedTarget, type Target } from '../objects/target.js';
import { explain, meantFields } from '../resources/hints/explain.js';
import { readClassicIdentity, readStoredIdentity } from '../resources/identity.js';
import { ConversionError, type ClassicDocument, type ClassicKind, type StoredKind, type StoredObject, type Verb } from '../resources/kind.js';
import { Problems, type Path } from '../resources/problem.js';
import { kindOfDocument, similarKind } from '../resources/registry.js';
import { readClassicDocument } from '../resources/v1/document.js';
import { readStoredDocument } from '../resources/v3/document.js';

/** A document: what it says it is, and all its fields. */
export type RawDocument = Pick<ManifestResource, 'apiVersion' | 'kind' | 'raw'>;

/** How a document is read. */
export interface DocumentOptions {
  readonly verb: Verb;
  /** The namespace asked for. */
  readonly namespace?: string | undefined;
  /** What to do where one is asked for and a document is of a kind that has none. */
  readonly misfitHint?: string | undefined;
  readonly uuid: () => string;
}

/** The code of a problem that lies with the request, not the document. */
export const MISFIT = 'flag';

/** Reports a kind that nobody knows. */
export function unknownKind({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }, problems: Problems): void {
  if (apiVersion !== 'v1' && apiVersion !== 'projectcalico.org/v3') {
    problems.add('kind', ['apiVersion'], `Unknown resource type (${kind}) and/or version (${apiVersion})`, { hint: 'apiVersion is v1 (classic) or projectcalico.org/v3' });
    return;
  }
  const near = similarKind(kind, apiVersion === 'v1' ? 'v1' : 'v3');
  const other = kindOfDocument(apiVersion === 'v1' ? 'projectcalico.org/v3' : 'v1', kind);
  const hint = near !== undefined ? `did you mean "${near}"?` : other !== undefined ? `${kind} is a kind of apiVersion ${apiVersion === 'v1' ? 'projectcalico.org/v3' : 'v1'}` : undefined;
  problems.add('kind', ['kind'], `Unknown resource type (${kind}) and/or version (${apiVersion})`, { hint });
}

/** The resource that a document is about, with all that can be checked without the store. What is wrong goes to `problems`; if one is an error, the result is no use. */
export function readTarget(resource: RawDocument, problems: Problems, options: DocumentOptions): Target | undefined {
  const kind = kindOfDocument(resource.apiVersion, resource.kind);
  if (kind === undefined) {
    unknownKind(resource, problems);
    return undefined;
  }
  const target = kind.dialect === 'v1' ? readClassic(kind, resource, problems, options) : readStored(kind, resource, problems, options);
  explain(kind, resource.raw, problems);
  return target;
}

/** Verbs that store what they read, or say whether it can be. `convert` asks for itself what Calico thinks of its result. */
const STORES: readonly Verb[] = ['create', 'apply', 'replace', 'validate'];

/** A classic document; the revision at which it was read is no field of it, and counts where the store is seen. */
function readClassic(kind: ClassicKind, resource: RawDocument, problems: Problems, options: DocumentOptions): Target | undefined {
  const { metadata } = resource.raw;
  const revision = isMap(metadata) ? revisionOf(metadata['resourceVersion']) : undefined;
  if (!isMap(metadata) || revision === undefined) return readClassicFields(kind, resource, problems, options);
  const { resourceVersion: _revision, ...rest } = metadata;
  const target = readClassicFields(kind, { ...resource, raw: { ...resource.raw, metadata: rest } }, problems, options);
  return target && { ...target, readAt: { revision } };
}

function revisionOf(value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  return isRevision(text) ? text : undefined;
}

function readClassicFields(kind: ClassicKind, { raw }: RawDocument, problems: Problems, { verb, uuid, namespace, misfitHint }: DocumentOptions): Target | undefined {
  if (namespace !== undefined) problems.add(MISFIT, [], `${kind.kind} is a classic kind: it has no namespace`, { hint: misfitHint });
  if (verb === 'delete') return identified(kind, raw, verb, problems);
  const document = readClassicDocument(kind, raw, problems, STORES.includes(verb));
  if (document === undefined) return undefined;
  // What its metadata leave out matches anything (reference/classic 4.4).
  if (verb === 'get') return problems.failed ? undefined : classicIdentityTarget(kind, document.metadata);
  if (verb !== 'apply' && verb !== 'replace') kind.generateIdentifier?.(document.metadata, uuid);
  reportMissing(kind, document.metadata, verb, problems, meantFields(kind, raw, problems));
  return problems.failed ? undefined : classicTarget(kind, document, problems);
}

/** What a document is about, whatever else it says. */
function identified(kind: ClassicKind, raw: RawDocument['raw'], verb: Verb, problems: Problems): Target | undefined {
  const metadata = readClassicIdentity(kind, raw, problems);
  reportMissing(kind, metadata, verb, problems);
  return problems.failed ? undefined : classicIdentityTarget(kind, metadata);
}

function reportMissing(kind: ClassicKind, metadata: ClassicDocument['metadata'], verb: Verb, problems: Problems, meant: readonly Path[] = []): void {
  const asField = (identifier: string, value?: string): string => (value === undefined ? `metadata.${identifier}` : `metadata.${identifier}: ${value}`);
  const missing = missingIdentifiers(kind, metadata, verb, asField, (identifier) => isReported(identifier, [...problems.list.map(({ path }) => path), ...meant]));
  if (missing !== undefined) problems.add('identity', ['metadata'], missing.message, { hint: missing.hint });
}

/** Whether an identifier is missing only because what was given for it is wrong; without a scope it is the node that is missing. */
function isReported(identifier: string, reported: readonly Path[]): boolean {
  return reported.some(([section, field]) => section === 'metadata' && (field === undefined || field === identifier || (identifier === 'node' && field === 'scope')));
}

/** A target of a classic document that was found right. Problems of the conversion are reported; then there is none. */
export function classicTarget(kind: ClassicKind, document: ClassicDocument, problems: Problems): Target | undefined {
  try {
    return { kind, stored: kind.stored, document, object: kind.toStored(document), identity: kind.identityText(document.metadata) };
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    problems.add('conversion', error.path, error.message);
    return undefined;
  }
}

function readStored(kind: StoredKind, resource: RawDocument, problems: Problems, options: DocumentOptions): Target | undefined {
  const { namespace, verb, misfitHint } = options;
  const target = verb === 'delete' || (verb === 'get' && isPrinted(resource.raw)) ? targetOf(kind, readStoredIdentity(kind, resource.raw, problems, namespace)) : readWhole(kind, resource, problems, options);
  if (target === undefined) return undefined;
  const given = target.object.metadata.namespace;
  if (namespace !== undefined && !kind.namespaced) problems.add(MISFIT, [], `${kind.kind} is not namespaced`, { hint: misfitHint });
  else if (namespace !== undefined && given !== namespace) {
    problems.add('identity', ['metadata', 'namespace'], `the document's namespace is ${String(given)}, not ${namespace} as requested`);
  }
  return target;
}

function targetOf(kind: StoredKind, object: StoredObject | undefined): Target | undefined {
  return object && storedTarget(kind, object);
}

/** A document and all it says. One that a store printed is judged in sight of the store; where none will be seen, what nobody knows is a warning. */
function readWhole(kind: StoredKind, { raw }: RawDocument, problems: Problems, { verb, namespace }: DocumentOptions): Target | undefined {
  if (verb === 'create' || !isPrinted(raw)) return targetOf(kind, readStoredDocument(kind, raw, problems, namespace));
  const [found, unknown] = [new Problems(), new Problems()];
  const object = readStoredDocument(kind, raw, found, namespace, unknown);
  for (const each of [found, unknown]) explain(kind, raw, each);
  const seesStore = verb === 'apply' || verb === 'replace';
  const errors = found.list.filter(({ severity }) => severity === 'error');
  problems.list.push(...found.list.filter((problem) => !seesStore || !errors.includes(problem)));
  if (!seesStore) for (const problem of unknown.list) problems.list.push({ ...problem, severity: 'warning' });
  if (!seesStore || errors.length + unknown.list.length === 0) return targetOf(kind, object);
  const target = targetOf(kind, errors.length === 0 ? object : readStoredIdentity(kind, raw, new Problems(), namespace));
  if (target === undefined) problems.list.push(...errors);
  return target && { ...target, doubts: { raw, errors, unknown: unknown.list } };
}

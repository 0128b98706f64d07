import { ListedError, ManifestError, type Diagnostic } from '../base/errors.js';
import { readManifests, toDiagnostics, type LocatedProblem, type ManifestOptions, type ManifestResource, type ReadManifests } from '../manifest/manifests.js';
import { ConversionError, type ClassicDocument, type ClassicKind, type StoredKind, type StoredObject, type Verb } from '../resources/kind.js';
import { explain, meantFields } from '../resources/hints/explain.js';
import { takerAt } from '../resources/hints/taker.js';
import { readClassicIdentity, readStoredIdentity } from '../resources/identity.js';
import { MOST_PROBLEMS, Problems, type Path } from '../resources/problem.js';
import { kindOfDocument, similarKind } from '../resources/registry.js';
import { readClassicDocument } from '../resources/v1/document.js';
import { readStoredDocument } from '../resources/v3/document.js';
import { isPrinted } from '../objects/doubts.js';
import { Duplicates } from './duplicates.js';
import { missingIdentifiers } from '../objects/missing-identifiers.js';
import { Packed } from './packed.js';
import { PoolNetworks } from './pool-networks.js';
import { ReadTarget, withoutContent, type Content } from './read-target.js';
import { classicIdentityTarget, storedTarget, type Target } from '../objects/target.js';

export interface ReadOptions {
  readonly verb: Verb;
  readonly recursive?: boolean | undefined;
  /** A directory without manifests is not an error. */
  readonly skipEmpty?: boolean | undefined;
  /** The namespace asked for. */
  readonly namespace?: string | undefined;
  /** What to do where one is asked for and a document is of a kind that has none. */
  readonly misfitHint?: string | undefined;
  readonly stdin: ManifestOptions['stdin'];
  readonly blocking?: ManifestOptions['blocking'];
  readonly uuid: () => string;
}

export interface ReadTargets {
  readonly targets: readonly Target[];
  readonly warnings: readonly Diagnostic[];
}

/** The code of a problem that lies with the request, not the document. */
const MISFIT = 'flag';

/**
 * Reads every resource of the files and checks all that can be checked without the store.
 * @throws ManifestError with everything that is wrong in all files; ListedError where nothing is wrong but that some cannot be read (`failed`) or directories are empty (`invalid-document`)
 */
export async function readTargets(sources: readonly string[], options: ReadOptions): Promise<ReadTargets> {
  const targets: Target[] = [];
  const contents = new Packed<Content>();
  const located: LocatedProblem[] = [];
  const errors = new Map<string, number>();
  const { recursive = false, skipEmpty = false, stdin, blocking } = options;
  const [duplicates, pools] = [options.verb === 'get' ? undefined : new Duplicates(options.verb), options.verb === 'validate' ? new PoolNetworks() : undefined];
  const read = await readManifests(sources, { recursive, skipEmpty, stdin, ...(blocking && { blocking }) }, ({ resources, lists }) => {
    for (const list of lists) checkListKind(list, located);
    for (const resource of resources) {
      const problems = new Problems();
      const target = readTarget(resource, problems, options);
      const { origin } = resource;
      const file = origin.source.source.name;
      const kind = kindOfDocument(resource.apiVersion, resource.kind);
      for (const problem of problems.list) located.push({ origin, problem, ...(kind && { takes: takerAt(kind, problem.path) }) });
      let found = problems.failed ? problems.list.length : 0;
      if (target !== undefined && !problems.failed) {
        const keep = (): Target => {
          pools?.note(target, resource);
          const kept = new ReadTarget(options.verb === 'validate' ? withoutContent(target) : target, origin, contents);
          targets.push(kept);
          return kept;
        };
        if (duplicates === undefined) keep();
        const problem = duplicates?.find(target, resource.raw, keep)?.problem;
        if (problem !== undefined) {
          located.push({ origin, problem });
          found++;
        }
      }
      errors.set(file, (errors.get(file) ?? 0) + found);
      // What is wrong with the rest of a file that is wrong throughout helps nobody.
      if ((errors.get(file) ?? 0) >= MOST_PROBLEMS) return 'enough';
    }
    return 'more';
  });
  return { targets, warnings: warningsOnly(read, [...located, ...(pools?.problems() ?? [])]) };
}

function warningsOnly(manifests: ReadManifests, located: readonly LocatedProblem[]): readonly Diagnostic[] {
  const { failures, empty } = manifests;
  const unread = [...failures, ...(empty?.lines ?? [])];
  const diagnostics = located.length === 0 && manifests.diagnostics.length === 0 ? [] : toDiagnostics(manifests, located);
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) throw new ManifestError(diagnostics, meaningOf(diagnostics), unread, empty?.hint);
  if (failures.length > 0) throw new ListedError('failed', unread, { hint: empty?.hint });
  if (empty !== undefined) throw empty;
  return diagnostics;
}

/** Where nothing is wrong but what was asked of the documents, they are not. */
function meaningOf(diagnostics: readonly Diagnostic[]): 'invalid-request' | 'invalid-document' {
  return diagnostics.every(({ severity, code }) => severity === 'warning' || code === MISFIT) ? 'invalid-request' : 'invalid-document';
}

function checkListKind(list: { readonly apiVersion: string; readonly kind: string; readonly origin: ManifestResource['origin'] }, located: LocatedProblem[]): void {
  if (list.kind === 'List') return;
  if (kindOfDocument(list.apiVersion, list.kind.replace(/List$/, '')) !== undefined) return;
  const problems = new Problems();
  unknownKind(list, problems);
  for (const problem of problems.list) located.push({ origin: list.origin, problem });
}

function unknownKind({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }, problems: Problems): void {
  if (apiVersion !== 'v1' && apiVersion !== 'projectcalico.org/v3') {
    problems.add('kind', ['apiVersion'], `Unknown resource type (${kind}) and/or version (${apiVersion})`, { hint: 'apiVersion is v1 (classic) or projectcalico.org/v3' });
    return;
  }
  const near = similarKind(kind, apiVersion === 'v1' ? 'v1' : 'v3');
  const other = kindOfDocument(apiVersion === 'v1' ? 'projectcalico.org/v3' : 'v1', kind);
  const hint = near !== undefined ? `did you mean "${near}"?` : other !== undefined ? `${kind} is a kind of apiVersion ${apiVersion === 'v1' ? 'projectcalico.org/v3' : 'v1'}` : undefined;
  problems.add('kind', ['kind'], `Unknown resource type (${kind}) and/or version (${apiVersion})`, { hint });
}

function readTarget(resource: ManifestResource, problems: Problems, options: ReadOptions): Target | undefined {
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

function readClassic(kind: ClassicKind, { raw }: ManifestResource, problems: Problems, { verb, uuid, namespace, misfitHint }: ReadOptions): Target | undefined {
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
function identified(kind: ClassicKind, raw: ManifestResource['raw'], verb: Verb, problems: Problems): Target | undefined {
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

function readStored(kind: StoredKind, resource: ManifestResource, problems: Problems, options: ReadOptions): Target | undefined {
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
function readWhole(kind: StoredKind, { raw }: ManifestResource, problems: Problems, { verb, namespace }: ReadOptions): Target | undefined {
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

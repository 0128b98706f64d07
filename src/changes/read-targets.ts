import { ListedError, ManifestError, type Diagnostic } from '../base/errors.js';
import { readManifests, toDiagnostics, type LocatedProblem, type ManifestOptions, type ManifestResource, type ReadManifests } from '../manifest/manifests.js';
import { ReadAtRemarks } from '../objects/read-at.js';
import type { Verb } from '../resources/kind.js';
import { takerAt } from '../resources/hints/taker.js';
import { MOST_PROBLEMS, Problems } from '../resources/problem.js';
import { kindOfDocument } from '../resources/registry.js';
import { Duplicates } from './duplicates.js';
import { Packed } from './packed.js';
import { PoolNetworks } from './pool-networks.js';
import { MISFIT, readTarget, unknownKind, type DocumentOptions } from './read-document.js';
import { ReadTarget, withoutContent, type Content } from './read-target.js';
import type { Target } from '../objects/target.js';

export interface ReadOptions extends DocumentOptions {
  readonly recursive?: boolean | undefined;
  /** A directory without manifests is not an error. */
  readonly skipEmpty?: boolean | undefined;
  readonly stdin: ManifestOptions['stdin'];
  readonly stdinName?: string | undefined;
  readonly blocking?: ManifestOptions['blocking'];
}

export interface ReadTargets {
  readonly targets: readonly Target[];
  readonly warnings: readonly Diagnostic[];
}

/**
 * Reads every resource of the files and checks all that can be checked without the store.
 * @throws ManifestError with everything that is wrong in all files; ListedError where nothing is wrong but that some cannot be read (`failed`) or directories are empty (`invalid-document`)
 */
export async function readTargets(sources: readonly string[], options: ReadOptions): Promise<ReadTargets> {
  const targets: Target[] = [];
  const contents = new Packed<Content>();
  const located: LocatedProblem[] = [];
  const errors = new Map<string, number>();
  const { recursive = false, skipEmpty = false, stdin, stdinName, blocking } = options;
  const [duplicates, pools] = [options.verb === 'get' ? undefined : new Duplicates(options.verb), options.verb === 'validate' ? new PoolNetworks() : undefined];
  const withReadAt = remarkReader(options.verb);
  const read = await readManifests(sources, { recursive, skipEmpty, stdin, ...(stdinName !== undefined && { stdinName }), ...(blocking && { blocking }) }, ({ resources, lists }) => {
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
          const kept = new ReadTarget(options.verb === 'validate' ? withoutContent(target) : withReadAt(target, origin), origin, contents);
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

/** Adds to the targets of a verb that overwrites when they were read, where a remark in their file says it. */
function remarkReader(verb: Verb): (target: Target, origin: ManifestResource['origin']) => Target {
  if (verb !== 'apply' && verb !== 'replace') return (target) => target;
  // Files come one after the other: the remarks of one are no more use once the next begins.
  let last: { readonly source: object; readonly remarks: ReadAtRemarks } | undefined;
  return (target, { source: { source } }) => {
    if (last?.source !== source) last = { source, remarks: new ReadAtRemarks(source.text) };
    const readAt = target.kind.dialect === 'v1' && target.readAt === undefined ? last.remarks.of(target.document) : undefined;
    return readAt === undefined ? target : { ...target, readAt };
  };
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

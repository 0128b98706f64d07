import { isMap, type Data } from '../base/data.js';
import type { Diagnostic } from '../base/errors.js';
import type { AnyDocument, Kind, StoredObject } from '../resources/kind.js';
import { pathText, Problems, type Path, type Problem } from '../resources/problem.js';
import { kindOfDocument } from '../resources/registry.js';
import { valueAt } from '../resources/unknown-fields.js';
import { isCorrupt, decodeStored } from '../resources/stored-value.js';
import { sameData } from '../resources/same-value.js';
import type { Target } from '../objects/target.js';
import { viewObject } from '../objects/view.js';
import { findExisting, findingNeeds, type Existing } from './find.js';
import { readOnlyReason, type Refused } from './plan.js';
import { readTarget } from './read-document.js';
import type { Seen, TargetsInSight } from './write.js';
import type { Needs, World } from './world.js';

/** Why a stored document cannot be changed as it was asked. */
export class NotAmended extends Error {
  constructor(
    readonly reason: Refused['reason'],
    message: string,
  ) {
    super(message);
  }
}

/** A change of what is stored, made to the document as `get -o yaml` prints it. */
export interface Amendment {
  /** The document as it is to be; the one that is given stays as it is. `object` is what is stored. Throws NotAmended. */
  amend(document: AnyDocument, target: Target, object: StoredObject): unknown;
  /** A problem of the document as it is to be, with its place in what asked for it. */
  locate(problem: Problem, target: Target): Diagnostic;
}

/** The resources that are to be changed. */
export interface Choice {
  needs(needs: Needs): void;
  chosen(world: World): readonly Chosen[];
}

export interface Chosen {
  /** What it is about; its content does not matter. */
  readonly target: Target;
  /** Absent where there is none. */
  readonly found?: Existing | undefined;
}

/** Resources that are named. */
export function namedChoice(targets: readonly Target[]): Choice {
  return {
    needs: (needs) => findingNeeds(targets, needs),
    chosen: (world) => targets.map((target) => ({ target, found: findExisting(target, world) })),
  };
}

/** What resources are to be, by what they are: for writeTargets. */
export class Amendments implements TargetsInSight {
  constructor(
    private readonly choice: Choice,
    private readonly amendment: Amendment,
    private readonly uuid: () => string,
  ) {}

  needs(needs: Needs): void {
    this.choice.needs(needs);
  }

  seen(world: World): Seen {
    const seen = { targets: [] as Target[], refused: [] as Refused[], invalid: [] as Diagnostic[], warnings: [] as Diagnostic[] };
    for (const chosen of this.choice.chosen(world)) {
      const problems = new Problems();
      const { target } = chosen;
      try {
        const amended = this.amended(chosen, problems);
        if (amended !== undefined && !problems.failed) seen.targets.push(amended);
      } catch (error) {
        if (!(error instanceof NotAmended)) throw error;
        seen.refused.push({ target, reason: error.reason, message: error.message });
      }
      for (const problem of problems.list) (problem.severity === 'error' ? seen.invalid : seen.warnings).push(this.amendment.locate(problem, target));
    }
    return seen;
  }

  private amended({ target, found }: Chosen, problems: Problems): Target | undefined {
    const forbidden = readOnlyReason(target, 'replace');
    if (forbidden !== undefined) throw new NotAmended('forbidden', forbidden);
    if (found === undefined) throw new NotAmended('missing', `resource does not exist: ${target.identity}`);
    const object = decodeStored(target.stored, found.entry);
    if (isCorrupt(object)) throw new NotAmended('unreadable', `${object.key} cannot be read: ${object.reason}`);
    const { document } = viewObject(target.kind, object, 'documents');
    const raw = withoutRevision(this.amendment.amend(document, target, object), document, found, target);
    const kind = kindOfDocument(document.apiVersion, document.kind);
    if (!isMap(raw) || kind === undefined) {
      problems.add('type', [], `expected a ${document.kind}, which is a map`);
      return undefined;
    }
    checkIdentity(kind, document, raw, problems);
    if (problems.failed) return undefined;
    const amended = readTarget({ apiVersion: document.apiVersion, kind: document.kind, raw }, problems, { verb: 'replace', uuid: this.uuid });
    return amended && { ...amended, locate: (problem) => this.amendment.locate(problem, target) };
  }
}

/** A revision that the changed document names is the one that is meant; classic documents have no place for it. Throws NotAmended for another. */
function withoutRevision(raw: unknown, document: AnyDocument, { entry }: Existing, { identity }: Target): unknown {
  const metadata = isMap(raw) ? raw['metadata'] : undefined;
  if (!isMap(raw) || !isMap(metadata)) return raw;
  const { resourceVersion, ...rest } = metadata;
  const named = typeof resourceVersion === 'number' || typeof resourceVersion === 'bigint' ? String(resourceVersion) : resourceVersion;
  if (typeof named === 'string' && named !== '' && named !== entry.modRevision) throw new NotAmended('changed', `update conflict: ${identity} has changed: revision ${entry.modRevision}, not ${named}`);
  return document.apiVersion === 'v1' ? { ...raw, metadata: rest } : raw;
}

const KEPT: readonly Path[] = [['kind'], ['apiVersion']];
const KEPT_OF_STORED: readonly Path[] = [...['name', 'namespace', 'uid', 'creationTimestamp'].map((field) => ['metadata', field]), ['status']];

/** Reports what says which resource it is, or what Calico alone writes, where it is not as before. */
function checkIdentity(kind: Kind, before: AnyDocument, after: Data, problems: Problems): void {
  const kept = [...KEPT, ...(kind.dialect === 'v1' ? kind.identity.map((field) => ['metadata', field]) : KEPT_OF_STORED)];
  for (const path of kept) {
    if (sameData(valueAt(before, path), valueAt(after, path))) continue;
    problems.add('identity', path, `${pathText(path)} cannot be changed`, { hint: path[0] === 'status' ? "it is Calico's own report" : 'it says which resource this is: create another one, and delete this' });
  }
}

/** What may not be as a request assumes: whoever asks should look again before asking again. */
const CONFLICTS = [
  /** What is asked for, or needed for it, does not exist. */
  'missing',
  /** What is to be made exists already. */
  'exists',
  /** Somebody else has it: an address, a network, a name. */
  'taken',
  /** Somebody else changed it meanwhile. The same request may succeed now. */
  'changed',
  /** The datastore is locked. */
  'locked',
  /** Something else that must be so before is not: a lock, a report of the present state, another setting. */
  'precondition',
] as const;
export type Conflict = (typeof CONFLICTS)[number];

/** What is the matter with the datastore; `stage` of DatastoreError says more. */
export type DatastoreTrouble =
  /** The settings cannot lead to a datastore. */
  | 'misconfigured'
  | 'unreachable'
  /** It does not know who asks, or does not let them. */
  | 'denied'
  /** It takes no such request: too large, no room, too old a revision. */
  | 'refused'
  | 'timeout'
  /** It cannot be told whether the change was carried out. */
  | 'unknown-outcome';

/**
 * What happened instead of what was asked for. The set is closed: whoever answers somebody else (a command with its exit
 * code, an agent, a server) decides what each means to them.
 */
export type Meaning =
  /** The request is wrong in itself, whatever is stored. */
  | 'invalid-request'
  /** A document that was handed over is wrong. Nothing was written. */
  | 'invalid-document'
  | Conflict
  | DatastoreTrouble
  /** A rule is against it, or not everybody may do it. */
  | 'forbidden'
  /** There is nothing that could be allocated. */
  | 'exhausted'
  /** What is stored cannot be read. */
  | 'unreadable'
  /** A part was done, and it was said which. */
  | 'partly'
  | 'interrupted'
  /** Something else went wrong, here or elsewhere. */
  | 'failed';

/** Whether the cluster is not in the expected state. */
export function isConflict(meaning: Meaning): meaning is Conflict {
  return (CONFLICTS as readonly Meaning[]).includes(meaning);
}

/** How a piece of work ended. */
export type Ending = 'done' | Meaning;

/** The options of requests that hints speak of. */
export type RequestOption =
  | 'allow-version-mismatch' | 'config' | 'dialect' | 'disable-docker-networking' | 'dryrun' | 'force' | 'ignore-validation' | 'node-image' | 'raw' | 'recursive' | 'runtime' | 'skip-empty'
  | 'timeout';

/** Writes an option, with the value it should have, as it is given by whoever reads: a flag, a field of a request. */
export type NameOption = (option: RequestOption, value?: string) => string;

/** What to do about something, for people. One that speaks of the request's own options leaves to its reader how they are written. */
export type Hint = string | ((option: NameOption) => string);

/** What `CalicoError` may say besides what happened. */
export interface ErrorDetails {
  readonly hint?: Hint | undefined;
  /** What it is about, as messages name it: `Node(host1)`, an address, a network. */
  readonly subject?: string | undefined;
}

/** A failure that somebody can act on. It says what happened, not how a program ends because of it; anything else thrown is a bug of ours. */
export class CalicoError extends Error {
  readonly hint: Hint | undefined;
  readonly subject: string | undefined;

  constructor(
    readonly meaning: Meaning,
    message: string,
    { hint, subject }: ErrorDetails = {},
  ) {
    super(message);
    this.name = new.target.name;
    this.hint = hint;
    this.subject = subject;
  }
}

/** A problem with the place in the file where it was found. Lines and columns count from 1. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** The field, as people write it: `spec.ingress[0].action`. */
  readonly path?: string;
  readonly message: string;
  readonly hint?: string;
  /** A warning that is shown though nobody may be watching. */
  readonly grave?: boolean;
  /** The text of that line, for the caret on a terminal. */
  readonly sourceLine?: string;
}

/** The request is wrong in itself: of a command, its command line. */
export class InvalidRequest extends CalicoError {
  constructor(message: string, hint?: Hint) {
    super('invalid-request', message, { hint });
  }
}

/** One or more manifests are wrong: every problem found in them. Nothing was written. */
export class ManifestError extends CalicoError {
  constructor(
    readonly diagnostics: readonly Diagnostic[],
    meaning: 'invalid-document' | 'invalid-request' = 'invalid-document',
    /** What could not even be read, a sentence for each path. */
    readonly unread: readonly string[] = [],
    hint?: Hint,
  ) {
    super(meaning, `${diagnostics.length} problem(s) in the manifests`, { hint });
  }
}

/** Several failures of one kind, each to be shown on a line of its own. */
export class ListedError extends CalicoError {
  constructor(
    meaning: Meaning,
    readonly lines: readonly string[],
    details?: ErrorDetails,
  ) {
    super(meaning, lines.join('\n'), details);
  }
}

export type DatastoreStage =
  | 'configuration' | 'name' | 'connection' | 'tls' | 'authentication' | 'permission' | 'quota' | 'size' | 'timeout' | 'compaction' | 'data' | 'unknown-outcome';

const MEANINGS = {
  configuration: 'misconfigured', name: 'unreachable', connection: 'unreachable', tls: 'unreachable', authentication: 'denied', permission: 'denied',
  quota: 'refused', size: 'refused', compaction: 'refused', timeout: 'timeout', data: 'unreadable', 'unknown-outcome': 'unknown-outcome',
} as const satisfies Record<DatastoreStage, Meaning>;

/** The datastore could not be reached, or refused, or holds what cannot be read (`data`); `stage` says where it went wrong. */
export class DatastoreError extends CalicoError {
  constructor(
    readonly stage: DatastoreStage,
    message: string,
    hint?: Hint,
  ) {
    super(MEANINGS[stage], message, { hint });
  }
}

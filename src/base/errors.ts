import { ExitCode } from './exit-codes.js';

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

/** A failure the user can act on. The base command prints it and ends with its exit code; anything else thrown is a bug of ours. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = ExitCode.failed,
    readonly hint?: string,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}

/** The command line is wrong. */
export class UsageError extends CommandError {
  constructor(message: string, hint?: string) {
    super(message, ExitCode.usage, hint);
    this.name = 'UsageError';
  }
}

/** One or more manifests are wrong: every problem found in them. Nothing was written. */
export class ManifestError extends CommandError {
  constructor(
    readonly diagnostics: readonly Diagnostic[],
    exitCode: ExitCode = ExitCode.manifest,
    /** What could not even be read, a sentence for each path. */
    readonly unread: readonly string[] = [],
    hint?: string,
  ) {
    super(`${diagnostics.length} problem(s) in the manifests`, exitCode, hint);
    this.name = 'ManifestError';
  }
}

/** Several failures of one kind, each to be shown on a line of its own. */
export class ListedError extends CommandError {
  constructor(
    readonly lines: readonly string[],
    exitCode: ExitCode,
    hint?: string,
  ) {
    super(lines.join('\n'), exitCode, hint);
    this.name = 'ListedError';
  }
}

export type DatastoreStage =
  | 'configuration' | 'name' | 'connection' | 'tls' | 'authentication' | 'permission' | 'quota' | 'size' | 'timeout' | 'compaction' | 'data' | 'unknown-outcome';

/** The datastore could not be reached, or refused, or holds what cannot be read (`data`); `stage` says where it went wrong. */
export class DatastoreError extends CommandError {
  constructor(
    readonly stage: DatastoreStage,
    message: string,
    hint?: string,
  ) {
    super(message, stage === 'data' ? ExitCode.failed : ExitCode.datastore, hint);
    this.name = 'DatastoreError';
  }
}

import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { relative, resolve } from 'node:path';
import { ExitCode } from '../exit-codes.js';

/** What to print about an error that reached the end of the road, and the exit code. */
export interface FailureReport {
  readonly text: string;
  readonly exitCode: number;
}

/** oclif's own errors carry their exit code here; EEXIT is an exit that was asked for. */
interface OclifError extends Error {
  readonly code?: string;
  readonly oclif?: { readonly exit?: number };
}

/** A mistake on the command line is told in a sentence; anything else is a bug of the tool, told with a stack that points into the sources. */
export function failureReport(error: unknown): FailureReport {
  const { code, oclif, message } = error as OclifError;
  if (code === 'EEXIT') return { text: '', exitCode: oclif?.exit ?? ExitCode.done };
  if (oclif?.exit !== undefined) return { text: `${message}\n`, exitCode: oclif.exit };
  const stack = error instanceof Error ? sourceStack(error.stack ?? message) : String(error);
  return { text: `this is a bug of calicoctl, please report it with these lines:\n${stack}\n`, exitCode: ExitCode.failed };
}

/**
 * A stack whose lines in the bundle are replaced by the places in `src` they were built from. Node can do that only for files it loads itself
 * and from the start, at a price; here the map is read only when there is something to print.
 */
export function sourceStack(stack: string): string {
  const maps = new Map<string, SourceMap | undefined>();
  return stack.replace(/(\/[^\s():]+\.js):(\d+):(\d+)/g, (place, file: string, line: string, column: string) => {
    if (!maps.has(file)) maps.set(file, readMap(file));
    const entry = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !('originalSource' in entry)) return place;
    const source = relative(resolve(file, '../..'), resolve(file, '..', entry.originalSource));
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload);
  } catch {
    return undefined;
  }
}

import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { ExitCode } from '../../cli/exit-codes.js';
import { safeText } from '../../text/safe.js';

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

/** A mistake on the command line is told in a sentence, made safe for a terminal since it repeats words of it; anything else is a bug of the tool, told with a stack that points into the sources. `folder` is where the bundle is. */
export function failureReport(error: unknown, folder: string): FailureReport {
  const { code, oclif, message } = error as OclifError;
  if (code === 'EEXIT') return { text: '', exitCode: oclif?.exit ?? ExitCode.done };
  if (oclif?.exit !== undefined) return { text: safeText(`${message}\n`), exitCode: oclif.exit };
  const stack = error instanceof Error ? sourceStack(error.stack ?? message, folder) : String(error);
  return { text: safeText(`this is a bug of calicoctl, please report it with these lines:\n${stack}\n`), exitCode: ExitCode.failed };
}

/**
 * A stack whose lines in the bundle are replaced by the places in `src` they were built from. Node can do that only for files it loads itself
 * and from the start, at a price; here the map is read only when there is something to print. The bundle is known by its name: code from a cache
 * bears the path of the machine it was built on.
 */
export function sourceStack(stack: string, folder: string): string {
  let map: SourceMap | undefined;
  return stack.replace(/\/[^\s():]+\/(calicoctl-\w+\.js):(\d+):(\d+)/g, (place, bundle: string, line: string, column: string) => {
    map ??= readMap(join(folder, `${bundle}.map`));
    const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!('originalSource' in entry)) return place;
    return `${relative(dirname(folder), resolve(folder, entry.originalSource))}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

/** An empty map where there is none: nothing is found in it. */
function readMap(file: string): SourceMap {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload);
  } catch {
    return new SourceMap({ version: 3, file: '', sources: [], sourcesContent: [], names: [], mappings: '', sourceRoot: '' });
  }
}

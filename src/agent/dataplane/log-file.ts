import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../base/make-folder.js';
import type { Settings } from '../../dataplane/settings/settings.js';
import type { LogCopy } from '../../text/log.js';

/** A pipe that nobody reads must not hold up the agent. */
const APPENDING = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/**
 * The file that lines of the log go to as well (reference/felix 5.5); undefined where there is to be none. It is opened for each line, so that
 * whoever moves it away gets a new one. What cannot be written is told once.
 */
export function logFile({ logFilePath: path, logSeverityFile: level }: Pick<Settings, 'logFilePath' | 'logSeverityFile'>, tell: (text: string) => void): LogCopy | undefined {
  if (path === '' || level === undefined) return undefined;
  let wasTold = false;
  const write = (line: string): void => {
    try {
      append(path, line);
    } catch (error) {
      // It is told to this log, which writes here too.
      if (wasTold) return;
      wasTold = true;
      tell(`logFilePath: ${path} cannot be written: ${(error as Error).message}`);
    }
  };
  return { level, write };
}

function append(path: string, line: string): void {
  const file = openInFolder(path);
  try {
    writeSync(file, line);
  } finally {
    closeSync(file);
  }
}

/** Opens it, in a folder that is made where it is missing. */
function openInFolder(path: string): number {
  try {
    return openSync(path, APPENDING, 0o644);
  } catch (error) {
    if (!isMissing(error)) throw error;
    makeFolder(dirname(path));
    return openSync(path, APPENDING, 0o644);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.js';

/** A pipe that nobody reads must not hold up who has something to tell. */
const APPENDING = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** Appends a line to a file, which is made with its folder where it is missing. Opened for each line: whoever moves it away gets a new one. Throws Node's own errors. */
export function appendLine(path: string, line: string, mode: number): void {
  const file = openInFolder(path, mode);
  try {
    writeSync(file, line);
  } finally {
    closeSync(file);
  }
}

function openInFolder(path: string, mode: number): number {
  try {
    return openSync(path, APPENDING, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    makeFolder(dirname(path));
    return openSync(path, APPENDING, mode);
  }
}

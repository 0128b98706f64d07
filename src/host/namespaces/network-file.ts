import { closeSync, fstatSync, openSync, readlinkSync, statSync } from 'node:fs';
import { CalicoError } from '../../base/errors.js';

/** A network namespace that stays as long as it is open, whatever becomes of the file that stood for it. */
export interface NetworkFile {
  /** A path of letters, digits and slashes for it, for the processes that we start. */
  readonly path: string;
  /** Whether it is the one that we are in. */
  readonly isOurs: boolean;
  close(): void;
}

const OURS = '/proc/self/ns/net';

/** Opens a network namespace by a file that stands for it. Undefined where there is no such file. Throws CalicoError where it is another one. */
export function openNetwork(path: string): NetworkFile | undefined {
  const ours = statSync(OURS);
  const descriptor = opened(path);
  if (descriptor === undefined) return undefined;
  const close = (): void => closeSync(descriptor);
  const { dev, ino } = fstatSync(descriptor);
  if (dev !== ours.dev) {
    close();
    throw new CalicoError('invalid-request', `${path} is no network namespace`);
  }
  return { path: `/proc/${readlinkSync('/proc/self')}/fd/${descriptor}`, isOurs: ino === ours.ino, close };
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CalicoError('failed', `${path} cannot be opened: ${message}`);
  }
}

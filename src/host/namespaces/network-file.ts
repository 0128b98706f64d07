import { closeSync, constants, fstatSync, openSync, readlinkSync, statSync, type Stats } from 'node:fs';
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

/** Opens a network namespace by a file that stands for it. Undefined where there is no such file. Throws CalicoError where it is another one (`invalid-request`). */
export function openNetwork(path: string): NetworkFile | undefined {
  const ours = statSync(OURS);
  const other = (): CalicoError => new CalicoError('invalid-request', `${path} is no network namespace`);
  // To open something else may wait for somebody, or set something off.
  if ((seen(path)?.dev ?? ours.dev) !== ours.dev) throw other();
  const descriptor = opened(path);
  if (descriptor === undefined) return undefined;
  const close = (): void => closeSync(descriptor);
  const { dev, ino } = fstatSync(descriptor);
  if (dev !== ours.dev) {
    close();
    throw other();
  }
  return { path: `/proc/${readlinkSync('/proc/self')}/fd/${descriptor}`, isOurs: ino === ours.ino, close };
}

/** Where it cannot be looked at, opening it says why. */
function seen(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CalicoError('failed', `${path} cannot be opened: ${message}`);
  }
}

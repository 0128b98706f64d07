import { rm, stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '../base/make-folder.js';
import type { Log } from '../text/log.js';

const LOOKED_AFTER_MS = 500;
const AGAIN_AFTER_MS = 2000;

/**
 * Has servers listen at a path until the signal is aborted. What stands there first is of a driver that is gone; where the socket vanishes
 * (an engine that starts may clear its folder) it is made again. One that somebody else put there is left to them, and told.
 * @param make makes a server, one for each time that it listens
 */
export async function keepListening(path: string, make: () => Server, { log, signal }: { readonly log: Log; readonly signal: AbortSignal }): Promise<void> {
  let told = '';
  const tell = (text: string): void => {
    if (text !== told) log.warning(text);
    told = text;
  };
  while (!signal.aborted) {
    const server = make();
    try {
      await listen(server, path);
      told = '';
      log.info(`listening at ${path}`);
      await untilGone(path, signal, tell);
    } catch (error) {
      tell(`${path} cannot be listened at, trying again: ${(error as Error).message}`);
      await pause(AGAIN_AFTER_MS, signal);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }
}

async function listen(server: Server, path: string): Promise<void> {
  makeFolder(dirname(path));
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
}

/** Settles when nothing is at the path any more. */
async function untilGone(path: string, signal: AbortSignal, tell: (text: string) => void): Promise<void> {
  const own = await inodeAt(path);
  for (let now = own; now !== undefined && !signal.aborted; now = await inodeAt(path)) {
    if (now !== own) tell(`${path} was taken by another driver: Docker asks that one now`);
    await pause(LOOKED_AFTER_MS, signal);
  }
}

function inodeAt(path: string): Promise<number | undefined> {
  return stat(path).then(({ ino }) => ino, () => undefined);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

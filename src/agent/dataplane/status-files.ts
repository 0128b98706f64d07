import { readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../base/make-folder.js';
import type { Log } from '../../text/log.js';

const FOLDER = 'endpoint-status';
/** Names of files in the making begin so; nobody reads them. */
const UNFINISHED = '.';

/** The files that tell the CNI plugin and BIRD's side of each endpoint that is programmed and up (reference/felix 5.2). */
export class StatusFiles {
  private readonly folder: string;
  private written: Map<string, string> | undefined;
  private lastTrouble = '';

  /** @param prefix the setting endpointStatusPathPrefix; empty: no files */
  constructor(prefix: string, private readonly log: Log) {
    this.folder = prefix === '' ? '' : join(prefix, FOLDER);
  }

  /**
   * Makes the folder hold these files and no others. What fails is told, and tried again with the next call.
   * @param mayAdd whether new ones are written: not as long as something of what they stand for could not be programmed
   */
  async write(files: ReadonlyMap<string, string>, mayAdd: boolean): Promise<void> {
    if (this.folder === '') return;
    try {
      const written = (this.written ??= await this.read());
      for (const name of [...written.keys()]) {
        if (files.has(name)) continue;
        await unlink(join(this.folder, name)).catch(ignoreMissing);
        written.delete(name);
      }
      for (const [name, text] of files) {
        if (written.get(name) === text || !(mayAdd || written.has(name))) continue;
        await this.put(name, text);
        written.set(name, text);
      }
      this.lastTrouble = '';
    } catch (error) {
      this.written = undefined;
      const { message } = error as Error;
      if (message !== this.lastTrouble) this.log.warning(`the status of endpoints cannot be written to ${this.folder}: ${message}`);
      this.lastTrouble = message;
    }
  }

  /** What an earlier run has left. */
  private async read(): Promise<Map<string, string>> {
    makeFolder(this.folder);
    const names = await readdir(this.folder);
    return new Map(await Promise.all(names.map(async (name): Promise<[string, string]> => [name, await readFile(join(this.folder, name), 'utf8').catch(() => '')])));
  }

  /** Whoever reads sees all of it or nothing. */
  private async put(name: string, text: string): Promise<void> {
    const unfinished = join(this.folder, UNFINISHED + name);
    await writeFile(unfinished, text);
    await rename(unfinished, join(this.folder, name));
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

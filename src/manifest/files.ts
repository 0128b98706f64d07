import type { ByteStream } from '../base/byte-stream.js';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CalicoError, InvalidRequest, ListedError, type Hint } from '../base/errors.js';
import { readAnything, readWhole } from './input.js';
import { LIMITS } from './limits.js';

/** A file's name as it is shown, and its bytes. */
export interface FileBytes {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What -f names, as far as it can be read. */
export interface FilesRead {
  readonly files: FileBytes[];
  readonly failures: readonly string[];
  /** What is wrong with directories without manifests; undefined where there is none. */
  readonly empty: ListedError | undefined;
}

/** How what -f names is read. */
export interface FileOptions {
  /** Directories below a directory count too. */
  readonly recursive?: boolean;
  /** A directory without manifests is not an error. */
  readonly skipEmpty?: boolean;
  readonly stdin: ByteStream;
  /** What `-` is called in messages, where it stands for something else than standard input. */
  readonly stdinName?: string;
}

const STDIN_NAME = '<stdin>';

const MANIFEST_NAME = /\.(?:ya?ml|json)$/i;
const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EISDIR: 'is a directory',
};

/** What the system means by an error code such as ENOENT. */
export function causeOf(code: string): string {
  return CAUSES[code] ?? code;
}

/**
 * Reads what -f names: files, directories (their .yaml, .yml and .json files in lexical order, with `recursive` those of
 * sub-directories too), and `-` for standard input. What the system refuses is in `failures`, a sentence for each path, and directories without manifests in `empty`, unless `skipEmpty`; throws
 * InvalidRequest for a second `-`, CalicoError for more than 128 MiB in all.
 */
export async function readFiles(sources: readonly string[], options: FileOptions): Promise<FilesRead> {
  if (sources.filter((source) => source === '-').length > 1) throw new InvalidRequest('standard input (-) can be read only once');
  const reader = new Reader(options);
  for (const source of sources) await reader.read(source);
  return reader;
}

class Reader {
  readonly files: FileBytes[] = [];
  readonly failures: string[] = [];
  private readonly emptyDirectories: string[] = [];
  private total = 0;

  constructor(private readonly options: FileOptions) {}

  async read(source: string): Promise<void> {
    const { stdin, stdinName = STDIN_NAME } = this.options;
    if (source === '-') return this.attempt(stdinName, async () => this.keep(stdinName, await readWhole(stdin, (bytes) => this.count(stdinName, bytes))));
    await this.attempt(source, async () => {
      if (!statSync(source).isDirectory()) return this.file(source);
      const before = this.files.length + this.failures.length;
      await this.directory(source);
      if (this.options.skipEmpty !== true && this.files.length + this.failures.length === before) this.emptyDirectories.push(source);
    });
  }

  private async directory(path: string): Promise<void> {
    const entries = readdirSync(path, { withFileTypes: true });
    entries.sort((left, right) => (left.name < right.name ? -1 : 1));
    for (const entry of entries) {
      const inside = join(path, entry.name);
      await this.attempt(inside, async () => {
        if (entry.isDirectory()) return this.options.recursive === true ? this.directory(inside) : undefined;
        if (!MANIFEST_NAME.test(entry.name)) return undefined;
        const found = statSync(inside);
        if (found.isFile()) return this.file(inside);
        if (!found.isDirectory()) this.failures.push(`cannot read ${inside}: it is not a regular file (name it with -f to read it anyway)`);
        return undefined;
      });
    }
  }

  private async file(name: string): Promise<void> {
    this.keep(name, await readAnything(name, (bytes) => this.count(name, bytes)));
  }

  private keep(name: string, bytes: Buffer): void {
    this.files.push({ name, bytes });
  }

  private count(name: string, bytes: number): void {
    this.total += bytes;
    if (this.total > LIMITS.totalBytes) throw tooLarge(name);
  }

  /** Notes what the system refuses, so that all such paths can be named. */
  private async attempt(path: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
      if (code === undefined || error instanceof CalicoError) throw error;
      this.failures.push(`cannot read ${path}: ${causeOf(code)}`);
    }
  }

  get empty(): ListedError | undefined {
    const lines = this.emptyDirectories.map((path) => `no manifests in directory ${path}`);
    const hint: Hint = (option) => {
      const also = this.options.recursive === true ? '' : `; ${option('recursive')} includes subdirectories`;
      return `files ending in .yaml, .yml or .json are read${also}; ${option('skip-empty')} ignores this`;
    };
    return lines.length === 0 ? undefined : new ListedError('invalid-document', lines, { hint });
  }
}

function tooLarge(name: string): CalicoError {
  const limit = LIMITS.totalBytes / 1024 / 1024;
  return new CalicoError('invalid-document', `${name}: the manifests are larger than ${limit} MiB`, { hint: 'use several commands' });
}

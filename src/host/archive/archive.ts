import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createGzip, type Gzip } from 'node:zlib';
import { ReadableContent, UnreadableContent } from './readable.js';
import { Redactor } from './redact.js';
import { tarEnd, tarHeader, tarPadding } from './tar.js';

/** Most bytes of one file, and of all together, before compression: logs must not fill the disk of the host. */
export interface SizeLimits {
  readonly file: number;
  readonly total: number;
}

export const SIZE_LIMITS: SizeLimits = { file: 100 << 20, total: 1 << 30 };

/** What became of a file of the archive. */
export interface ArchivedFile {
  /** Below `diagnostics/`; what was packed has ".unpacked" behind its name, and what was left out has none. */
  readonly file: string | null;
  readonly bytes: number;
  /** The rest was left out because of a limit. */
  readonly truncated: boolean;
}

/** Takes a piece of a file's content; false once no more is wanted. */
export type Write = (piece: Buffer) => Promise<boolean>;

const TOP = 'diagnostics/';

/**
 * An archive in the making: a gzipped tar below a temporary folder of its own. Only its owner may read it. A file is
 * put together beside it first, without its secrets, as its size must be known before it goes in. What is packed with gzip is
 * unpacked; what is not text is left out.
 */
export class DiagnosticArchive {
  private readonly folders = new Set<string>();
  private used = 0;
  /** Rejects once the archive cannot be written: then no "drain" comes any more. */
  private readonly broken: Promise<never>;

  private constructor(
    /** The folder of the archive. */
    readonly folder: string,
    /** The archive. */
    readonly path: string,
    private readonly gzip: Gzip,
    private readonly file: WriteStream,
    private readonly options: ArchiveOptions,
  ) {
    this.broken = new Promise((_, reject) => void file.on('error', reject));
    // Nobody may be waiting for it.
    this.broken.catch(() => undefined);
  }

  /** Makes the folder and begins the archive. Throws Node's own errors. */
  static async create(parent: string, name: string, options: ArchiveOptions): Promise<DiagnosticArchive> {
    const folder = await mkdtemp(join(parent, 'calico'));
    await mkdir(join(folder, 'work'), { mode: 0o700 });
    const path = join(folder, name);
    const gzip = createGzip();
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    gzip.pipe(file);
    return new DiagnosticArchive(folder, path, gzip, file, options);
  }

  /**
   * Adds a file.
   * @param name below `diagnostics/`, made of harmless segments (see safeName)
   * @param produce writes the content; what it has written is kept even where it throws
   * @param isReserved whether there is room for it even where the archive is full
   * The outcome is what became of that, or rejected with UnreadableContent. Throws Node's own errors where it cannot be written.
   */
  async add<T>(name: string, produce: (write: Write) => Promise<T>, isReserved = false): Promise<ArchivedFile & { readonly outcome: PromiseSettledResult<T> }> {
    const { limits = SIZE_LIMITS, secrets = [] } = this.options;
    const staging = join(this.folder, 'work', 'file');
    const room = isReserved ? limits.file : Math.min(limits.file, limits.total - this.used);
    const staged = new StagedFile(await open(staging, 'wx', 0o600), room, new Redactor(secrets));
    const [produced] = await Promise.allSettled([produce((piece) => staged.write(piece))]);
    const [flushed] = await Promise.allSettled([staged.flush()]);
    const outcome = produced.status === 'fulfilled' && flushed.status === 'rejected' ? flushed : produced;
    const { unpacked, bytes, truncated } = await staged.close();
    this.used += bytes;
    const isLeftOut = bytes === 0 && outcome.status === 'rejected' && outcome.reason instanceof UnreadableContent;
    const file = isLeftOut ? null : unpacked ? `${name}.unpacked` : name;
    if (file !== null) await this.append(TOP + file, bytes, staging);
    await rm(staging);
    return { file, bytes, truncated, outcome };
  }

  private async append(name: string, size: number, content: string): Promise<void> {
    const { now = new Date() } = this.options;
    for (const folder of foldersOf(name)) {
      if (this.folders.has(folder)) continue;
      this.folders.add(folder);
      await this.put(tarHeader({ name: folder, size: 0, mode: 0o700, modified: now }));
    }
    await this.put(tarHeader({ name, size, mode: 0o600, modified: now }));
    // A write that failed in the middle may have left more than was counted.
    if (size > 0) for await (const piece of createReadStream(content, { end: size - 1 })) await this.put(piece as Buffer);
    await this.put(tarPadding(size));
  }

  private async put(piece: Buffer): Promise<void> {
    if (!this.gzip.write(piece)) await Promise.race([once(this.gzip, 'drain'), this.broken]);
  }

  /** Closes the archive and removes all else. Throws Node's own errors. */
  async finish(): Promise<void> {
    this.gzip.end(tarEnd());
    await Promise.race([once(this.file, 'close'), this.broken]);
    await rm(join(this.folder, 'work'), { recursive: true });
  }

  /** Removes everything. */
  async discard(): Promise<void> {
    this.gzip.destroy();
    this.file.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export interface ArchiveOptions {
  readonly secrets?: readonly string[];
  readonly limits?: SizeLimits;
  readonly now?: Date;
}

/** A file that is being put together. */
class StagedFile {
  private bytes = 0;
  private truncated = false;
  private closed = false;
  private readonly content = new ReadableContent((piece) => this.store(this.redactor.push(piece)));

  constructor(
    private readonly handle: Awaited<ReturnType<typeof open>>,
    private readonly most: number,
    private readonly redactor: Redactor,
  ) {}

  write(piece: Buffer): Promise<boolean> {
    return this.content.write(piece);
  }

  /** Stores what is left after the last line break. */
  async flush(): Promise<void> {
    try {
      await this.content.end();
    } finally {
      await this.store(this.redactor.end());
    }
  }

  async close(): Promise<Omit<ArchivedFile, 'file'> & { readonly unpacked: boolean }> {
    this.closed = true;
    await this.handle.close();
    return { bytes: this.bytes, truncated: this.truncated, unpacked: this.content.unpacks };
  }

  /** A step that was given up may go on writing: nothing is taken of that. */
  private async store(text: Buffer): Promise<boolean> {
    if (this.closed) return false;
    const room = this.most - this.bytes;
    if (text.length > room) this.truncated = true;
    const kept = text.subarray(0, Math.max(0, room));
    await this.handle.appendFile(kept);
    this.bytes += kept.length;
    return !this.truncated;
  }
}

/** `diagnostics/`, `diagnostics/logs/` ... of a file. */
function foldersOf(name: string): string[] {
  const segments = name.split('/').slice(0, -1);
  return segments.map((_, index) => `${segments.slice(0, index + 1).join('/')}/`);
}

/** Segments of a path may have 255 bytes. */
const LONGEST_SEGMENT = 200;

/** A name as one segment of a path that no tool misunderstands: what is not a letter, digit, ".", "_", "@" or "-" becomes %XX. */
export function safeName(text: string): string {
  const encoded = [...Buffer.from(text)].map((byte) => (/[A-Za-z0-9._@-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)).join('');
  const shown = /^\.*$/.test(encoded) ? encoded.replaceAll('.', '%2E') : encoded;
  return shown.length <= LONGEST_SEGMENT ? shown : `${shown.slice(0, LONGEST_SEGMENT)}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

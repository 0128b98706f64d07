import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';

/** A file that is to be there. */
export interface WantedFile {
  readonly path: string;
  /** Its permissions. */
  readonly mode: number;
  /** What is in it: bytes, or all of another file. */
  readonly content: Buffer | { readonly copyOf: string };
}

/** What stands at a path: the digest and the permissions of a file; or something that is no file, such as a link. */
export type Found = { readonly kind: 'none' | 'folder' | 'other' } | { readonly kind: 'file'; readonly digest: string; readonly mode: number };

/** What stands at a path. Rejects with Node's own errors. */
export async function look(path: string): Promise<Found> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  });
  if (stats === undefined) return { kind: 'none' };
  if (!stats.isFile()) return { kind: stats.isDirectory() ? 'folder' : 'other' };
  return { kind: 'file', digest: await digestOfFile(path), mode: stats.mode & 0o7777 };
}

/** The digest of what a file is to hold. */
export function digestOf({ content }: WantedFile): Promise<string> {
  return Buffer.isBuffer(content) ? Promise.resolve(createHash('sha256').update(content).digest('hex')) : digestOfFile(content.copyOf);
}

/** An executable has a hundred megabytes: it is not read at once. */
async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) hash.update(piece);
  return hash.digest('hex');
}

import { createHash } from 'node:crypto';
import type { Entry } from '../store.js';
import { UnusableFile } from './damage.js';
import type { EntryFile } from './entry-file.js';
import { FORMAT, parseEnd, parseEntry, parseHeader, type BackupEnd, type BackupHeader } from './lines.js';
import type { Source } from './source.js';

const NEWLINE = 10;
/** What the first line, and the last, have at most, in bytes. */
const LONGEST_FRAME = 64 * 1024;
/** Between two keys whose places are remembered, in bytes. */
const STRIDE = 64 * 1024;

/** How the first line begins. */
const BEGINNING = Buffer.from('{"calicoctlBackup":');

const COPY_AGAIN = 'take another copy of the file';

/** Where the lines of the keys from one on begin. */
interface Mark {
  readonly key: Buffer;
  readonly at: number;
}

/** Where the lines of keys begin and end. */
interface Body {
  readonly from: number;
  readonly to: number;
}

/** What was found of a backup that may be damaged. */
export interface Examined {
  readonly header: BackupHeader;
  readonly end?: BackupEnd;
  readonly body: Body;
  readonly marks: readonly Mark[];
  /** What is wrong with it. */
  readonly problem?: UnusableFile;
}

/** A backup that is whole, with the places of some of its keys. */
export class BackupFile implements EntryFile {
  readonly name: string;
  readonly revision: string;

  private constructor(
    private readonly source: Source,
    readonly header: BackupHeader,
    readonly end: BackupEnd,
    private readonly body: Body,
    private readonly marks: readonly Mark[],
  ) {
    this.name = source.name;
    this.revision = header.revision;
  }

  /** Opens a backup, and reads all of it to see that it is whole. Undefined where the file is none; throws UnusableFile where it is one that is damaged or newer. */
  static async open(source: Source): Promise<BackupFile | undefined> {
    const found = await BackupFile.examine(source);
    if (found === undefined) return undefined;
    const { header, end, body, marks, problem } = found;
    if (problem !== undefined || end === undefined) throw problem ?? new Error('a backup without an end that has no problem');
    return new BackupFile(source, header, end, body, marks);
  }

  /** The same for one that may be damaged. Throws UnusableFile where not even the first line can be read, or the form is newer. */
  static async examine(source: Source): Promise<Examined | undefined> {
    const first = await source.read(0, LONGEST_FRAME);
    const from = first.indexOf(NEWLINE) + 1;
    const header = parseHeader(first.subarray(0, from).toString());
    if (header === undefined && first.subarray(0, BEGINNING.length).equals(BEGINNING)) throw new UnusableFile(source.name, 'is cut off in the middle of its first line', COPY_AGAIN);
    if (header === undefined) return undefined;
    refuseNewer(source.name, header);
    const last = await readEnd(source, from);
    if (last.end === undefined) return { header, body: { from, to: last.at }, marks: [], problem: new UnusableFile(source.name, 'is cut off: the last line of a backup, with its checksum, is missing', COPY_AGAIN) };
    const body = { from, to: last.at };
    return { header, end: last.end, body, ...(await verify(source, first.subarray(0, from), body, last.end)) };
  }

  async *between(from: Buffer, to: Buffer | undefined): AsyncGenerator<Iterable<Entry>> {
    const start = this.marks.findLast(({ key }) => key.compare(from) <= 0)?.at ?? this.body.from;
    const stop = to === undefined ? this.body.to : (this.marks.find(({ key, at }) => at > start && key.compare(to) >= 0)?.at ?? this.body.to);
    for await (const { bytes } of this.source.lines(start, stop)) yield { [Symbol.iterator]: () => entriesIn(bytes, this.name) };
  }

  close(): void {
    this.source.close();
  }
}

function refuseNewer(name: string, { calicoctlBackup, madeBy }: BackupHeader): void {
  if (calicoctlBackup === FORMAT) return;
  throw new UnusableFile(name, `is a backup in form ${calicoctlBackup}${typeof madeBy === 'string' ? `, made by ${madeBy}` : ''}; this calicoctl reads form ${FORMAT}`, 'use the calicoctl that made it, or a newer one');
}

/** The last line and where it begins; without one, where the last whole line ends. */
async function readEnd(source: Source, headerEnd: number): Promise<{ readonly end?: BackupEnd; readonly at: number }> {
  const start = Math.max(headerEnd, source.size - LONGEST_FRAME);
  const tail = await source.read(start, LONGEST_FRAME);
  const at = tail.lastIndexOf(NEWLINE, tail.length - 2) + 1;
  const end = tail.at(-1) === NEWLINE ? parseEnd(tail.subarray(at).toString()) : undefined;
  if (end !== undefined) return { end, at: start + at };
  return { at: await wholeLinesEnd(source, headerEnd) };
}

/** Where the last line ends that has an end; a line may be longer than what was read of the file's end. */
async function wholeLinesEnd(source: Source, from: number): Promise<number> {
  for (let length = LONGEST_FRAME; ; length *= 4) {
    const start = Math.max(from, source.size - length);
    const end = (await source.read(start, length)).lastIndexOf(NEWLINE) + 1;
    if (end > 0 || start === from) return start + end;
  }
}

/** Reads everything before the last line, compares it with what that says, and remembers where some of the keys are. */
async function verify(source: Source, header: Buffer, body: Body, end: BackupEnd): Promise<Pick<Examined, 'marks' | 'problem'>> {
  const digest = createHash('sha256').update(header);
  const marks: Mark[] = [];
  let keys = 0;
  for await (const { bytes, at } of source.lines(body.from, body.to)) {
    digest.update(bytes);
    for (let start = 0, mark = 0; start < bytes.length; keys++) {
      const next = bytes.indexOf(NEWLINE, start) + 1;
      if (start >= mark) {
        marks.push({ key: keyIn(bytes.subarray(start, next)), at: at + start });
        mark = start + STRIDE;
      }
      start = next;
    }
  }
  const problem = digest.digest('hex') !== end.sha256 ? 'its checksum is wrong' : keys !== end.keys ? `it has ${keys} keys instead of ${end.keys}` : undefined;
  return { marks, ...(problem !== undefined && { problem: new UnusableFile(source.name, `was changed after it was made: ${problem}`, COPY_AGAIN) }) };
}

/** The key of a line; nothing where it has none, which is told once it is read. */
function keyIn(line: Buffer): Buffer {
  const entry = parseEntry(line.toString());
  return entry?.bytes?.key ?? Buffer.from(entry?.key ?? '');
}

function* entriesIn(bytes: Buffer, name: string): Generator<Entry> {
  for (let start = 0; start < bytes.length; ) {
    const next = bytes.indexOf(NEWLINE, start);
    const entry = parseEntry(bytes.toString('utf8', start, next));
    if (entry === undefined) throw new UnusableFile(name, 'has a line that is no key of a backup');
    yield entry;
    start = next + 1;
  }
}

import { once } from 'node:events';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import type { Write } from './archive.js';

/** Content in which no secret can be looked for; the message says what it is, or that it is damaged. */
export class UnreadableContent extends Error {}

/** Bytes from which a format can be told: a tar archive says what it is after 257 of them. */
const ENOUGH = 512;
/** Control characters per byte at the start of what is not text. */
const BINARY_SHARE = 0.1;

/** How what is left out begins, in hexadecimal digits. */
const LEFT_OUT: readonly (readonly [start: RegExp, name: string])[] = [
  [/^425a683.314159265359/, 'packed with bzip2'],
  [/^fd377a585a00/, 'packed with xz'],
  [/^28b52ffd|^5.2a4d18/, 'packed with zstd'],
  [/^04224d18|^02214c18/, 'packed with lz4'],
  [/^504b0304|^504b0506/, 'packed with zip'],
  [/^5d0000/, 'packed with lzma'],
  [/^4c5a4950/, 'packed with lzip'],
  [/^894c5a4f/, 'packed with lzop'],
  [/^377abcaf271c/, 'packed with 7z'],
  [/^526172211a07/, 'packed with rar'],
  [/^1f(?:9d|a0|1e)/, 'packed with compress'],
  [/^ff060000734e61507059/, 'packed with snappy'],
  [/^.{514}7573746172/, 'a tar archive'],
  [/^4c504b5348485248/, 'a journal of systemd'],
  [/^7f454c46/, 'a program or a core dump'],
  [/^fffe0000|^0000feff|^(?:(?!00)..000000){2}|^(?:000000(?!00)..){2}/, 'UTF-32'],
];
/** UTF-16 by its byte order mark, or by the zeros beside characters of ASCII. */
const WIDE: readonly (readonly [start: RegExp, encoding: string])[] = [
  [/^fffe|^(?:(?!00)..00){4}/, 'utf-16le'],
  [/^feff|^(?:00(?!00)..){4}/, 'utf-16be'],
];

/** Takes content in pieces. */
interface Stage {
  /** Hands on a piece; false once no more is wanted. Throws UnreadableContent. */
  write(piece: Buffer): Promise<boolean>;
  /** Hands on what is left. Throws UnreadableContent. */
  end(): Promise<void>;
}

/**
 * Hands content on as text in which secrets can be looked for: what gzip packed is unpacked, UTF-16 becomes UTF-8, and
 * zero bytes, behind which a text would not be found, go. Anything that is not text is refused with UnreadableContent.
 */
export class ReadableContent implements Stage {
  private start = Buffer.alloc(0);
  private stage: Stage | undefined;

  /** @param isUnpacked whether gzip has been undone already */
  constructor(
    private readonly take: Write,
    private readonly isUnpacked = false,
  ) {}

  async write(piece: Buffer): Promise<boolean> {
    if (this.stage !== undefined) return this.stage.write(piece);
    this.start = Buffer.concat([this.start, piece]);
    return this.start.length < ENOUGH || this.begin(this.start);
  }

  async end(): Promise<void> {
    if (this.stage === undefined) await this.begin(this.start);
    await this.stage?.end();
  }

  /** Whether it was packed with gzip. */
  get unpacks(): boolean {
    return this.stage instanceof Unpacker;
  }

  private begin(start: Buffer): Promise<boolean> {
    const digits = start.toString('hex', 0, ENOUGH);
    const isPacked = digits.startsWith('1f8b');
    const refused = isPacked && this.isUnpacked ? 'packed twice' : LEFT_OUT.find(([pattern]) => pattern.test(digits))?.[1];
    if (refused !== undefined) throw leftOut(refused);
    const encoding = WIDE.find(([pattern]) => pattern.test(digits))?.[1];
    if (!isPacked && encoding === undefined && isBinary(start)) throw leftOut('no text');
    this.stage = isPacked ? new Unpacker(new ReadableContent(this.take, true)) : new Text(this.take, encoding);
    return this.stage.write(start);
  }
}

function leftOut(what: string): UnreadableContent {
  return new UnreadableContent(`it is ${what} and was left out, since secrets in it cannot be found`);
}

function isBinary(start: Buffer): boolean {
  const strange = start.subarray(0, ENOUGH).filter((byte) => byte < 32 && ![0, 9, 10, 12, 13, 27].includes(byte)).length;
  return strange > start.length * BINARY_SHARE;
}

class Text implements Stage {
  private readonly decoder: TextDecoder | undefined;

  constructor(
    private readonly take: Write,
    encoding: string | undefined,
  ) {
    if (encoding !== undefined) this.decoder = new TextDecoder(encoding);
  }

  async write(piece: Buffer): Promise<boolean> {
    const text = this.decoder === undefined ? piece : Buffer.from(this.decoder.decode(piece, { stream: true }));
    return this.take(text.includes(0) ? Buffer.from(text.filter((byte) => byte !== 0)) : text);
  }

  async end(): Promise<void> {
    if (this.decoder !== undefined) await this.take(Buffer.from(this.decoder.decode()));
  }
}

class Unpacker implements Stage {
  private readonly gunzip = createGunzip();
  private readonly copied: Promise<void>;
  private wantsMore = true;

  constructor(private readonly to: Stage) {
    this.copied = this.copy();
    // Whoever writes first must not leave this rejection unhandled.
    this.copied.catch(() => undefined);
  }

  async write(piece: Buffer): Promise<boolean> {
    if (this.wantsMore && !this.gunzip.write(piece)) await Promise.race([once(this.gunzip, 'drain'), this.copied]);
    return this.wantsMore;
  }

  async end(): Promise<void> {
    this.gunzip.end();
    await this.copied;
  }

  private async copy(): Promise<void> {
    try {
      for await (const piece of this.gunzip) {
        this.wantsMore = await this.to.write(piece as Buffer);
        if (!this.wantsMore) break;
      }
    } catch (error) {
      this.wantsMore = false;
      if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
      await this.to.end();
      throw new UnreadableContent('what gzip packed in it is damaged');
    }
    await this.to.end();
  }
}

/** Writes the protobuf wire format from the last byte to the first: a nested message is finished, and its length known, before its header is written. */
export class BackwardWriter {
  #buffer: Buffer;
  #start: number;

  constructor(capacity = 1024) {
    this.#buffer = Buffer.allocUnsafe(capacity);
    this.#start = capacity;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#buffer.length - this.#start;
  }

  /** A non-negative integer up to 2^53 as a varint. */
  varint(value: number): void {
    let bytes = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++;
    const buffer = this.#reserve(bytes);
    let at = this.#start;
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) buffer[at++] = (rest % 128) | 128;
    buffer[at] = rest;
  }

  /** A 64-bit integer given as number or decimal text; negative ones take ten bytes, as two's complement. */
  varint64(value: unknown): void {
    const number = Number(value);
    if (Number.isSafeInteger(number) && number >= 0) return this.varint(number);
    let rest = BigInt.asUintN(64, BigInt(String(value)));
    const bytes: number[] = [];
    for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest));
    this.bytes(Uint8Array.from(bytes));
  }

  /** Bytes as they are, without their length. */
  bytes(value: Uint8Array): void {
    this.#reserve(value.length).set(value, this.#start);
  }

  /** Text as UTF-8, without its length. */
  text(value: string): void {
    const buffer = this.#reserve(Buffer.byteLength(value));
    buffer.write(value, this.#start);
  }

  /** What was written, from its first byte to its last. */
  finish(): Buffer {
    return this.#buffer.subarray(this.#start);
  }

  #reserve(bytes: number): Buffer {
    if (bytes > this.#start) {
      const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.length + bytes));
      this.#buffer.copy(grown, grown.length - this.length, this.#start);
      this.#start = grown.length - this.length;
      this.#buffer = grown;
    }
    this.#start -= bytes;
    return this.#buffer;
  }
}

/** Reads the protobuf wire format. Every method throws RangeError at the end of the data. */
export class Reader {
  #at = 0;
  /** Where the message ends that is being read. */
  #end: number;

  constructor(private readonly buffer: Buffer) {
    this.#end = buffer.length;
  }

  /** Whether the message is read to its end. */
  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** Where in the bytes it is. */
  get place(): number {
    return this.#at;
  }

  /** Goes to a place in a message that was read before. */
  at(place: number): this {
    this.#at = place;
    this.#end = this.buffer.length;
    return this;
  }

  /** The low 32 bits of a varint, unsigned: fields of 32 bits, tags, lengths. */
  uint32(): number {
    let value = 0;
    let factor = 1;
    for (let byte = 0; byte < 10; byte++) {
      const next = this.#next();
      if (byte < 5) value += (next & 127) * factor;
      if (next < 128) return value >>> 0;
      factor *= 128;
    }
    throw new RangeError('a varint is longer than ten bytes');
  }

  /** A 64-bit integer as decimal text. */
  int64(signed: boolean): string {
    let value = 0;
    let factor = 1;
    for (let byte = 0; byte < 7; byte++) {
      const next = this.#next();
      value += (next & 127) * factor;
      if (next < 128) return String(value);
      factor *= 128;
    }
    let big = BigInt(value);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const next = this.#next();
      big += BigInt(next & 127) << shift;
      if (next < 128) return String(signed ? BigInt.asIntN(64, big) : BigInt.asUintN(64, big));
    }
    throw new RangeError('a varint is longer than ten bytes');
  }

  /** A length and that many bytes; they share memory with what is read. */
  bytes(): Buffer {
    const length = this.#length();
    return this.buffer.subarray(this.#at - length, this.#at);
  }

  /** Reads a length, and from now on only that many bytes, until `leave` is told what is returned. A reader for each would be one more object per key. */
  enter(): number {
    const outer = this.#end;
    const length = this.#length();
    this.#end = this.#at;
    this.#at -= length;
    return outer;
  }

  leave(outer: number): void {
    this.#end = outer;
  }

  /** Passes over a tag, if it is the next one. */
  passes(tag: number): boolean {
    if (this.done) return false;
    const before = this.#at;
    if (this.uint32() === tag) return true;
    this.#at = before;
    return false;
  }

  /** Passes over a field of an unknown number. */
  skip(wireType: number): void {
    const fixed = wireType === 1 ? 8 : wireType === 5 ? 4 : undefined;
    if (wireType === 0) this.#skipVarint();
    else if (wireType === 2) this.#length();
    else if (fixed !== undefined && fixed <= this.#end - this.#at) this.#at += fixed;
    else throw new RangeError(`a field of wire type ${wireType} cannot be read`);
  }

  #skipVarint(): void {
    for (let byte = 0; byte < 10; byte++) if (this.#next() < 128) return;
    throw new RangeError('a varint is longer than ten bytes');
  }

  /** Passes over a length and that many bytes, and says how many they are. */
  #length(): number {
    const length = this.uint32();
    if (length > this.#end - this.#at) throw new RangeError('the message ends in the middle of a field');
    this.#at += length;
    return length;
  }

  #next(): number {
    if (this.#at >= this.#end) throw new RangeError('the message ends in the middle of a field');
    return this.buffer[this.#at++] as number;
  }
}

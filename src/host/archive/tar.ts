/** The size of a record of a tar archive, in bytes. */
const RECORD = 512;
const LONGEST_NAME = 100;
/** What eleven octal digits can say. */
const LARGEST_SIZE = 0o77777777777;

/** What an entry of an archive is. */
export interface TarEntry {
  /** With "/" between folders; a folder's ends with one. */
  readonly name: string;
  /** Bytes of content; 0 for a folder. */
  readonly size: number;
  readonly mode: number;
  readonly modified: Date;
}

/**
 * The header of a regular file or folder: POSIX ustar, with a pax header before it where the name or the size does
 * not fit. The content follows, then `tarPadding`.
 */
export function tarHeader(entry: TarEntry): Buffer {
  const name = Buffer.from(entry.name);
  const isPlain = name.length <= LONGEST_NAME && /^[\x20-\x7e]*$/.test(entry.name) && entry.size <= LARGEST_SIZE;
  const header = ustar(isPlain ? name : Buffer.from('diagnostics/long-name'), entry, entry.name.endsWith('/') ? '5' : '0');
  if (isPlain) return header;
  const records = Buffer.concat([paxRecord('path', entry.name), paxRecord('size', String(entry.size))]);
  return Buffer.concat([ustar(Buffer.from('pax-header'), { ...entry, size: records.length }, 'x'), records, tarPadding(records.length), header]);
}

/** The zeros after content of so many bytes. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((RECORD - (size % RECORD)) % RECORD);
}

/** What closes an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * RECORD);
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length !== length) length = bytes + String(length).length;
  return Buffer.from(`${length}${rest}`);
}

function ustar(name: Buffer, { size, mode, modified }: TarEntry, type: string): Buffer {
  const header = Buffer.alloc(RECORD);
  const octal = (value: number, at: number, length: number): void => void header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  name.copy(header, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(Math.min(size, LARGEST_SIZE), 124, 12);
  octal(Math.max(0, Math.floor(modified.getTime() / 1000)), 136, 12);
  header.fill(' ', 148, 156);
  header.write(type, 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write('root', 265, 'latin1');
  header.write('root', 297, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

import { isUtf8 } from 'node:buffer';
import type { Diagnostic } from '../base/errors.js';
import { SourceText } from './source.js';

const REPLACEMENT = '\uFFFD';

/** Turns a file's bytes into text without its byte order mark, or says where they stop being UTF-8. */
export function decode(name: string, bytes: Buffer): SourceText | Diagnostic {
  const wide = wideEncoding(bytes);
  if (wide) return encodingProblem(name, { line: 1, column: 1 }, `the file is ${wide}, not UTF-8`);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (isUtf8(bytes)) return new SourceText(name, text);
  const offset = firstReplaced(bytes, text);
  const { line, column } = new SourceText(name, text).position(offset.character);
  return encodingProblem(name, { line, column }, `the file is not UTF-8: byte ${offset.byte} (0x${bytes.toString('hex', offset.byte, offset.byte + 1)}) is invalid`);
}

function encodingProblem(file: string, place: { line: number; column: number }, message: string): Diagnostic {
  return { code: 'encoding', severity: 'error', file, ...place, message, hint: 'save the file as UTF-8' };
}

/** UTF-16 or UTF-32, by its byte order mark or by the zeros beside the first two characters, which are of ASCII in every manifest. */
function wideEncoding(bytes: Buffer): string | undefined {
  const start = bytes.toString('hex', 0, 8);
  for (const [pattern, name] of WIDE) if (pattern.test(start)) return name;
  return undefined;
}

const WIDE: readonly (readonly [start: RegExp, name: string])[] = [
  [/^fffe0000|^(?:(?!00)..000000){1,2}$/, 'UTF-32 (little endian)'],
  [/^0000feff|^(?:000000(?!00)..){1,2}$/, 'UTF-32 (big endian)'],
  [/^fffe|^(?:(?!00)..00){2,4}$/, 'UTF-16 (little endian)'],
  [/^feff|^(?:00(?!00)..){2,4}$/, 'UTF-16 (big endian)'],
];

/** The first U+FFFD that decoding put in: one that the file holds itself is three bytes long there. Offsets count from 0. */
function firstReplaced(bytes: Buffer, text: string): { byte: number; character: number } {
  const mark = bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0;
  let byte = mark;
  let character = 0;
  for (;;) {
    const next = text.indexOf(REPLACEMENT, character);
    byte += Buffer.byteLength(text.slice(character, next));
    if (bytes.toString('hex', byte, byte + 3) !== 'efbfbd') return { byte, character: next };
    byte += 3;
    character = next + 1;
  }
}

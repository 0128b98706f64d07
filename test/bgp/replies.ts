import { readFileSync } from 'node:fs';
import { ReplyReader, type Reply } from '../../src/bgp/reply.js';

/** What a real BIRD sent (test/cases/bird): its greeting, then one reply. */
export function recorded(name: string): string {
  return readFileSync(new URL(`../cases/bird/${name}.txt`, import.meta.url), 'utf8');
}

/** The replies in a text, the greeting first. */
export function repliesIn(text: string): Reply[] {
  return new ReplyReader().push(text);
}

/** A reply to `show protocols` with these rows, in the form of BIRD 1.6. */
export function protocolsReply(...rows: string[]): Reply {
  const text = ['2002-name     proto    table    state  since       info', ...rows.map((row, index) => (index === 0 ? `1002-${row}` : ` ${row}`)), '0000 ', ''].join('\n');
  return repliesIn(text)[0] as Reply;
}

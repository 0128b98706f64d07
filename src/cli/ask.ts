const LINE_END = 10;

/** Reads one line of what somebody types, without its end; undefined where nothing is typed any more (Ctrl-D). */
export async function readLine(input: AsyncIterable<Buffer>): Promise<string | undefined> {
  const read: Buffer[] = [];
  for await (const chunk of input) {
    const end = chunk.indexOf(LINE_END);
    read.push(end < 0 ? chunk : chunk.subarray(0, end));
    if (end >= 0) return Buffer.concat(read).toString();
  }
  return read.length === 0 ? undefined : Buffer.concat(read).toString();
}

/** Whether an answer is yes: y or yes, in any letter case. Anything else, and none, is no. */
export function isYes(answer: string | undefined): boolean {
  return /^\s*y(es)?\s*$/i.test(answer ?? '');
}

const DOT = 46;
const WORD = 0xffff_ffffn;

/** Four octets without leading zeros, from `from` to the end of the text. */
export function parseDotted(text: string, from: number): number | undefined {
  let value = 0;
  let octets = 0;
  let octet = -1;
  for (let at = from; at <= text.length; at++) {
    const code = at === text.length ? DOT : text.charCodeAt(at);
    if (code === DOT) {
      if (octet < 0 || ++octets > 4) return undefined;
      value = value * 256 + octet;
      octet = -1;
      continue;
    }
    const digit = code - 48;
    if (digit < 0 || digit > 9 || octet === 0) return undefined;
    octet = octet < 0 ? digit : octet * 10 + digit;
    if (octet > 255) return undefined;
  }
  return octets === 4 ? value : undefined;
}

/** An IPv6 address in groups, with `::` and a dotted tail where the rules allow them. */
export function parseGroups(text: string): bigint | undefined {
  const gap = text.indexOf('::');
  if (gap < 0) {
    const groups = groupList(text, 8);
    return groups?.length === 8 ? join(groups) : undefined;
  }
  const head = groupList(text.slice(0, gap), 7, false);
  const tail = groupList(text.slice(gap + 2), 7);
  if (head === undefined || tail === undefined || head.length + tail.length > 7) return undefined;
  const zeros = new Array<number>(8 - head.length - tail.length).fill(0);
  return join([...head, ...zeros, ...tail]);
}

/** Groups between single colons; the last two may be written as a dotted IPv4 address where `dotted` allows. */
function groupList(text: string, most: number, dotted = true): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  for (let from = 0; from <= text.length; ) {
    const colon = text.indexOf(':', from);
    const end = colon < 0 ? text.length : colon;
    const group = hexadecimal(text, from, end);
    if (group !== undefined) groups.push(group);
    else {
      const tail = dotted && colon < 0 ? parseDotted(text, from) : undefined;
      if (tail === undefined) return undefined;
      groups.push(tail >>> 16, tail & 0xffff);
    }
    if (groups.length > most) return undefined;
    from = end + 1;
  }
  return groups;
}

function hexadecimal(text: string, from: number, end: number): number | undefined {
  if (end === from || end - from > 4) return undefined;
  let value = 0;
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    const lower = code | 32;
    const digit = code >= 48 && code <= 57 ? code - 48 : lower >= 97 && lower <= 102 ? lower - 87 : -1;
    if (digit < 0) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

function join(groups: readonly number[]): bigint {
  let hex = '0x';
  for (const group of groups) hex += group.toString(16).padStart(4, '0');
  return BigInt(hex);
}

function groupsOf(value: bigint): number[] {
  const groups: number[] = [];
  for (let shift = 96n; shift >= 0n; shift -= 32n) {
    const word = Number((value >> shift) & WORD);
    groups.push(word >>> 16, word & 0xffff);
  }
  return groups;
}

/** RFC 5952: the first longest run of two or more zero groups is shortened. */
export function formatGroups(value: bigint): string {
  const groups = groupsOf(value);
  let gap = 0;
  let gapEnd = 0;
  for (let from = 0; from < 8; from++) {
    let end = from;
    while (end < 8 && groups[end] === 0) end++;
    if (end - from >= 2 && end - from > gapEnd - gap) [gap, gapEnd] = [from, end];
    from = Math.max(from, end);
  }
  const text = (from: number, end: number): string => groups.slice(from, end).map((group) => group.toString(16)).join(':');
  return gapEnd === 0 ? text(0, 8) : `${text(0, gap)}::${text(gapEnd, 8)}`;
}

/** Orders for objects of one shape, by the shape's keys: listings repeat a handful of shapes. */
const orders = new Map<string, readonly string[]>();
const MAX_SHAPES = 2000;

/**
 * The keys of an object in the order of Go's YAML: other characters before letters, letters by code point, runs of
 * digits as numbers (k2 before k10) (reference/classic 5.2).
 */
export function yamlKeys(value: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = Object.keys(value);
  if (keys.length < 2) return keys;
  const shape = keys.join('\0');
  const known = orders.get(shape);
  if (known !== undefined) return known;
  keys.sort(compareYamlKeys);
  if (orders.size >= MAX_SHAPES) orders.clear();
  orders.set(shape, keys);
  return keys;
}

/** Compares two keys as Go's YAML orders them; the result is as for Array.prototype.sort. */
export function compareYamlKeys(left: string, right: string): number {
  const a = Array.from(left);
  const b = Array.from(right);
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index += 1) {
    if (a[index] !== b[index]) return compareFrom(a, b, index);
  }
  return a.length - b.length;
}

/** Compares two keys that first differ at `index`. */
function compareFrom(a: readonly string[], b: readonly string[], index: number): number {
  const aCharacter = a[index] as string;
  const bCharacter = b[index] as string;
  const byCodePoint = (aCharacter.codePointAt(0) as number) - (bCharacter.codePointAt(0) as number);
  const aIsLetter = isLetter(aCharacter);
  const bIsLetter = isLetter(bCharacter);
  if (aIsLetter && bIsLetter) return byCodePoint;
  if (aIsLetter || bIsLetter) return bIsLetter ? -1 : 1;
  const lead = (aCharacter === '0' || bCharacter === '0') && insideNumber(a, index) ? '1' : '';
  const aDigits = digitsFrom(a, index);
  const bDigits = digitsFrom(b, index);
  const byNumber = BigInt(lead + aDigits || '0') - BigInt(lead + bDigits || '0');
  if (byNumber !== 0n) return byNumber < 0n ? -1 : 1;
  return aDigits.length - bDigits.length || byCodePoint;
}

/** Whether the digits before `index` make a number other than zero, so that a zero here is one of its digits. */
function insideNumber(characters: readonly string[], index: number): boolean {
  for (let before = index - 1; before >= 0 && isDigit(characters[before] as string); before -= 1) {
    if (characters[before] !== '0') return true;
  }
  return false;
}

function digitsFrom(characters: readonly string[], index: number): string {
  let end = index;
  while (end < characters.length && isDigit(characters[end] as string)) end += 1;
  return characters.slice(index, end).join('');
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function isLetter(character: string): boolean {
  return character < '\x80' ? /[A-Za-z]/.test(character) : /\p{L}/u.test(character);
}

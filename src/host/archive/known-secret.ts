/** Shorter secrets stand in ordinary words. */
const SHORTEST_SECRET = 4;

/**
 * What finds texts that are known to be secret, in lines of bytes (latin1), in whatever form they stand there: as they
 * are, percent-encoded in part or whole, once or twice, as a form or in JSON, and in base64. Undefined for no secrets.
 */
export function knownSecrets(secrets: readonly string[]): RegExp | undefined {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= SHORTEST_SECRET).sort((one, other) => other.length - one.length);
  const forms = known.flatMap((secret) => [[...secret].map(formsOf).join(''), base64Of(secret)]);
  return forms.length === 0 ? undefined : new RegExp(forms.join('|'), 'g');
}

/** A character in each of its forms. */
function formsOf(character: string): string {
  const bytes = [...Buffer.from(character)];
  const hex = (byte: number): string => byte.toString(16).padStart(2, '0').replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const encoded = bytes.map((byte) => `%(?:25){0,2}${hex(byte)}`).join('');
  const units = [...Array(character.length).keys()].map((at) => `\\\\{1,4}u${[character.charCodeAt(at) >> 8, character.charCodeAt(at) & 255].map(hex).join('')}`).join('');
  const plain = bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  const escaped = /["'\\/]/.test(character) ? `\\\\{0,7}${plain}` : plain;
  return `(?:${[escaped, encoded, units, ...(character === ' ' ? ['\\+'] : [])].join('|')})`;
}

function base64Of(secret: string): string {
  const text = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return `${[...text].map((character) => (character === '+' ? '(?:[+-]|%2[bB])' : character === '/' ? '(?:[/_]|%2[fF])' : character)).join('')}=*`;
}

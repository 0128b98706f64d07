/**
 * What a JSON Schema can say of texts, as the source of regular expressions that read alike in every engine: no flags, no
 * named groups. Each takes what the function beside it takes; a few take a little more, and a test says which.
 */
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const DOTTED = `${OCTET}(?:\\.${OCTET}){3}`;

const GROUP = '[0-9A-Fa-f]{1,4}';
const GROUPS = `(?:${GROUP}(?::${GROUP})*)?`;

/** Refuses so many groups, wherever the gap is. */
function fewerThan(groups: number): string {
  return `(?!(?::{0,2}${GROUP}(?![0-9A-Fa-f])){${groups}})`;
}

const COLONS = [
  `(?:${GROUP}:){7}${GROUP}`,
  `${fewerThan(8)}${GROUPS}::${GROUPS}`,
  `(?:${GROUP}:){6}${DOTTED}`,
  `${fewerThan(7)}${GROUPS}::(?:${GROUP}:)*${DOTTED}`,
].join('|');

/** An IPv4 address in the form of IPv6. */
const MAPPED = `(?=.*:[Ff]{4}:)(?:${COLONS})`;

/** An address (`parseIp`), of any family or of one. */
export const IPV4 = `(?:${DOTTED}|${MAPPED})`;
export const IPV6 = `(?:${COLONS})`;
export const IP = `(?:${DOTTED}|${COLONS})`;

const LENGTH_4 = '/0*(?:[0-9]|[12][0-9]|3[0-2])';
const LENGTH_6 = '/0*(?:[0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])';

/** A network with its prefix length (`parseCidr`). */
export const CIDR = `(?:${DOTTED}${LENGTH_4}|(?:${COLONS})${LENGTH_6})`;
/** The same of one family. Of an IPv4-mapped network the length says which. */
export const CIDR_OF = { 4: `(?:${DOTTED}${LENGTH_4}|${MAPPED}/0*(?:9[6-9]|1[01][0-9]|12[0-8]))`, 6: `(?:${COLONS})${LENGTH_6}` } as const;
/** A network or an address (`parseCidrOrIp`). */
export const CIDR_OR_IP = `(?:${DOTTED}(?:${LENGTH_4})?|(?:${COLONS})(?:${LENGTH_6})?)`;

/** A MAC address of 6, 8 or 20 octets. */
export const MAC = '(?:[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\\1[0-9A-Fa-f]{2}){4}(?:(?:\\1[0-9A-Fa-f]{2}){2})?|[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\\2[0-9A-Fa-f]{2}){18}|[0-9A-Fa-f]{4}(?:(?:\\.[0-9A-Fa-f]{4}){2}(?:\\.[0-9A-Fa-f]{4})?|(?:\\.[0-9A-Fa-f]{4}){9}))';

/** A duration as Go reads it (`parseDuration`). */
export const DURATION = '[-+]?(?:0|(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:ns|us|\\u00b5s|\\u03bcs|ms|s|m|h))+)';

/** The same without a minus, but before nothing. */
export const NOT_NEGATIVE = DURATION.replace('[-+]?', '(?:\\+|-(?=[^1-9]*$))?');

/** A port from 1 to 65535. */
export const PORT = '0*(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';

/** A number from 1 to 255. */
export const BYTE = '0*(?:[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])';

/** The letters of a pattern in either case. It has no classes of letters. */
export function eitherCase(pattern: string): string {
  return pattern.replace(/[A-Za-z]/g, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}

/** The whole text is of this form. */
export function whole(pattern: string): string {
  return `^(?:${pattern})$`;
}

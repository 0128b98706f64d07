import { formatCidr, network, parseCidr } from '../../net/address.js';
import type { Family } from '../peer-name.js';

/** What the store says cannot be said to BIRD, so that no configuration is better than one without it. */
export class NotForBird extends Error {}

/** The highest local preference of BGP; a route of metric M is sent with this less M (reference/bird 5.1). */
export const HIGHEST_PREFERENCE = 2_147_483_647;

/** A statement with others inside: `HEAD { ... }`, one line each. */
export function block(head: string, inside: readonly string[], end = '}'): string[] {
  return [`${head} {`, ...inside.map((line) => `  ${line}`), end];
}

/** A text in quotes. BIRD knows no way to write a quote inside of one, and no text ends in another line; undefined for such. */
export function quoted(text: string): string | undefined {
  return /["\n\r\0]/.test(text) ? undefined : `"${text}"`;
}

/** A stored network as BIRD reads it, without host bits; undefined where it is none of the family. */
export function networkText(value: unknown, family: Family): string | undefined {
  const cidr = typeof value === 'string' ? parseCidr(value) : undefined;
  return cidr?.address.version === family ? formatCidr(network(cidr)) : undefined;
}

/** The statement that adds a community, `aa:nn` or `aa:nn:mm`, to a route. */
export function addCommunity(value: string): string {
  const { list, pair } = communityOf(value);
  return `${list}.add(${pair});`;
}

/** The list of a route that holds communities such as one, and how BIRD writes the one. */
export function communityOf(value: string): { readonly list: 'bgp_community' | 'bgp_large_community'; readonly pair: string } {
  const parts = value.split(':');
  return { list: parts.length === 2 ? 'bgp_community' : 'bgp_large_community', pair: `(${parts.join(', ')})` };
}

/** Texts in the order of their bytes, each once. */
export function inOrder(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort((left, right) => (left < right ? -1 : 1));
}

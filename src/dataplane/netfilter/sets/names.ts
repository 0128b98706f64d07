import { createHash } from 'node:crypto';
import type { Family } from '../../desired.js';

/** How long the name of a set of the kernel may be. */
const LONGEST_NAME = 31;

/** The name of the set of an id in one family (reference/netfilter 5). */
export function setName(family: Family, id: string): string {
  return `cali${family}0${id}`.slice(0, LONGEST_NAME);
}

/** The id of the set of what a selector selects, by its canonical text. */
export function selectorSetId(selector: string): string {
  return hashed('s', selector);
}

/** The id of the set of the ports with a name, of what a selector selects. */
export function portSetId(selector: string, protocol: string, port: string): string {
  return hashed('n', `${selectorSetId(selector)},${protocol},${port}`);
}

/** The id of the set of a Kubernetes service: with its ports, or only its addresses. */
export function serviceSetId(service: string, withPorts: boolean): string {
  return hashed(withPorts ? 'svc' : 'svcnoport', service);
}

function hashed(kind: string, text: string): string {
  return `${kind}:${createHash('sha224').update(`${kind}:${text}`).digest('base64url')}`;
}

import { createHash } from 'node:crypto';
import { printSelector } from './print.js';
import type { Selector } from './selector.js';

/** The unique id of a selector: `s:` and a base64url SHA-224 (v1-resources.md 1.11). */
export function selectorId(selector: Selector): string {
  return `s:${createHash('sha224').update(`s:${printSelector(selector)}`).digest('base64url')}`;
}

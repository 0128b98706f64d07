import { keyOf } from '../../src/resources/keys.js';
import { globalNetworkPolicy } from '../../src/resources/v3/global-network-policy.js';

/** The policies that everybody fights over. */
export const NAMES: readonly string[] = Array.from({ length: 16 }, (_none, index) => `p${index}`);
export const NODES: readonly string[] = ['n0', 'n1', 'n2'];
export const POOL = '10.9.0.0/24';

export function policyKey(name: string): string {
  return keyOf(globalNetworkPolicy, name);
}

/** What marks the values of one command: its number, which stands in the order of each policy and has as many digits as every other. */
export function orderToken(order: number): string {
  return `"order":${order}`;
}

let orders = 1_000_000;

/** A number that no other command has: always of seven digits. */
export function nextOrder(): number {
  return orders++;
}

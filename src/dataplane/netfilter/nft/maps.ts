import type { NftMap } from '../../desired.js';

/** A map from interfaces to chains. */
export function verdictMap(branches: readonly { readonly interfaceName: string; readonly to: string }[]): NftMap {
  return { type: 'ifname : verdict', elements: new Map(branches.map(({ interfaceName, to }) => [`"${interfaceName}"`, `goto ${to}`])) };
}

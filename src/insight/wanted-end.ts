import type { Ip } from '../net/address.js';
import type { Selection } from '../objects/selection.js';

/** An end of a flow, as a person names it. */
export type WantedEnd = { readonly word: string } & (
  | { readonly by: 'internet' }
  | { readonly by: 'address'; readonly ip: Ip }
  | { readonly by: 'host'; readonly name: string }
  /** KIND/NAME. */
  | { readonly by: 'reference'; readonly selection: Selection }
  /** Any other name: of a workload, an endpoint, a set, a host. */
  | { readonly by: 'name' }
);

import type { Ip } from '../net/address.js';
import type { Selection } from '../objects/selection.js';

/** A resource, as a person names it: KIND/NAME, or any of its names. */
export type WantedResource = { readonly word: string } & ({ readonly by: 'reference'; readonly selection: Selection } | { readonly by: 'name' });

/** An end of a flow, as a person names it. */
export type WantedEnd =
  | WantedResource
  | { readonly word: string; readonly by: 'internet' }
  | { readonly word: string; readonly by: 'address'; readonly ip: Ip }
  | { readonly word: string; readonly by: 'host'; readonly name: string };

import { isIP, type LookupFunction } from 'node:net';
import { resolveName } from './resolve.js';

/** As dns.lookup, for what connects to a host by its name, without what cannot be given up. */
export function ownLookup(signal?: AbortSignal): LookupFunction {
  return (host, { all }, answer) => {
    resolveName(host, { signal }).then((addresses) => {
      const found = addresses.map((address) => ({ address, family: isIP(address) }));
      if (all === true) answer(null, found);
      else answer(null, found[0]?.address ?? '', found[0]?.family);
    }, (error: unknown) => answer(error as NodeJS.ErrnoException, ''));
  };
}

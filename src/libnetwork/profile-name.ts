import { createHash } from 'node:crypto';
import { storedProfileName } from '../resources/v1/names.js';

/** A profile gives its name as a label, too, and that is no longer (reference/storage 1.4). */
const LONGEST = 63;
const HASH_LENGTH = 8;
/** What a name begins with that has no letter or digit that v3 takes. */
const WITHOUT_LETTERS = 'network';

/**
 * The name of the profile of one of Docker's networks, which the engine lets have any: as for classic names (reference/libnetwork 5). Where
 * that can be no name and label, it is what is left of it and a hash of the network's.
 */
export function profileNameOf(network: string): string {
  const name = storedProfileName(network);
  if (name.length <= LONGEST && /^[a-z0-9]/.test(name)) return name;
  const hash = createHash('sha1').update(network).digest('hex').slice(0, HASH_LENGTH);
  const kept = name.startsWith('-') ? WITHOUT_LETTERS : name.slice(0, LONGEST - 1 - HASH_LENGTH).replace(/[-.]+$/, '');
  return `${kept}-${hash}`;
}

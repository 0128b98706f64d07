import type { Named } from '../objects/named.js';
import type { Dialect } from '../resources/kind.js';
import { kindOfWord } from '../resources/registry.js';
import type { IdentityFlags } from './identifiers.js';
import { ALL_KINDS, readNamed } from './named.js';

/**
 * What `watch [KIND...]` asks for: all of some kinds, all kinds where none is named; else what `get` takes. Throws InvalidRequest for
 * words and flags that do not fit.
 */
export function readWatched(words: readonly string[], dialect: Dialect, flags: IdentityFlags): readonly Named[] {
  if (words.length === 0) return readNamed([ALL_KINDS], dialect, flags, 'get');
  const kinds = words.flatMap((word) => word.split(','));
  return readNamed(kinds.every((word) => kindOfWord(word, dialect) !== undefined) ? [kinds.join(',')] : words, dialect, flags, 'get');
}

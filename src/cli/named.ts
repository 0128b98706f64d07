import { InvalidRequest } from '../base/errors.js';
import type { Identifiers, Named } from '../objects/named.js';
import { classicParts, storedParts } from '../objects/reference.js';
import type { Dialect, Kind } from '../resources/kind.js';
import { kindHint } from '../resources/kind-hint.js';
import { kindOfDocument, kindOfWord } from '../resources/registry.js';
import { shellWord } from '../text/shell-word.js';
import { identifiersOf, type IdentityFlags } from './identifiers.js';

/**
 * What `KIND [NAME...]` or `KIND/NAME...` asks for, in order; several kinds only in the second form, which is what
 * `-o name` prints. Throws InvalidRequest for words and flags that do not fit.
 */
export function readNamed(words: readonly string[], dialect: Dialect, flags: IdentityFlags, verb: 'get' | 'delete'): readonly Named[] {
  const [first = '', ...names] = words;
  if (words.includes('')) throw new InvalidRequest('resource name may not be empty');
  if (first.includes('/')) return words.map((word) => reference(word, dialect, flags, verb));
  const kind = kindOf(first, dialect);
  const identifiers = identifiersOf(kind, flags, verb);
  if (names.length > 0 && flags['all-namespaces'] === true) throw new InvalidRequest('--all-namespaces cannot be used with a name');
  return names.length === 0 ? [{ kind, identifiers }] : names.map((name) => called(kind, name, identifiers, verb));
}

/**
 * What a NAME after a kind means. A namespace may stand before it, as messages print it: no stored name has a slash. `get`
 * of a classic kind takes the names of stored objects, which tables and reports print, where no classic name looks so.
 */
function called(kind: Kind, name: string, identifiers: Identifiers, verb: 'get' | 'delete'): Named {
  const bare = Object.values(identifiers).every((value) => value === undefined);
  if (kind.dialect === 'v1') return verb === 'get' && bare && kind.storedNameForm?.test(name) === true ? called(kind.stored, name, {}, verb) : { kind, name, identifiers };
  const said = storedParts(kind.namespaced, name);
  return { kind, name: said.name, identifiers: agreed(identifiers, said.identifiers, name) };
}

/** The kind that a word of the command line means. Throws InvalidRequest with the nearest known word, or with -f for a file. */
export function kindOf(word: string, dialect: Dialect): Kind {
  const kind = kindOfWord(word, dialect);
  if (kind !== undefined) return kind;
  throw new InvalidRequest(`Resource type '${word}' is not supported`, /\.(?:ya?ml|json)$/i.test(word) ? `write -f ${shellWord(word)}` : kindHint(word, dialect));
}

function reference(word: string, dialect: Dialect, flags: IdentityFlags, verb: 'get' | 'delete'): Named {
  const slash = word.indexOf('/');
  if (slash < 0) throw new InvalidRequest(`${word} has no kind`, `write KIND/${word}: after a word of the form KIND/NAME all are`);
  const kind = kindSpelt(word.slice(0, slash), dialect);
  const rest = word.slice(slash + 1);
  if (rest === '') throw new InvalidRequest('resource name may not be empty');
  if (flags['all-namespaces'] === true) throw new InvalidRequest('--all-namespaces cannot be used with a name');
  const said = kind.dialect === 'v1' ? classicParts(kind, rest, word) : storedParts(kind.namespaced, rest);
  const given = identifiersOf(kind, flags, verb);
  return { kind, name: said.name, identifiers: agreed(given, said.identifiers, word) };
}

/** What flags and a word say together. Throws InvalidRequest where they differ. */
function agreed(given: Identifiers, said: Identifiers, word: string): Identifiers {
  for (const [flag, value] of Object.entries(said) as [keyof Identifiers, string][]) {
    const other = given[flag];
    if (other !== undefined && other !== value) throw new InvalidRequest(`--${flag} ${other} contradicts ${word}`, `leave out --${flag}`);
  }
  return { ...given, ...said };
}

/** A kind as `-o name` spells it: `BGPPeer` is the v3 kind in the classic dialect too. Any other word means what it means alone. */
function kindSpelt(word: string, dialect: Dialect): Kind {
  const classic = kindOfDocument('v1', word);
  // `node` and its like are words of both dialects; `ipPool` is the classic spelling of a kind.
  if (classic !== undefined && (dialect === 'v1' || /[A-Z]/.test(word))) return classic;
  return kindOfDocument('projectcalico.org/v3', word) ?? kindOf(word, dialect);
}

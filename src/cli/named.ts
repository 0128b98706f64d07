import { InvalidRequest } from '../base/errors.js';
import type { Identifiers, Named } from '../objects/named.js';
import { classicParts, storedParts } from '../objects/reference.js';
import type { Dialect, Kind } from '../resources/kind.js';
import { kindHint } from '../resources/kind-hint.js';
import { CLASSIC_KINDS, kindOfDocument, kindOfWord, STORED_KINDS } from '../resources/registry.js';
import { shellWord } from '../text/shell-word.js';
import { identifiersOf, type IdentityFlags } from './identifiers.js';

/** What is done with what is named; patch and label are one. */
type NamingVerb = 'get' | 'delete' | 'amend';

/**
 * What `KIND[,KIND...] [NAME...]` or `KIND/NAME...`, which is what `-o name` prints, asks for, in order; `get all` for all kinds. Throws InvalidRequest for words and flags that do not fit.
 */
export function readNamed(words: readonly string[], dialect: Dialect, flags: IdentityFlags, verb: NamingVerb): readonly Named[] {
  const [first = '', ...names] = words;
  if (words.includes('')) throw new InvalidRequest('resource name may not be empty');
  if (first.includes('/')) return words.map((word) => reference(word, dialect, flags, verb));
  if (names.length > 0 && flags['all-namespaces'] === true) throw new InvalidRequest('--all-namespaces cannot be used with a name');
  if (first === ALL_KINDS && verb === 'get') return everything(dialect, flags, names);
  const kinds = [...new Set(first.split(',').map((word) => kindOf(word, dialect)))];
  return kinds.flatMap((kind) => {
    const identifiers = identifiersOf(kind, kinds.some(({ dialect: of }) => of === 'v3') ? fitting(kind, flags, kinds) : flags, verb);
    return names.length === 0 ? [{ kind, identifiers }] : names.map((name) => called(kind, name, identifiers, verb));
  });
}

/** The word for all kinds. */
export const ALL_KINDS = 'all';

/** The flags without the namespace for a kind that has none, where another one that is named has: as with kubectl. */
function fitting(kind: Kind, flags: IdentityFlags, kinds: readonly Kind[]): IdentityFlags {
  if (kind.dialect === 'v1' || kind.namespaced || !kinds.some((other) => other.dialect === 'v3' && other.namespaced)) return flags;
  return { ...flags, namespace: undefined, n: undefined, 'all-namespaces': undefined };
}

/** All kinds of a dialect, of the classic one also those that only v3 has; with a namespace, those that have namespaces. */
function everything(dialect: Dialect, { namespace, n = namespace, ...flags }: IdentityFlags, names: readonly string[]): readonly Named[] {
  if (names.length > 0) throw new InvalidRequest(`${ALL_KINDS} takes no names`, 'write the kind of what is meant');
  const other = (['node', 'scope', 'orchestrator', 'workload'] as const).find((flag) => flags[flag] !== undefined);
  if (other !== undefined) throw new InvalidRequest(`--${other} does not go with ${ALL_KINDS}`);
  const classic = dialect === 'v1' && n === undefined ? CLASSIC_KINDS : [];
  const stored = STORED_KINDS.filter((kind) => (n === undefined || kind.namespaced) && !classic.some((each) => each.stored === kind));
  return [...classic, ...stored].map((kind) => ({ kind, identifiers: kind.dialect === 'v3' && kind.namespaced && n !== undefined ? { namespace: n } : {} }));
}

/**
 * What a NAME after a kind means. A namespace may stand before it, as messages print it: no stored name has a slash. `get`
 * of a classic kind takes the names of stored objects, which tables and reports print, where no classic name looks so.
 */
function called(kind: Kind, name: string, identifiers: Identifiers, verb: NamingVerb): Named {
  const bare = Object.values(identifiers).every((value) => value === undefined);
  if (kind.dialect === 'v1') return verb !== 'delete' && bare && kind.storedNameForm?.test(name) === true ? called(kind.stored, name, {}, verb) : { kind, name, identifiers };
  const said = storedParts(kind.namespaced, name);
  return { kind, name: said.name, identifiers: agreed(identifiers, said.identifiers, name) };
}

/** The kind that a word of the command line means. Throws InvalidRequest with the nearest known word, or with -f for a file. */
export function kindOf(word: string, dialect: Dialect): Kind {
  const kind = kindOfWord(word, dialect);
  if (kind !== undefined) return kind;
  throw new InvalidRequest(`Resource type '${word}' is not supported`, /\.(?:ya?ml|json)$/i.test(word) ? `write -f ${shellWord(word)}` : kindHint(word, dialect));
}

function reference(word: string, dialect: Dialect, flags: IdentityFlags, verb: NamingVerb): Named {
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

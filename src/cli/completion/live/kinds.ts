import type { Candidate } from '../facts.js';
import { apiResources, shortNames, type ApiResource } from '../../../objects/api-resources.js';
import type { Dialect, Kind } from '../../../resources/kind.js';
import { CLASSIC_KINDS, kindOfWord, STORED_KINDS } from '../../../resources/registry.js';

/**
 * The kinds that a command takes, by all their words; a word that both dialects know is offered once, for the kind that it means. In small letters
 * unless capitals are written; where nothing is, one word for each kind.
 */
export function kindWords(command: string, dialect: Dialect, typed: string): readonly Candidate[] {
  const kinds: readonly Kind[] = dialect === 'v1' ? [...CLASSIC_KINDS, ...STORED_KINDS] : [...STORED_KINDS, ...CLASSIC_KINDS];
  const refusing = new Set(apiResources().filter((resource) => !takes(command, resource)).map(({ kind }) => kind));
  return kinds.filter(({ kind }) => !refusing.has(kind)).flatMap((kind) => {
    const meant = kind.words.filter((word) => kindOfWord(word, dialect) === kind);
    const shown = typed === '' ? meant.slice(0, 1) : meant;
    return shown.map((word) => ({ word: isCapital(typed) ? spelt(kind, word) : typed === '' ? kind.kind : word, about: about(kind) }));
  });
}

const VERBS: ReadonlySet<string> = new Set(apiResources().flatMap(({ verbs }) => verbs));

/** Whether a command takes a kind: one that is no verb takes any. */
function takes(command: string, { verbs }: ApiResource): boolean {
  return !VERBS.has(command) || verbs.includes(command);
}

function isCapital(typed: string): boolean {
  return /[A-Z]/.test(typed);
}

/** A word for a kind with the capitals that its name has: `ipPools`. Short words have none. */
function spelt({ kind, words: [name = '', plural = ''] }: Kind, word: string): string {
  if (word !== name && word !== plural) return word;
  const shared = [...word].findIndex((letter, at) => letter !== name[at]);
  return shared < 0 ? kind : kind.slice(0, shared) + word.slice(shared);
}

function about(kind: Kind): string {
  const words = shortNames(kind);
  return words.length === 0 ? kind.kind : `${kind.kind}, also ${words.join(', ')}`;
}

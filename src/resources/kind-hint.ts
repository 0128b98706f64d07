import type { Dialect, Kind } from './kind.js';
import { wordsOf } from '../text/meaning.js';
import { CLASSIC_KINDS, STORED_KINDS } from './registry.js';
import { similar } from '../text/similar.js';

/** Names that other tools give to what these kinds hold. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  pod: ['workloadEndpoint'],
  container: ['workloadEndpoint'],
  interface: ['hostEndpoint'],
  host: ['node', 'hostEndpoint'],
  netpol: ['NetworkPolicy'],
  subnet: ['ipPool'],
  cidr: ['ipPool'],
};

/** The most that a hint lists. */
const MOST = 4;

const ALL_KINDS = '"calicoctl api-resources" lists the kinds';

/**
 * What to write instead of a word of the command line that means no kind: the kinds that are called so elsewhere, those of
 * whose name it is a word, the one with nearly this name (never by an abbreviation), those with a word that begins so. In any case the
 * command that lists them all.
 */
export function kindHint(word: string, dialect: Dialect): string {
  const kinds = kindsOf(dialect);
  const lower = word.toLowerCase();
  const one = lower.replace(/s$/, '');
  const elsewhere = kinds.map(({ kind }) => kind).filter((kind) => ELSEWHERE[one]?.some((name) => name.toLowerCase() === kind.toLowerCase()) === true);
  const exact = elsewhere.length > 0 ? elsewhere : named(kinds, (part) => part === one);
  if (exact.length > 0 && exact.length <= MOST) return didYouMean(exact);
  const near = similar(lower, kinds.flatMap(fullWords));
  if (near !== undefined) return didYouMean([near]);
  const beginning = lower.length < 3 ? [] : named(kinds, (part) => part.startsWith(lower));
  return beginning.length > 0 && beginning.length <= MOST ? didYouMean(beginning) : ALL_KINDS;
}

/** The kinds that words of a dialect may mean; of two with one name the first. */
function kindsOf(dialect: Dialect): readonly Kind[] {
  const all: readonly Kind[] = dialect === 'v1' ? [...CLASSIC_KINDS, ...STORED_KINDS] : STORED_KINDS;
  return [...new Map([...all].reverse().map((kind) => [kind.kind.toLowerCase(), kind])).values()].reverse();
}

function named(kinds: readonly Kind[], holds: (part: string) => boolean): readonly string[] {
  return kinds.filter(({ kind }) => wordsOf(kind).some(holds)).map(({ kind }) => kind);
}

/** The words for a kind that are not abbreviations: its name, its plural, and how they end (`pool`). */
function fullWords({ kind, words }: Kind): readonly string[] {
  const [plural = ''] = words.filter((each) => each !== kind.toLowerCase());
  return words.filter((each) => kind.toLowerCase().endsWith(each) || plural.endsWith(each));
}

function didYouMean(kinds: readonly string[]): string {
  const quoted = kinds.map((kind) => `"${kind}"`);
  return `did you mean ${quoted.length === 1 ? '' : `${quoted.slice(0, -1).join(', ')} or `}${quoted.at(-1) as string}? ${ALL_KINDS}`;
}

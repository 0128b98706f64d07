import { isSecretName } from '../text/secret-names.js';

/** Characters of a word that are kept, and words: a command line may hold a whole document. */
const LONGEST_WORD = 1_000;
const MOST_WORDS = 200;
/** What may be a name, in documents, paths of a patch, and pairs. */
const NAMES = /[A-Za-z0-9_.-]+/g;
/** A word with parts: a pair, and a document or a patch, in which a value may stand before its name. */
const HAS_PARTS = /[{[:=\n]/;
const IS_DOCUMENT = /[{[\n]/;

/**
 * The words of a command line as they may be kept: what follows a secret name, in a word or as the next one, is `***`, and so are
 * a document with such a name, the user of a URL and the text of a key. Rather too much is left out than too little.
 */
export function withoutSecrets(words: readonly string[]): readonly string[] {
  const kept = words.slice(0, MOST_WORDS).map((word, index) => (isSecretFlag(words[index - 1]) ? '***' : shortened(bare(word))));
  return words.length > MOST_WORDS ? [...kept, '...'] : kept;
}

/** Whether the next word is the value of a secret name: `--password`, `EtcdPassword`. */
function isSecretFlag(word: string | undefined): boolean {
  return word !== undefined && /^[\w-]+$/.test(word) && isSecretName(word);
}

function bare(word: string): string {
  // A password may hold what ends one elsewhere: everything up to the last @ goes.
  const text = word.replace(/-----BEGIN .*$/s, '***').replace(/:\/\/[^\s"']*@/g, '://***@');
  if (!HAS_PARTS.test(text)) return text;
  for (const { 0: name, index } of text.matchAll(NAMES)) if (isSecretName(name)) return IS_DOCUMENT.test(text) ? '***' : `${text.slice(0, index + name.length)}***`;
  return [...withoutEscapes(text).matchAll(NAMES)].some(([name]) => isSecretName(name)) ? '***' : text;
}

/** A text with the characters that JSON and YAML may write as numbers inside quotes. */
function withoutEscapes(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|U0000([0-9a-f]{4}))/gi, (_all, ...codes: readonly (string | undefined)[]) => String.fromCharCode(Number.parseInt(codes.slice(0, 3).find((code) => code !== undefined) ?? '', 16)));
}

function shortened(word: string): string {
  return word.length > LONGEST_WORD ? `${word.slice(0, LONGEST_WORD)}...` : word;
}

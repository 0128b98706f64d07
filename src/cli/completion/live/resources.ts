import { kindOfDocument, kindOfWord } from '../../../resources/registry.js';
import { API_VERSION } from '../../../resources/v3/document.js';
import type { Kind } from '../../../resources/kind.js';
import { ALL_KINDS } from '../../named.js';
import type { Candidate } from '../facts.js';
import { kindWords } from './kinds.js';
import type { LookUpTools } from './look-up.js';
import { namesOf, referencesOf } from './names.js';

/** What may follow a verb: `KIND[,KIND...]` and then names, or words of the form KIND/NAME. */
export async function resourceWords(tools: LookUpTools): Promise<readonly (Candidate | string)[]> {
  const { wanted, store, dialect } = tools;
  const [first] = wanted.words;
  if (first === undefined || first.includes('/')) return wanted.typed.includes('/') ? referenceWords(tools) : kindsAt(tools, first !== undefined);
  if (first === ALL_KINDS) return [];
  const names = await namesOf(first, wanted, dialect, await store());
  const given = new Set(wanted.words.slice(1));
  return names.filter((name) => !given.has(name));
}

/** `policy/web`, not those that the line names already. */
async function referenceWords({ wanted, dialect, store }: LookUpTools): Promise<readonly string[]> {
  const slash = wanted.typed.indexOf('/');
  const word = wanted.typed.slice(0, slash);
  const kind = kindSpelt(word, dialect);
  if (kind === undefined) return [];
  const references = (await referencesOf(kind, await store())).map((reference) => `${word}/${reference}`);
  return references.filter((reference) => !wanted.words.includes(reference));
}

/** A kind as `-o name` spells it, or as the command line does. */
function kindSpelt(word: string, dialect: LookUpTools['dialect']): Kind | undefined {
  return (/[A-Z]/.test(word) ? kindOfDocument('v1', word) : undefined) ?? kindOfWord(word, dialect) ?? kindOfDocument(API_VERSION, word);
}

/** Kinds behind those that stand in the word already, with a slash where a name has to follow. */
function kindsAt({ wanted: { command, typed, words }, dialect }: LookUpTools, slash: boolean): readonly Candidate[] {
  const comma = slash ? 0 : typed.lastIndexOf(',') + 1;
  const before = typed.slice(0, comma);
  const given = new Set(before.split(',').map((word) => kindOfWord(word, dialect)));
  const kinds = kindWords(command, dialect, typed.slice(comma)).filter(({ word }) => !given.has(kindOfWord(word, dialect)));
  if (slash) return kinds.map(({ word, about }) => ({ word: `${word}/`, about, open: true }));
  const all = comma === 0 && words.length === 0 && (command === 'get' || command === 'watch') ? [{ word: ALL_KINDS, about: 'all kinds' }] : [];
  return [...kinds.map(({ word, about }) => ({ word: before + word, about })), ...all];
}

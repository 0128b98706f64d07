import { safe } from '../../text/safe.js';
import type { Answer, Candidate } from './facts.js';
import { bashText, readShellLine } from './shell-words.js';

/** What a shell asks for: the words before the cursor, without the program, and how an answer is written for it. */
export interface Question {
  readonly before: readonly string[];
  readonly typed: string;
  /**
   * The first line says what to do: `words`, `open` (no space behind a single word), `files N` or `directories N` (add paths, behind N
   * characters of the word). A candidate is on each line that follows, in zsh and fish with a remark behind a tab.
   */
  print(candidates: readonly Candidate[], paths: Answer['paths']): string;
}

/** The shells that can ask. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/**
 * Reads the words behind `__complete`: `bash BREAKS LINE`, the line up to the cursor, or `zsh|fish -- WORD...`, of which the last is the one
 * at the cursor. Undefined where nothing can be completed.
 */
export function readQuestion([shell, ...rest]: readonly string[]): Question | undefined {
  if (shell === 'bash') return ofBash(rest[1] ?? '', rest[0] ?? '');
  if (shell === 'zsh' || shell === 'fish') return ofWords(rest.slice(1), shell);
  return undefined;
}

function ofBash(text: string, breaks: string): Question | undefined {
  const line = readShellLine(text, breaks);
  if (line === undefined) return undefined;
  const { words, last, quote, kept } = line;
  return {
    before: words.slice(1),
    typed: last,
    print: (candidates, paths) => {
      const lines = candidates.flatMap(({ word }) => (word.startsWith(kept) ? [bashText(word.slice(kept.length), quote)] : [])).filter((each) => each !== undefined);
      return printed(candidates, paths && { ...paths, lead: Math.max(0, paths.lead - kept.length) }, lines);
    },
  };
}

/** fish hands on the last word as it is typed, quotes and all; zsh takes them off. */
function ofWords(words: readonly string[], shell: 'zsh' | 'fish'): Question | undefined {
  const last = words.at(-1) ?? '';
  const typed = shell === 'zsh' ? last : readShellLine(last)?.last;
  if (typed === undefined) return undefined;
  return {
    before: words.slice(1, -1),
    typed,
    print: (candidates, paths) => printed(candidates, paths, candidates.map(({ word, about }) => (about === undefined ? word : `${word}\t${safe(about)}`))),
  };
}

function printed(candidates: readonly Candidate[], paths: Answer['paths'], lines: readonly string[]): string {
  const first = paths !== undefined ? `${paths.of} ${paths.lead}` : candidates.length === 1 && candidates[0]?.open === true ? 'open' : 'words';
  return [first, ...lines].map((line) => `${line}\n`).join('');
}

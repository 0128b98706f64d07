import { safe } from '../../text/safe.js';
import { MOST_CANDIDATES, type Candidate } from './facts.js';

/**
 * The candidates, our own words and what is stored, that go on with what is written, each once, sorted; where none does, those that do in other
 * letters. What is stored is left out where it could steer a terminal, or would be read as a flag. None where there are more than anybody reads: some of them would
 * look like all.
 */
export function chosen(own: readonly Candidate[], stored: readonly Candidate[], typed: string): readonly Candidate[] {
  const usable = [...own, ...stored.filter(({ word }) => word !== '' && safe(word) === word && (!word.startsWith('-') || typed.startsWith('-')))];
  const exact = usable.filter(({ word }) => word.startsWith(typed));
  const lower = typed.toLowerCase();
  const fitting = exact.length > 0 ? exact : usable.filter(({ word }) => word.toLowerCase().startsWith(lower));
  const byWord = new Map(fitting.map((candidate) => [candidate.word, candidate]));
  return byWord.size > MOST_CANDIDATES ? [] : [...byWord.values()].sort((one, other) => (one.word < other.word ? -1 : 1));
}

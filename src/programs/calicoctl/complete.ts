import { answer } from '../../cli/completion/answer.js';
import { chosen } from '../../cli/completion/choice.js';
import { COMPLETE, type Candidate, type CompletionFacts, type LookUp } from '../../cli/completion/facts.js';
import { readQuestion } from '../../cli/completion/shells.js';
import { loadBundle } from './bundle.js';
import { readOwn } from './own-files.js';
import { writeAll } from './streams.js';

/** The bundle of what is looked up. */
export interface LookUpBundle {
  lookUp(wanted: LookUp, env: NodeJS.ProcessEnv, untilMs: number): Promise<readonly Candidate[]>;
}

/** How long a completion may take, from the start of the process, unless CALICOCTL_COMPLETION_MS says otherwise. */
const LONGEST_MS = 300;
/** A timer of Node's cannot be set to any time, and says so. */
const MOST_MS = 600_000;
/** What of that the end of the process takes. */
const ENDING_MS = 15;

/**
 * Answers a shell that asks what may come next, on stdout. Says nothing where it does not know, where anything goes wrong, and where it would
 * take longer than somebody waits; never reads stdin, never writes anything else.
 */
export async function complete(words: readonly string[]): Promise<void> {
  const untilMs = Math.min(Number(process.env.CALICOCTL_COMPLETION_MS) || LONGEST_MS, MOST_MS) - ENDING_MS;
  setTimeout(() => process.exit(0), Math.max(1, untilMs - performance.now()));
  process.on('uncaughtException', () => process.exit(0));
  process.emitWarning = () => undefined;
  const question = readQuestion(words);
  if (question === undefined) return process.exit(0);
  const { before, typed } = question;
  const { candidates, paths, lookUps } = answer(before, typed, JSON.parse(readOwn('completion.json').toString()) as CompletionFacts);
  const found = lookUps.length === 0 ? [] : await lookedUp(lookUps, untilMs);
  writeAll(1, question.print(chosen(candidates, found, typed), paths));
  process.exit(0);
}

/** What is found in time; what fails is nothing. */
async function lookedUp(lookUps: readonly LookUp[], untilMs: number): Promise<readonly Candidate[]> {
  try {
    const { lookUp } = loadBundle<LookUpBundle>(COMPLETE, COMPLETE, { keeps: false });
    const found = await Promise.all(lookUps.map((wanted) => lookUp(wanted, process.env, untilMs)));
    return performance.now() > untilMs ? [] : found.flat();
  } catch {
    return [];
  }
}

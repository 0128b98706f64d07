/** Colours by what a text is, not by what it looks like. */
export interface Colours {
  name(text: string): string;
  kind(text: string): string;
  error(text: string): string;
  warning(text: string): string;
  hint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

const same = (text: string): string => text;

/** No colours: for pipes, files, and NO_COLOR. */
export const noColours: Colours = { name: same, kind: same, error: same, warning: same, hint: same, good: same, bad: same };

/** What decides about colours. */
export interface ColourFacts {
  /** Whether the text goes to a terminal. */
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * How many colours there are: 0 none, 1 sixteen, 2 256, 3 all. NO_COLOR that is not empty forbids them
 * (no-color.org), FORCE_COLOR asks for them even in a pipe.
 */
export function colourLevel({ isTerminal, env }: ColourFacts): 0 | 1 | 2 | 3 {
  if ((env['NO_COLOR'] ?? '') !== '') return 0;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return /^[0-3]$/.test(forced) ? (Number(forced) as 0 | 1 | 2 | 3) : forced === 'false' ? 0 : 1;
  const term = env['TERM'] ?? '';
  if (!isTerminal || term === 'dumb') return 0;
  if (/^(truecolor|24bit)$/.test(env['COLORTERM'] ?? '')) return 3;
  return term.includes('256') ? 2 : 1;
}

/** The colours for a stream. Loads chalk only where there are some. */
export async function coloursFor(facts: ColourFacts): Promise<Colours> {
  const level = colourLevel(facts);
  if (level === 0) return noColours;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level });
  return { name: chalk.bold, kind: chalk.cyan, error: chalk.red.bold, warning: chalk.yellow, hint: chalk.dim, good: chalk.green, bad: chalk.red };
}

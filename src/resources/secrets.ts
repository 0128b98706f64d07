import { isMap } from '../base/data.js';
import type { Path, Problem } from './problem.js';
import { stepsToSecret } from '../text/secret-names.js';

const HIDDEN = '(not shown)';

/**
 * A problem without what may be a secret: of a value under a secret name neither the message nor the hint repeats
 * anything, and of names under one only those in `known`. Any other problem comes back as it is.
 * @param raw the document the problem's path starts in
 */
export function withoutSecrets(problem: Problem, raw: unknown, known: (path: Path) => boolean): Problem {
  const shown = stepsToSecret(problem.path);
  if (shown === 0) return problem;
  const path = shownPath(problem.path, shown, known);
  const texts = [...textsOf(valueAt(raw, problem.path.slice(0, shown))), ...problem.path.slice(path.length).map(String)];
  const { message, hint } = problem;
  return { ...problem, message: hide(message, texts), ...(hint === undefined ? {} : { hint: hide(hint, texts) }), ...(path.length < problem.path.length ? { shownPath: path } : {}) };
}

/** The part of a path that may be shown: as far as its names are those of fields. */
function shownPath(path: Path, from: number, known: (path: Path) => boolean): Path {
  let length = from;
  while (length < path.length && (typeof path[length] === 'number' || known(path.slice(0, length + 1)))) length++;
  return path.slice(0, length);
}

function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined), raw);
}

/** All texts below a value. Names of fields are none of them. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (isMap(value)) return Object.values(value).flatMap(textsOf);
  return value === null || value === undefined ? [] : [String(value)];
}

/** Shorter texts stand in ordinary words; they are hidden only where they are quoted. */
const SHORTEST = 3;

function hide(message: string, texts: readonly string[]): string {
  const quoted = message.replace(/"((?:[^"\\]|\\.)*)"/g, (whole, inner: string) => (texts.some((text) => repeats(text, inner)) ? HIDDEN : whole));
  const numbers = quoted.replace(/the number \S+/g, (whole) => (texts.some((text) => whole.endsWith(text)) ? `a number ${HIDDEN}` : whole));
  return texts.filter((text) => text.length >= SHORTEST).sort((left, right) => right.length - left.length).reduce((all, text) => all.replaceAll(text, HIDDEN), numbers);
}

/** Whether a quotation is a text or a part of it, cut short as messages cut what is long. */
function repeats(text: string, quotation: string): boolean {
  const start = quotation.replace(/\.\.\.$/, '');
  return start !== '' && (text.includes(start) || JSON.stringify(text).includes(start));
}

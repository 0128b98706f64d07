import type { Path, Problem, Problems } from './problem.js';
import { valueAt } from './unknown-fields.js';

/** Whether what stands at a path was wrong, or stands in something that was: it is missing, or less than was written. */
export function isWrong({ list }: Problems, path: Path): boolean {
  return list.some((problem) => isOfValue(problem) && concerns(problem.path, path));
}

/**
 * Whether what belongs at a path is missing, or less than was written, perhaps only because something was wrong with it: an error
 * at it, below or around it, or a field beside it that nobody knows and that may have been meant. Rules over several fields keep
 * quiet then. Keys are compared regardless of letter case, as fields are read.
 */
export function isUncertain(problems: Problems, path: Path): boolean {
  return isWrong(problems, path) || problems.list.some((problem) => isBeside(problem, path));
}

/** Whether a value was wrong by itself and is absent now: what breaks a rule is there anyway. */
function isOfValue({ severity, code }: Problem): boolean {
  return severity === 'error' && code !== 'rule';
}

/** Whether one path leads to, or through, the other. */
function concerns(left: Path, right: Path): boolean {
  return left.length > 0 && sharedSteps(left, right) === Math.min(left.length, right.length);
}

/** Whether a problem is a field that nobody knows, beside the first missing part of a path. */
function isBeside({ code, path }: Problem, missing: Path): boolean {
  return code === 'unknown-field' && path.length <= missing.length && sharedSteps(path, missing) >= path.length - 1;
}

/** Whether a path is another one, or leads through it; keys of any letter case. */
export function isWithin(path: Path, around: Path): boolean {
  return sharedSteps(path, around) === around.length;
}

function sharedSteps(left: Path, right: Path): number {
  let count = 0;
  while (count < left.length && count < right.length && sameStep(left[count], right[count])) count++;
  return count;
}

function sameStep(left: string | number | undefined, right: string | number | undefined): boolean {
  return left === right || (typeof left === 'string' && typeof right === 'string' && left.toLowerCase() === right.toLowerCase());
}

/**
 * Those of the problems which rules over a whole document found that do not follow from what was wrong with single values: an
 * error at the same place or around it says all, what is missing may have been misspelt, and after an element that could not
 * be read those of its list no longer have the places at which they stand.
 * @param errors what was found while the document was decoded
 * @param raw the document as it was written
 * @param object the document as it was read, without what was wrong
 */
export function independentOf(errors: readonly Problem[], problems: readonly Problem[], raw: unknown, object: unknown): readonly Problem[] {
  const single = errors.filter(isOfValue);
  const lists = single.filter(({ path }) => typeof path.at(-1) === 'number').map(({ path }) => path.slice(0, -1)).filter((path) => lengthAt(raw, path) !== lengthAt(object, path));
  const follows = ({ path }: Problem): boolean =>
    single.some((each) => isPrefix(each.path, path) || (isBeside(each, path) && valueAt(raw, path.slice(0, each.path.length)) === undefined)) || lists.some((list) => path.length > list.length && isPrefix(list, path));
  return problems.filter((problem) => !follows(problem));
}

function isPrefix(start: Path, path: Path): boolean {
  return start.length > 0 && sharedSteps(start, path) === start.length;
}

function lengthAt(value: unknown, path: Path): number | undefined {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list.length : undefined;
}

import { isMap } from '../../base/data.js';
import { JsonPathError, type Operator, type Path, type Step } from './steps.js';

/**
 * The values that a path leads to, in order; none where there is nothing, as with kubectl's --allow-missing-template-keys.
 * Throws JsonPathError where a list is too short for an index, and where a list is wanted and something else is there.
 */
export function follow(path: Path, values: readonly unknown[]): readonly unknown[] {
  let found = values;
  let loose = false;
  for (const step of path) {
    found = take(step, found, loose);
    // What `..` finds is of any shape: what does not fit is not meant.
    loose = step.kind === 'descent' || (loose && step.kind === 'wildcard');
  }
  return found;
}

/** The same, where a list stands for its elements wherever no step opens it: the values of `spec.ingress.action` in all rules. */
export function followAll(path: Path, values: readonly unknown[]): readonly unknown[] {
  let found = values;
  for (const step of path) found = take(step, step.kind === 'field' || step.kind === 'key' ? opened(found) : found, true);
  return opened(found);
}

function opened(values: readonly unknown[]): readonly unknown[] {
  return values.some((value) => Array.isArray(value)) ? values.flatMap((value) => (Array.isArray(value) ? opened(value) : [value])) : values;
}

function take(step: Step, values: readonly unknown[], loose: boolean): readonly unknown[] {
  switch (step.kind) {
    case 'literal':
      return [step.value];
    case 'union':
      return step.members.flatMap((member) => follow(member, values));
    case 'descent':
      return values.flatMap(below);
    case 'wildcard':
      return values.flatMap(children);
    case 'field':
      return values.flatMap((value) => memberOf(value, step.name));
    case 'key':
      return values.flatMap((value) => (has(value, step.name) || step.path.length === 0 ? memberOf(value, step.name) : follow(step.path, [value])));
    case 'exists':
      return values.flatMap((value) => listFor(step, value, loose).filter((each) => follow(step.path, [each]).length > 0));
    case 'compare':
      return values.flatMap((value) => listFor(step, value, loose).filter((each) => compares(step, each)));
    case 'index':
      return values.flatMap((value) => (isNothing(value) ? [] : elementsOf(step, listFor(step, value, loose), loose)));
    case 'slice':
      return values.flatMap((value) => (isNothing(value) ? [] : slice(step, listFor(step, value, loose))));
  }
}

function has(value: unknown, name: string): value is Record<string, unknown> {
  return isMap(value) && Object.hasOwn(value, name) && value[name] !== undefined;
}

function memberOf(value: unknown, name: string): readonly unknown[] {
  return has(value, name) ? [value[name]] : [];
}

function children(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isMap(value) ? Object.values(value).filter((each) => each !== undefined) : [];
}

/** The value and all below it that hold something, each before what it holds. */
function below(value: unknown): readonly unknown[] {
  const held = children(value);
  return held.length === 0 ? [] : [value, ...held.flatMap(below)];
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

function listFor({ at }: Step, value: unknown, loose: boolean): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (loose || isNothing(value)) return [];
  throw new JsonPathError(at, `${describe(value)} is not a list`);
}

function describe(value: unknown): string {
  if (isMap(value)) return 'a map';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function elementsOf({ at, index }: Extract<Step, { kind: 'index' }>, list: readonly unknown[], loose: boolean): readonly unknown[] {
  const place = index < 0 ? index + list.length : index;
  if (place >= 0 && place < list.length) return [list[place]];
  if (loose) return [];
  throw new JsonPathError(at, `the list has no element ${index}: its length is ${list.length}`);
}

/** The elements from one place up to another, as client-go counts them: from the end where negative, and never beyond it. */
function slice({ at, from = 0, to, by = 1 }: Extract<Step, { kind: 'slice' }>, list: readonly unknown[]): readonly unknown[] {
  const { length } = list;
  const start = from < 0 ? from + length : from;
  const end = to === undefined ? length : to < 0 ? to + length : to;
  if (start === end) return [];
  if (start < 0 || start >= length) throw new JsonPathError(at, `the list has no element ${from}: its length is ${length}`);
  if (end < 0 || end > length) throw new JsonPathError(at, `the list has no element ${end - 1}: its length is ${length}`);
  if (start > end) throw new JsonPathError(at, `the slice begins at ${start}, behind its end ${end}`);
  return list.slice(start, end).filter((_, index) => index % by === 0);
}

function compares({ at, left, operator, right }: Extract<Step, { kind: 'compare' }>, value: unknown): boolean {
  const [lefts, rights] = [follow(left, [value]), follow(right, [value])];
  if (lefts.length === 0 || rights.length === 0) return false;
  if (lefts.length > 1 || rights.length > 1) throw new JsonPathError(at, 'only one value can be compared with another, and there are several');
  return isTrue(at, lefts[0], operator, rights[0]);
}

function isTrue(at: number, left: unknown, operator: Operator, right: unknown): boolean {
  if (operator === '==') return isEqual(left, right);
  if (operator === '!=') return !isEqual(left, right);
  const order = compareAlike(left, right);
  if (order === undefined) throw new JsonPathError(at, `${describe(left)} and ${describe(right)} have no order`);
  return operator === '<' ? order < 0 : operator === '<=' ? order <= 0 : operator === '>' ? order > 0 : order >= 0;
}

function isEqual(left: unknown, right: unknown): boolean {
  return left === right || compareAlike(left, right) === 0;
}

/** The order of two numbers or two texts; undefined for anything else. */
function compareAlike(left: unknown, right: unknown): number | undefined {
  if (isNumber(left) && isNumber(right)) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  return left < right ? -1 : left > right ? 1 : 0;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

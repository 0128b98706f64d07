import { InvalidRequest } from '../base/errors.js';
import { readPath, valueText, type ReadyPath } from '../go/jsonpath/template.js';
import { presentable, type View } from '../objects/view.js';
import { compareNaturally } from '../text/natural-order.js';

/** The values at a path of a resource as it is shown; where its dialect has none there, as it is stored. */
function valuesAt(path: ReadyPath, { row, object }: View): readonly unknown[] {
  const shown = path.allFrom(row);
  return shown.length > 0 || row === object ? shown : path.allFrom(presentable(object));
}

/** What a field has to be, such as `spec.node=n1`. */
export type FieldTest = (view: View) => boolean;

/** Up to the operator: what stands in brackets and quotes, or behind a backslash, is part of the path. */
const TEST = /^((?:\[(?:'[^']*'|"[^"]*"|[^\]'"])*\]|\\[^]|[^=!\\[])+)(!=|==|=)([^]*)$/;

/**
 * Reads `PATH=VALUE`, `PATH==VALUE` or `PATH!=VALUE`. Of a list any element counts; a field that is not there is empty.
 * Throws InvalidRequest with the column.
 */
export function readFieldTest(text: string): FieldTest {
  const [, pathText, operator, value] = TEST.exec(text) ?? [];
  if (pathText === undefined || pathText.trim() === '') throw new InvalidRequest(`--field ${JSON.stringify(text)}: expected PATH=VALUE or PATH!=VALUE`, 'write for example --field spec.node=host1');
  const path = readPath(pathText.trim(), `--field ${JSON.stringify(text)}`);
  return (view) => {
    const values = valuesAt(path, view);
    const isThere = values.length === 0 ? value === '' : values.some((each) => each === value || valueText(each ?? '') === value);
    return isThere === (operator !== '!=');
  };
}

/** By what a resource is sorted; undefined where the field is not there. */
export type SortKey = string | number | bigint | undefined;

/** How a listing is sorted. */
export interface Sorting {
  keyOf(view: View): SortKey;
  compare(left: SortKey, right: SortKey): number;
}

/** Reads the path of --sort-by. Throws InvalidRequest with the column. */
export function readSorting(text: string): Sorting {
  const path = readPath(text, `--sort-by ${JSON.stringify(text)}`);
  return { keyOf: (view) => keyOf(valuesAt(path, view)[0]), compare };
}

function keyOf(value: unknown): SortKey {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' || typeof value === 'bigint' ? value : valueText(value);
}

/** What is not there comes first, then numbers, then texts as people number things. */
function compare(left: SortKey, right: SortKey): number {
  if (typeof left === 'string' && typeof right === 'string') return compareNaturally(left, right);
  const rank = rankOf(left) - rankOf(right);
  if (rank !== 0 || left === undefined || right === undefined) return rank;
  return left < right ? -1 : left > right ? 1 : 0;
}

function rankOf(key: SortKey): number {
  return key === undefined ? 0 : typeof key === 'string' ? 2 : 1;
}

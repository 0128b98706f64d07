import type { Data } from '../../base/data.js';
import type { Column } from '../column.js';
import { goFloat } from '../../go/number.js';
import type { StoredObject } from '../kind.js';
import { listText, plainText } from '../plain-text.js';

/** The name of an object, the first column of most tables. */
export const nameColumn: Column<StoredObject> = { heading: 'NAME', cell: (object) => object.metadata.name };

/** A field of the spec; `absent` where there is none. */
export function specColumn<Spec extends Data>(heading: string, field: keyof Spec, absent = ''): Column<StoredObject<Spec>> {
  return { heading, cell: (object) => plainText(object.spec[field], absent) };
}

/** An order as Go prints it; `absent` where there is none. */
export function orderText(order: unknown, absent: string): string {
  return typeof order === 'number' ? goFloat(order) : plainText(order, absent);
}

const WIDEST_LIST = 80;

/** A list in the spec, joined by commas and cut to 80 characters (reference/storage 5.3). */
export function listColumn<Spec extends Data>(heading: string, field: keyof Spec): Column<StoredObject<Spec>> {
  return {
    heading,
    cell(object) {
      const text = listText(object.spec[field]);
      return text.length > WIDEST_LIST ? `${text.slice(0, WIDEST_LIST - 3)}...` : text;
    },
  };
}

import { InvalidRequest } from '../../base/errors.js';
import type { Column } from '../../resources/column.js';
import { compareBytes } from '../../go/json.js';

/**
 * The columns that `custom-columns=` asks for, in the order asked, repeats included (reference/classic 5.1).
 * @param request the text after `custom-columns=`: headings, upper-case, separated by commas
 * @param known every column the kind has
 * @throws InvalidRequest when nothing is asked for, or a heading is unknown
 */
export function customColumns<T>(request: string, known: readonly Column<T>[]): Column<T>[] {
  if (request === '') throw new InvalidRequest('need to specify at least one column');
  return request.split(',').map((heading) => {
    const column = known.find((each) => each.heading === heading);
    if (column === undefined) throw unknownHeading(heading, known);
    return column;
  });
}

function unknownHeading<T>(heading: string, known: readonly Column<T>[]): InvalidRequest {
  const headings = [...new Set(known.map((each) => each.heading))].sort(compareBytes);
  return new InvalidRequest(`Unknown heading ${heading}, valid values are: ${headings.join(', ')}`);
}

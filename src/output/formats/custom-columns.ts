import { InvalidRequest } from '../../base/errors.js';
import type { Column } from '../../resources/column.js';
import { compareBytes } from '../../go/json.js';

/** A character, or what holds together: a path has commas in brackets, quotes and braces, and behind a backslash. */
const PIECE = /\\[^]|\[(?:'[^']*'|"[^"]*"|[^\]'"])*\]|\{[^}]*\}|[^]/g;

/**
 * The columns that `custom-columns=` asks for, in the order asked, repeats included (reference/classic 5.1).
 * @param request the text after `custom-columns=`, separated by commas: headings in upper case, and `HEADING:PATH` as kubectl has them
 * @param known every column the kind has
 * @param atPath makes the column of a path
 * @throws InvalidRequest when nothing is asked for, or a heading is unknown
 */
export function customColumns<T>(request: string, known: readonly Column<T>[], atPath: (heading: string, path: string) => Column<T>): Column<T>[] {
  if (request === '') throw new InvalidRequest('need to specify at least one column');
  return entriesOf(request).map((entry) => {
    const colon = entry.indexOf(':');
    if (colon > 0 && colon < entry.length - 1) return atPath(entry.slice(0, colon), entry.slice(colon + 1));
    const column = known.find((each) => each.heading === entry);
    if (column === undefined) throw colon < 0 ? unknownHeading(entry, known) : new InvalidRequest(`${JSON.stringify(entry)} is no column`, 'write HEADING:PATH, such as NAME:.metadata.name');
    return column;
  });
}

function entriesOf(request: string): readonly string[] {
  const entries: string[] = [];
  let entry = '';
  for (const [piece] of request.matchAll(PIECE)) {
    if (piece !== ',') {
      entry += piece;
      continue;
    }
    entries.push(entry);
    entry = '';
  }
  return [...entries, entry];
}

function unknownHeading<T>(heading: string, known: readonly Column<T>[]): InvalidRequest {
  const headings = [...new Set(known.map((each) => each.heading))].sort(compareBytes);
  return new InvalidRequest(`Unknown heading ${heading}, valid values are: ${headings.join(', ')}`);
}

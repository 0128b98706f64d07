import { documentFields } from '../document-fields.js';
import type { Kind } from '../kind.js';
import { Problems, type Path } from '../problem.js';
import { typeAt } from './type-tree.js';

/** Whether a text is right at a path of a kind's documents, as far as the value by itself decides; no text is where no field is. */
export function takerAt(kind: Kind, path: Path): (text: string) => boolean {
  return (text) => {
    if (kind.dialect === 'v3' && path.length === 2 && path[0] === 'metadata' && path[1] === 'name') return kind.nameProblem(text) === undefined;
    const problems = new Problems();
    return typeAt(documentFields(kind), path)?.decode(text, [], { problems, coerce: false }) !== undefined && !problems.failed;
  };
}

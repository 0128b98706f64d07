import { InvalidRequest } from '../base/errors.js';
import { documentFields } from '../resources/document-fields.js';
import { misspelt } from '../resources/hints/unknown-field.js';
import { fieldOf, trailsTo } from '../resources/hints/type-tree.js';
import type { Field } from '../resources/fields/field.js';
import type { Kind } from '../resources/kind.js';

/** How many maps further down a field is looked for. */
const FARTHEST_DOWN = 4;
/** Longer lists help nobody. */
const MOST = 5;

/**
 * That a kind has no field at the end of a path, with the paths that may have been meant.
 * @param known the part of the path that leads somewhere
 * @param here the fields there
 * @param name the step for which none of them is
 */
export function unknownPath(kind: Kind, known: readonly string[], here: readonly Field[], name: string): InvalidRequest {
  const whole = [kind.kind, ...known].join('.');
  const meant = nearestPaths(kind, known, here, name);
  const hint = meant.length > 0 ? `did you mean ${meant.map((path) => `"${[kind.kind, ...path].join('.')}"`).join(' or ')}?` : listOf(here, whole);
  return new InvalidRequest(`${whole} has no field "${name}"`, hint);
}

/** The fields of that name elsewhere in the kind, else the one here with nearly this name, else those anywhere. */
function nearestPaths(kind: Kind, known: readonly string[], here: readonly Field[], name: string): readonly (readonly string[])[] {
  const other = here.find(({ mistakenFor }) => mistakenFor?.includes(name) === true)?.name ?? misspelt(name, here, new Set());
  if (other !== undefined) return [[...known, other]];
  const found = nearest(here, known, name);
  if (found.length > 0 && found.length <= MOST) return found;
  const fields = documentFields(kind);
  const anywhere = nearest(fields, [], name);
  if (anywhere.length > 0 && anywhere.length <= MOST) return anywhere;
  const spec = known.length === 0 ? fieldOf(fields, 'spec')?.type.fields : undefined;
  const nearly = spec && misspelt(name, spec, new Set());
  return nearly === undefined ? [] : [['spec', nearly]];
}

/** The shortest paths to fields of a name below these. */
function nearest(fields: readonly Field[], above: readonly string[], name: string): readonly (readonly string[])[] {
  const trails = trailsTo(fields, name, FARTHEST_DOWN);
  const shortest = Math.min(...trails.map((trail) => trail.length));
  return trails.filter((trail) => trail.length === shortest).map((trail) => [...above, ...trail, name]);
}

function listOf(fields: readonly Field[], whole: string): string {
  if (fields.length === 0) return `${whole} holds no fields`;
  return fields.length > 30 ? `"calicoctl explain ${whole}" lists its fields` : `its fields are ${fields.map(({ name }) => name).join(', ')}`;
}

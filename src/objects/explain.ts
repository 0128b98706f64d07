import { documentFields } from '../resources/document-fields.js';
import { isGroup, isVaries, type AnyHelp } from '../resources/field-help.js';
import type { Field, FieldType } from '../resources/fields/field.js';
import type { Kind } from '../resources/kind.js';
import { apiVersionOf } from './api-resources.js';
import { documentHelp, inside, unsetAt } from './document-help.js';
import { exampleOf } from './example.js';
import { fieldsIn } from './fields-in.js';
import { unknownPath } from './unknown-path.js';

/** What is to be known of a field, or of a kind (its path is empty then). */
export interface Explained {
  readonly kind: string;
  readonly apiVersion: string;
  /** The names of the fields that lead there: `spec.bgp.asNumber`. */
  readonly path: string;
  readonly help: string;
  /** What it may hold, in words, with an article. */
  readonly type: string;
  readonly required: boolean;
  /** What counts where it is not given; words in brackets where that is no one value. */
  readonly default?: unknown;
  /** The words that are allowed, or what is allowed in words. */
  readonly allowed?: readonly unknown[] | string;
  readonly example: unknown;
  readonly fields?: readonly Explained[];
}

/**
 * What is to be known of what a path of a kind's documents leads to.
 * @param path names of fields in any letter case; an index or the key of a map may stand among them, and is passed over
 * @param depth how many levels of fields below it are told
 * Throws InvalidRequest with the nearest name where no field is.
 */
export function explainPath(kind: Kind, path: readonly string[], depth: number): Explained {
  let at: Found = { kind, type: { name: `a ${kind.kind}`, fields: documentFields(kind), standIn: {} }, help: documentHelp(kind), path: [], required: false };
  for (const step of path) {
    const next = stepInto(at, step);
    if (next === undefined) throw unknownPath(kind, at.path, fieldsIn(at.type) ?? [], step);
    at = next;
  }
  return explained(at, depth);
}

/** The steps of `KIND.PATH`: `policy.spec.ingress[0].action`. */
export function pathIn(text: string): readonly string[] {
  return text.replace(/\[([^\]]*)\]/g, '.$1').split('.');
}

type Shape = Pick<FieldType, 'name' | 'standIn'> & Partial<FieldType>;

/** A field on the way. */
interface Found {
  readonly kind: Kind;
  readonly type: Shape;
  readonly help: AnyHelp;
  readonly path: readonly string[];
  readonly required: boolean;
}

function stepInto(at: Found, step: string): Found | undefined {
  const fields = fieldsIn(at.type);
  if (fields === undefined) return at.type.element === undefined ? undefined : isIndex(step, at.type) ? at : undefined;
  if (isIndex(step, at.type)) return at;
  const field = fields.find(({ name }) => name === step) ?? fields.find(({ name }) => name.toLowerCase() === step.toLowerCase());
  return field && inField(at, field);
}

/** Whether a step means an entry of a list or of a map with free keys. */
function isIndex(step: string, { element, standIn }: Shape): boolean {
  return element !== undefined && (!Array.isArray(standIn) || /^(?:\d+|\*|)$/.test(step));
}

function inField(at: Found, field: Field): Found {
  const help = inside(at.help)[field.name];
  if (help === undefined) throw new Error(`there is no help for ${[...at.path, field.name].join('.')} of ${at.kind.kind}`);
  return { kind: at.kind, type: field.type, help, path: [...at.path, field.name], required: field.required !== undefined };
}

function explained(found: Found, depth: number): Explained {
  const { kind, type, help, path, required } = found;
  const unset = unsetAt(kind, path, help);
  const allowed = allowedBy(type);
  const fields = fieldsIn(type);
  return {
    kind: kind.kind,
    apiVersion: apiVersionOf(kind),
    path: path.join('.'),
    help: isGroup(help) ? help.help : help[0],
    type: typeText(type),
    required,
    ...(unset === undefined ? {} : { default: isVaries(unset) ? `(${unset.varies})` : unset }),
    ...(allowed === undefined ? {} : { allowed }),
    example: exampleOf(fields, help),
    ...(fields === undefined || depth === 0 ? {} : { fields: fields.map((field) => explained(inField(found, field), depth - 1)) }),
  };
}

function typeText({ name, element }: Shape): string {
  return element === undefined || name !== 'a list' ? name : `a list; each entry is ${typeText(element)}`;
}

function allowedBy({ words = [], rule, json, element }: Shape): readonly unknown[] | string | undefined {
  if (words.length > 0) return words;
  if (rule !== undefined) return rule;
  if (element !== undefined && element.fields === undefined) return allowedBy(element);
  const { enum: values, minimum, maximum } = json ?? {};
  if (Array.isArray(values)) return values.length > 20 ? undefined : (values as unknown[]);
  if (typeof minimum !== 'number') return undefined;
  return typeof maximum === 'number' ? `${minimum} to ${maximum}` : `${minimum} or more`;
}

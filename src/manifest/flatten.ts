import { isMap, spellingIn, type Data } from '../base/data.js';
import { withoutInvisible } from '../text/invisible.js';
import { Problems } from '../resources/problem.js';
import type { Path } from '../resources/problem.js';
import { similar } from '../text/similar.js';
import { WHOLE } from './source.js';
import type { ResourceLocation, SourceDocument } from './source.js';

/** A resource as it was written: what it says it is, and all its fields. Maps are ordinary objects: ask them with Object.hasOwn. */
export interface ManifestResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Record<string, unknown>;
  readonly origin: ResourceLocation;
}

/** A list kind (`policyList`, `ProfileList`, `List`); its items are among the resources. */
export interface ManifestList {
  readonly apiVersion: string;
  readonly kind: string;
  readonly origin: ResourceLocation;
}

/** What one document holds. Paths of the problems start at the document's top. */
export interface Flattened {
  readonly resources: readonly ManifestResource[];
  readonly lists: readonly ManifestList[];
  readonly problems: Problems;
}

type Named = { readonly apiVersion: string; readonly kind: string };

const LIST_FIELDS = ['apiVersion', 'kind', 'metadata', 'items'];
/** What Kubernetes-style lists carry; printed by `get` and of no use here. */
const LIST_METADATA = ['resourceVersion', 'continue', 'remainingItemCount', 'selfLink'];

/**
 * Takes a document apart into its resources: one resource, a list kind, or a list of both (reference/classic 3.3). Whether
 * a kind exists is not looked at. Data are found whatever their case, an exact match first.
 */
export function flatten(value: unknown, document: SourceDocument): Flattened {
  const flattener = new Flattener(document);
  flattener.document(value);
  return flattener;
}

class Flattener implements Flattened {
  readonly resources: ManifestResource[] = [];
  readonly lists: ManifestList[] = [];
  readonly problems = new Problems();

  constructor(private readonly source: SourceDocument) {}

  document(value: unknown): void {
    if (!Array.isArray(value)) {
      this.resourceOrList(value, WHOLE, undefined);
      return;
    }
    for (const [index, element] of value.entries()) {
      if (Array.isArray(element)) this.problems.add('type', [index], 'a list of resources cannot contain a list');
      else this.resourceOrList(element, [index], undefined);
    }
  }

  /** One map; `list` is the list kind it stands in. */
  private resourceOrList(value: unknown, path: Path, list: Named | undefined): void {
    if (!isMap(value)) {
      this.problems.add('type', path, `expected a resource (a map with apiVersion and kind), not ${described(value)}`);
      return;
    }
    const named = this.named(value, path);
    if (!named) return;
    if (!named.kind.endsWith('List')) {
      if (list && !this.belongs(named, list, value, path)) return;
      this.resources.push({ ...named, raw: value, origin: { source: this.source, path } });
    } else if (list) this.problems.add('kind', path, `a list cannot contain a list (${named.kind})`);
    else this.list(named, value, path);
  }

  /** The apiVersion and kind of a map, where both are text. */
  private named(map: Data, path: Path): Named | undefined {
    const missing = ['apiVersion', 'kind'].filter((name) => spellingIn(map, name) === undefined);
    if (missing.length > 0) this.missing(map, path, missing);
    const [apiVersion, kind] = [this.text(map, path, 'apiVersion'), this.text(map, path, 'kind')];
    return apiVersion === undefined || kind === undefined ? undefined : { apiVersion, kind };
  }

  private missing(map: Data, path: Path, names: readonly string[]): void {
    const disguised = Object.keys(map).find((key) => names.includes(withoutInvisible(key).trim()));
    const message = `the resource has no ${names.join(' and no ')}`;
    if (disguised === undefined) this.problems.add('kind', path, message);
    else this.problems.add('kind', [...path, disguised], message, { onKey: true, hint: `write "${withoutInvisible(disguised).trim()}" with nothing else in it` });
  }

  private text(map: Data, path: Path, name: string): string | undefined {
    const key = spellingIn(map, name);
    if (key === undefined) return undefined;
    const value = map[key];
    if (typeof value === 'string' && value !== '') return value;
    const empty = value === null || value === '';
    this.problems.add('kind', [...path, key], empty ? `${name} is empty` : `${name} must be text, not ${described(value)}`);
    return undefined;
  }

  /** Items of a list kind are all of its kind; only `List` takes any. A list misspelt in case is its own problem, not its items'. */
  private belongs(item: Named, list: Named, map: Data, path: Path): boolean {
    if (list.kind === 'List' || (item.apiVersion === list.apiVersion && `${item.kind}List`.toLowerCase() === list.kind.toLowerCase())) return true;
    const field = item.apiVersion === list.apiVersion ? 'kind' : 'apiVersion';
    const given = field === 'kind' ? `a resource of kind ${item.kind}` : `a resource of ${item.apiVersion}`;
    this.problems.add('kind', [...path, spellingIn(map, field) ?? field], `a ${list.kind} of ${list.apiVersion} cannot contain ${given}`);
    return false;
  }

  private list(named: Named, map: Data, path: Path): void {
    this.lists.push({ ...named, origin: { source: this.source, path } });
    this.unknownKeys(map, LIST_FIELDS, path);
    this.metadata(named, map, path);
    const key = spellingIn(map, 'items');
    const items = key === undefined ? null : map[key];
    if (key === undefined || items === null) return;
    if (!Array.isArray(items)) {
      this.problems.add('type', [...path, key], `items must be a list of resources, not ${described(items)}`);
      return;
    }
    for (const [index, item] of items.entries()) this.resourceOrList(item, [...path, key, index], named);
  }

  private metadata(list: Named, map: Data, path: Path): void {
    const key = spellingIn(map, 'metadata');
    const metadata = key === undefined ? null : map[key];
    if (key === undefined || metadata === null) return;
    const allowed = list.apiVersion === 'v1' && list.kind !== 'List' ? [] : LIST_METADATA;
    if (isMap(metadata)) this.unknownKeys(metadata, allowed, [...path, key]);
    else this.problems.add('type', [...path, key], `metadata must be a map, not ${described(metadata)}`);
  }

  private unknownKeys(map: Data, allowed: readonly string[], path: Path): void {
    const expected = new Set(allowed.map((name) => spellingIn(map, name)));
    for (const key of Object.keys(map)) {
      if (expected.has(key)) continue;
      const near = similar(key, allowed);
      this.problems.add('unknown-field', [...path, key], `unknown field ${key}`, {
        onKey: true,
        hint: near === undefined ? undefined : `did you mean ${near}?`,
      });
    }
  }
}

function described(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'a boolean' : 'a number';
}

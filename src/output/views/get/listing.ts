import { compareBytes } from '../../../go/json.js';
import type { Kind } from '../../../resources/kind.js';
import type { Sorting, SortKey } from '../../../get/fields.js';
import type { View } from '../../../objects/view.js';

/** Prints views in one format: each is rendered when it is read, and placed when its turn has come. */
export interface Sheet<Rendered = unknown> {
  render(view: View): Rendered;
  /** The text of the next view; empty where all text comes at the end. */
  place(rendered: Rendered): string;
  end(): Iterable<string>;
}

interface Waiting {
  readonly view: Pick<View, 'sortKey' | 'object'>;
  readonly rendered: unknown;
  /** What `--sort-by` sorts it by. */
  readonly key?: SortKey;
}

/**
 * One listing in its kind's order. Only the rendered forms wait for the end, so that a long listing does not hold its
 * resources in memory, and nothing is printed of one that cannot be read to its end.
 */
export class Listing {
  private readonly waiting: Waiting[] = [];
  private readonly ordered: boolean;

  constructor(
    private readonly kind: Kind,
    private readonly sheet: Sheet,
    private readonly sorting?: Sorting | undefined,
  ) {
    this.ordered = kind.dialect === 'v1' || kind.compare !== undefined;
  }

  get count(): number {
    return this.waiting.length;
  }

  add(view: View): void {
    const object = (this.kind.dialect === 'v3' && this.ordered ? view.object : undefined) as View['object'];
    this.waiting.push({ view: { sortKey: view.sortKey, object }, rendered: this.sheet.render(view), ...(this.sorting !== undefined && { key: this.sorting.keyOf(view) }) });
  }

  /** The text, in order. */
  *text(): Iterable<string> {
    if (this.ordered) this.waiting.sort((left, right) => compareViews(this.kind, left.view, right.view));
    const { sorting } = this;
    if (sorting !== undefined) this.waiting.sort((left, right) => sorting.compare(left.key, right.key));
    for (const { rendered } of this.waiting) {
      const text = this.sheet.place(rendered);
      if (text !== '') yield text;
    }
    yield* this.sheet.end();
  }
}

function compareViews(kind: Kind, left: Waiting['view'], right: Waiting['view']): number {
  if (kind.dialect === 'v3' && kind.compare !== undefined) return kind.compare(left.object, right.object);
  return compareBytes(left.sortKey ?? '', right.sortKey ?? '');
}

/** Views in the order in which their kind is listed. */
export function inOrder(kind: Kind, views: readonly View[]): readonly View[] {
  return [...views].sort((left, right) => compareViews(kind, left, right));
}

import { compareBytes } from '../resources/go-json.js';
import type { Kind } from '../resources/kind.js';
import type { View } from './view.js';

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
}

/**
 * One listing in its kind's order. What is in key order already is handed out at once; otherwise only the rendered
 * forms wait for the end, so that a long listing does not hold its resources in memory.
 */
export class Listing {
  private readonly waiting: Waiting[] = [];
  private readonly keepObjects: boolean;
  count = 0;

  constructor(
    private readonly kind: Kind,
    private readonly sheet: Sheet,
  ) {
    this.keepObjects = kind.dialect === 'v3' && kind.compare !== undefined;
  }

  /** Adds a view. Returns what can be printed already. */
  add(view: View): string {
    this.count++;
    const rendered = this.sheet.render(view);
    if (!this.keepObjects && view.sortKey === undefined) return this.sheet.place(rendered);
    this.waiting.push({ view: { sortKey: view.sortKey, object: (this.keepObjects ? view.object : undefined) as View['object'] }, rendered });
    return '';
  }

  /** The rest, in order. */
  *finish(): Iterable<string> {
    this.waiting.sort((left, right) => this.compare(left, right));
    for (const { rendered } of this.waiting) {
      const text = this.sheet.place(rendered);
      if (text !== '') yield text;
    }
    yield* this.sheet.end();
  }

  private compare(left: Waiting, right: Waiting): number {
    return compareViews(this.kind, left.view, right.view);
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

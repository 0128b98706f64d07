import { matches } from '../selector/matches.js';
import type { Selector } from '../selector/selector.js';
import { demandedLabels, findableBy } from './demanded-labels.js';
import type { Labels } from './effective-labels.js';

/** What an index tells of as it changes. */
export interface IndexListener<Item> {
  /** A selector has begun (or ceased) to match an item. */
  onMatch(selector: string, item: Item, isMatch: boolean): void;
}

interface KnownItem {
  readonly labels: Labels;
  /** The selectors that match it, by their texts. */
  readonly selectors: Set<string>;
}

interface KnownSelector<Item> {
  readonly selector: Selector;
  readonly demanded: readonly string[] | undefined;
  readonly items: Set<Item>;
}

/**
 * Which of many items each of many selectors matches, kept as either change: a new item is shown only to the selectors that may match it, a
 * new selector only the items that it may match.
 */
export class LabelIndex<Item> {
  private readonly items = new Map<Item, KnownItem>();
  private readonly selectors = new Map<string, KnownSelector<Item>>();
  private readonly itemsWith = new Map<string, Set<Item>>();
  private readonly selectorsFor = new Map<string, Set<string>>();
  /** Selectors that demand no label. */
  private readonly open = new Set<string>();

  constructor(private readonly listener: IndexListener<Item>) {}

  /** Takes an item that is not known yet. */
  addItem(item: Item, labels: Labels): void {
    const known: KnownItem = { labels, selectors: new Set() };
    this.items.set(item, known);
    for (const text of this.open) this.show(text, item, known);
    for (const label of findableBy(labels)) {
      put(this.itemsWith, label, item);
      for (const text of this.selectorsFor.get(label) ?? []) this.show(text, item, known);
    }
  }

  deleteItem(item: Item): void {
    const known = this.items.get(item);
    if (known === undefined) return;
    this.items.delete(item);
    for (const label of findableBy(known.labels)) take(this.itemsWith, label, item);
    for (const text of known.selectors) {
      this.selectors.get(text)!.items.delete(item);
      this.listener.onMatch(text, item, false);
    }
  }

  /** Takes a selector under its canonical text; one that is known stays. */
  addSelector(text: string, selector: Selector): void {
    if (this.selectors.has(text)) return;
    const demanded = demandedLabels(selector, (label) => this.itemsWith.get(label)?.size ?? 0);
    this.selectors.set(text, { selector, demanded, items: new Set() });
    if (demanded === undefined) {
      this.open.add(text);
      for (const [item, known] of this.items) this.show(text, item, known);
      return;
    }
    for (const label of demanded) {
      put(this.selectorsFor, label, text);
      for (const item of this.itemsWith.get(label) ?? []) this.show(text, item, this.items.get(item)!);
    }
  }

  /** Forgets a selector, without telling what it matched. */
  deleteSelector(text: string): void {
    const known = this.selectors.get(text);
    if (known === undefined) return;
    this.selectors.delete(text);
    this.open.delete(text);
    for (const label of known.demanded ?? []) take(this.selectorsFor, label, text);
    for (const item of known.items) this.items.get(item)!.selectors.delete(text);
  }

  /** The items that a known selector matches. */
  matching(text: string): ReadonlySet<Item> {
    return this.selectors.get(text)?.items ?? new Set();
  }

  /** The texts of the selectors that match a known item. */
  selecting(item: Item): ReadonlySet<string> {
    return this.items.get(item)?.selectors ?? new Set();
  }

  private show(text: string, item: Item, known: KnownItem): void {
    if (known.selectors.has(text)) return;
    const { selector, items } = this.selectors.get(text)!;
    if (!matches(selector, known.labels)) return;
    known.selectors.add(text);
    items.add(item);
    this.listener.onMatch(text, item, true);
  }
}

function put<Value>(map: Map<string, Set<Value>>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, new Set([value]));
  else values.add(value);
}

function take<Value>(map: Map<string, Set<Value>>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) return;
  values.delete(value);
  if (values.size === 0) map.delete(key);
}

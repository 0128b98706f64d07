import { matches } from '../selector/matches.js';
import { printSelector } from '../selector/print.js';
import type { Selector } from '../selector/selector.js';
import type { Labels } from './effective-labels.js';

const UNKNOWN = 0;
const OUTSIDE = 1;
const INSIDE = 2;

/** Objects that selectors cannot tell apart: of equal labels, as far as any selector asks about them. Each selector is asked once for each group. */
export class LabelGroups {
  readonly labels: Labels[] = [];
  private readonly byText = new Map<string, number>();
  private readonly matchers = new Map<string, Matcher>();
  private counts: ReadonlyMap<string, number> | undefined;

  /** @param keys the labels that any selector asks about; selectors about others must not be asked later */
  constructor(private readonly keys: ReadonlySet<string>) {}

  /** Whether any selector asks about a label. */
  asksAbout(key: string): boolean {
    return this.keys.has(key);
  }

  /** The number of the group of these labels. */
  groupOf(labels: Labels): number {
    let text = '';
    for (const key of Object.keys(labels).sort()) if (this.keys.has(key)) text += `${key}\0${labels[key]!}\0`;
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    this.byText.set(text, this.labels.length);
    return this.labels.push(labels) - 1;
  }

  /** What an object can be found by: each label that any selector asks about, with its value (`labelText`), and its key. */
  found(labels: Labels): readonly string[] {
    const found: string[] = [];
    for (const key of Object.keys(labels)) if (this.keys.has(key)) found.push(key, labelText(key, labels[key]!));
    return found;
  }

  /** In how many groups objects can be found by this, about: those that came later are not counted. */
  countWith(label: string): number {
    if (this.counts === undefined) {
      const counts = new Map<string, number>();
      for (const each of this.labels.flatMap((labels) => this.found(labels))) counts.set(each, (counts.get(each) ?? 0) + 1);
      this.counts = counts;
    }
    return this.counts.get(label) ?? 0;
  }

  /** Who matches a selector; the same one for selectors of equal text. */
  matcher(selector: Selector): Matcher {
    const text = printSelector(selector);
    const known = this.matchers.get(text);
    if (known !== undefined) return known;
    const matcher = new Matcher(selector, text, this.labels);
    this.matchers.set(text, matcher);
    return matcher;
  }
}

/** A label with its value. No key holds "=". */
export function labelText(key: string, value: string): string {
  return `${key}=${value}`;
}

/** A selector and what it said of each group so far. */
export class Matcher {
  private answers: Uint8Array | undefined;

  constructor(
    readonly selector: Selector,
    readonly text: string,
    private readonly labels: readonly Labels[],
  ) {}

  /** Whether objects of a group match. */
  accepts(group: number): boolean {
    let answers = this.answers;
    if (answers === undefined || group >= answers.length) answers = this.grown();
    const known = answers[group];
    if (known !== UNKNOWN) return known === INSIDE;
    const accepted = matches(this.selector, this.labels[group]!);
    answers[group] = accepted ? INSIDE : OUTSIDE;
    return accepted;
  }

  /** Room for the groups of another model that were found since. */
  private grown(): Uint8Array {
    const answers = new Uint8Array(this.labels.length);
    answers.set(this.answers ?? []);
    return (this.answers = answers);
  }
}

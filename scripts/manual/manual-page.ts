import type { Row } from './page.js';

/** A piece of a section: paragraphs, rows of a list, or lines that stay as they are. */
export type Part =
  | { readonly kind: 'prose'; readonly paragraphs: readonly string[] }
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'lines'; readonly lines: readonly string[] };

export interface ManualSection {
  readonly title: string;
  readonly parts: readonly Part[];
}

/**
 * A manual page, as man(1) finds it: `ipam show` is calicoctl-ipam-show(1). In its texts `what is typed` stands in backticks, and
 * other pages as NAME(SECTION).
 */
export interface ManualPage {
  readonly name: string;
  readonly section: 1 | 5 | 7;
  readonly summary: string;
  /** How it is called; none for what is no command. */
  readonly synopsis: readonly string[];
  readonly sections: readonly ManualSection[];
}

/** Paragraphs. */
export function prose(...paragraphs: readonly string[]): Part {
  return { kind: 'prose', paragraphs };
}

/** A list. */
export function rows(all: readonly Row[]): Part {
  return { kind: 'rows', rows: all };
}

/** Lines that stay as they are. */
export function lines(...all: readonly string[]): Part {
  return { kind: 'lines', lines: all };
}

/** The name of the page of a command. */
export function manualName(command: string): string {
  return ['calicoctl', ...command.split(' ')].filter((word) => word !== '').join('-');
}

/** Where else to look. */
export function seeAlso(pages: readonly string[]): ManualSection {
  return { title: 'SEE ALSO', parts: [prose(pages.join(', '))] };
}

/** One step from values to values. `at` is its place in the text, from 0. */
export type Step = { readonly at: number } & (
  | { readonly kind: 'field'; readonly name: string }
  /** `['a.b']`: the member of that very name, else the path a.b, as kubectl reads it. */
  | { readonly kind: 'key'; readonly name: string; readonly path: Path }
  | { readonly kind: 'wildcard' }
  /** `..`: the value and all that holds something below it. */
  | { readonly kind: 'descent' }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number; readonly by?: number }
  /** `[1]`, which takes a list to be that long. */
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'union'; readonly members: readonly Path[] }
  | { readonly kind: 'exists'; readonly path: Path }
  | { readonly kind: 'compare'; readonly left: Path; readonly operator: Operator; readonly right: Path }
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
);

/** Steps one after the other, from the current value on; none stay there. */
export type Path = readonly Step[];

export const OPERATORS = ['==', '!=', '<', '<=', '>', '>='] as const;
export type Operator = (typeof OPERATORS)[number];

/** What a template consists of. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'values'; readonly path: Path }
  | { readonly kind: 'range'; readonly path: Path; readonly body: readonly Part[] };

/** What is wrong with an expression, or with what it finds. */
export class JsonPathError extends Error {
  /** @param at where in the text, from 0 */
  constructor(
    readonly at: number,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

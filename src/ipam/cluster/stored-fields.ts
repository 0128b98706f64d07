import { isMap } from '../../base/data.js';

/**
 * Reads the fields of a stored spec as Calico does: null is as good as absent, and one field of another type than it should have
 * makes the whole unreadable. The first that is odd is kept in `problem`, with its path.
 */
export class StoredFields {
  #problem: string | undefined;

  get problem(): string | undefined {
    return this.#problem;
  }

  /** Notes what is wrong with a field. */
  odd(path: string, problem: string): void {
    this.#problem ??= `${path} ${problem}`;
  }

  /** A text; empty where it is absent. */
  text(value: unknown, path: string): string {
    return this.#take(value, path, { is: (given) => typeof given === 'string', otherwise: '', what: 'text' });
  }

  isTrue(value: unknown, path: string): boolean {
    if (typeof (value ?? false) !== 'boolean') this.odd(path, 'is neither true nor false');
    return value === true;
  }

  /** A map of fields; empty where it is absent. */
  object(value: unknown, path: string): Record<string, unknown> {
    return this.#take(value, path, { is: isMap, otherwise: {}, what: 'an object' });
  }

  list(value: unknown, path: string): readonly unknown[] {
    return this.#take<readonly unknown[]>(value, path, { is: Array.isArray, otherwise: [], what: 'a list' });
  }

  texts(value: unknown, path: string): readonly string[] {
    return this.list(value, path).map((each, index) => this.text(each, `${path}[${index}]`));
  }

  objects(value: unknown, path: string): readonly Record<string, unknown>[] {
    return this.list(value, path).map((each, index) => this.object(each, `${path}[${index}]`));
  }

  #take<T>(value: unknown, path: string, { is, otherwise, what }: { is(given: unknown): boolean; readonly otherwise: T; readonly what: string }): T {
    if (value === undefined || value === null) return otherwise;
    if (is(value)) return value as T;
    this.odd(path, `is not ${what}`);
    return otherwise;
  }
}

import { isMap, type Data } from '../base/data.js';
import { FAILURE, Failure } from './failure.js';

/**
 * A map of a configuration whose values are read by key. What is absent, or null as Go writes it, is undefined. Throws Failure
 * that names the key where a value is of another form.
 */
export class Fields {
  constructor(
    readonly data: Data,
    private readonly path = '',
  ) {}

  text(key: string): string | undefined {
    return this.#value(key, 'text', (value) => (typeof value === 'string' ? value : undefined));
  }

  /** Text, where an empty one says as little as none. */
  givenText(key: string): string | undefined {
    return this.text(key) || undefined;
  }

  /** `true` and `false`, also as texts. */
  flag(key: string): boolean | undefined {
    return this.#value(key, 'true or false', (value) => {
      const word = typeof value === 'string' ? value.toLowerCase() : value;
      if (word === true || word === 'true') return true;
      return word === false || word === 'false' ? false : undefined;
    });
  }

  /** A whole number from 0 on. */
  count(key: string): number | undefined {
    return this.#value(key, 'a whole number from 0 on', (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined));
  }

  texts(key: string): readonly string[] | undefined {
    return this.#value(key, 'a list of texts', (value) => (Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined));
  }

  map(key: string): Fields | undefined {
    return this.#value(key, 'a map', (value) => (isMap(value) ? new Fields(value, `${this.path}${key}.`) : undefined));
  }

  /** The maps of a list. */
  maps(key: string): readonly Fields[] | undefined {
    return this.#value(key, 'a list of maps', (value) => (Array.isArray(value) && value.every(isMap) ? value.map((each, index) => new Fields(each, `${this.path}${key}[${index}].`)) : undefined));
  }

  /** The failure of a value that is of the right form and wrong all the same. */
  wrong(key: string, must: string): Failure {
    return new Failure(FAILURE.invalidConfig, `${this.path}${key} must be ${must}, not ${shownValue(this.data[key])}`);
  }

  #value<T>(key: string, must: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = Object.hasOwn(this.data, key) ? this.data[key] : undefined;
    if (value === undefined || value === null) return undefined;
    const found = read(value);
    if (found === undefined) throw this.wrong(key, must);
    return found;
  }
}

/** A wrong value in a message: of maps and lists only that they are such, since there may be a secret in them. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'left out';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  return JSON.stringify(value).slice(0, 100);
}

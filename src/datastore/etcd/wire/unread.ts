import type { Reader } from './bytes.js';

/** A value's tag comes before it, so that no value is there. */
const NOWHERE = 0;

/** Where the values of messages are that follow one another in what a reader reads: for each message a row, with a column for each number of a field. */
export class UnreadList {
  #places: Int32Array;
  #end = 0;

  constructor(
    private readonly reader: Reader,
    private readonly columns: number,
  ) {
    this.#places = new Int32Array(columns);
  }

  /** Begins the row of one more message and returns where it is. */
  add(): number {
    const row = this.#end;
    this.#end += this.columns;
    if (this.#end > this.#places.length) {
      const grown = new Int32Array(this.#places.length * 2);
      grown.set(this.#places);
      this.#places = grown;
    }
    return row;
  }

  /** Notes that the reader is at the value of a field. */
  note(row: number, number: number): void {
    this.#places[row + number] = this.reader.place;
  }

  /** The reader at the value of a field; undefined where there is none. */
  at(row: number, number: number): Reader | undefined {
    const place = this.#places[row + number]!;
    return place === NOWHERE ? undefined : this.reader.at(place);
  }
}

/**
 * A message in a list. A value is made when its property is asked for: etcd sends keys by the thousand, they wait for others to be
 * worked on, and of none all fields are wanted.
 */
export class UnreadMessage {
  readonly #list: UnreadList;
  readonly #row: number;

  constructor(list: UnreadList, row: number) {
    this.#list = list;
    this.#row = row;
  }

  /** The reader at the value of a field; undefined where there is none. */
  at(number: number): Reader | undefined {
    return this.#list.at(this.#row, number);
  }
}

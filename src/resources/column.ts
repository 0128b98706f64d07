/** What a table knows besides its items. */
export interface TableContext {
  /** The global AS number as text, or `unknown` where it could not be read. */
  readonly globalAsNumber: string;
  /** How many columns the terminal has, where one shows the table: cells that do not fit go on in the next line. */
  readonly room?: number | undefined;
}

/** One column of a table. */
export interface Column<T> {
  readonly heading: string;
  cell(item: T, context: TableContext): string;
  /** The column is left out where every cell of it is empty. */
  readonly whenUsed?: boolean;
}

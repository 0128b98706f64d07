import { isMap } from '../../base/data.js';
import { goJson } from '../../go/json.js';
import { parseJson } from '../../go/read-json.js';
import type { Entry } from '../store.js';
import { UnusableFile } from './damage.js';
import type { EntryFile } from './entry-file.js';
import type { Source } from './source.js';

/** The largest map that is read, in bytes: it is in memory whole. */
const LARGEST = 128 * 1024 * 1024;

/** A map says nothing of revisions: all of it counts as written at once. */
const REVISION = '1';

/** A bare JSON object of keys to values, each a text or, for a value that is a JSON object, that. */
export class JsonMap implements EntryFile {
  readonly revision = REVISION;

  private constructor(
    private readonly source: Source,
    private readonly entries: readonly Entry[],
  ) {}

  get name(): string {
    return this.source.name;
  }

  /** Reads the file whole. Throws UnusableFile. */
  static async open(source: Source): Promise<JsonMap> {
    const { name, size } = source;
    if (size > LARGEST) throw new UnusableFile(name, `is no backup, and larger than a JSON object of keys and values may be (${LARGEST / 1024 / 1024} MiB)`);
    return new JsonMap(source, entriesOf((await source.read(0, size)).toString(), name));
  }

  between(from: Buffer): Iterable<Iterable<Entry>> {
    return [this.entries.slice(this.#indexOf(from))];
  }

  close(): void {
    this.source.close();
  }

  /** Where the keys from this one on begin. */
  #indexOf(from: Buffer): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Buffer.from((this.entries[middle] as Entry).key).compare(from) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function entriesOf(text: string, name: string): readonly Entry[] {
  const map = parse(text, name);
  const keys = Object.keys(map).map((key) => ({ key, bytes: Buffer.from(key) })).sort((a, b) => a.bytes.compare(b.bytes));
  return keys.map(({ key }) => ({ key, value: valueText(map[key], key, name), modRevision: REVISION }));
}

function parse(text: string, name: string): Readonly<Record<string, unknown>> {
  const hint = 'make one with `calicoctl datastore backup`';
  let map: unknown;
  try {
    map = parseJson(text);
  } catch {
    throw new UnusableFile(name, text.trim() === '' ? 'is empty' : 'is neither a backup nor a JSON object of keys and values: it is no JSON', hint);
  }
  if (isMap(map)) return map;
  throw new UnusableFile(name, 'is neither a backup nor a JSON object of keys and values', hint);
}

function valueText(value: unknown, key: string, name: string): string {
  if (typeof value === 'string') return value;
  if (isMap(value)) return goJson(value);
  throw new UnusableFile(name, `has a value for ${JSON.stringify(key)} that is neither a text nor a JSON object`);
}

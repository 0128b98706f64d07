/** A YAML document with the line of everything in it. Scalars keep the text as it was written: a password `007` stays `007`. */
export type YamlNode =
  | { readonly kind: 'scalar'; readonly text: string; readonly line: number }
  | { readonly kind: 'mapping'; readonly entries: readonly YamlEntry[]; readonly line: number }
  | { readonly kind: 'list' | 'other'; readonly line: number };

export interface YamlEntry {
  readonly key: string;
  readonly line: number;
  readonly value: YamlNode;
}

/** A file that is not one YAML document; `line` counts from 1. The text of the file is never part of the message: it may hold a password. */
export class YamlProblem extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

type Library = typeof import('js-yaml');
type YamlEvent = ReturnType<Library['parseEvents']>[number];

/** Reads one YAML (or JSON) document; undefined where there is none. Throws YamlProblem. */
export async function readYamlTree(source: string): Promise<YamlNode | undefined> {
  const library = await import('js-yaml');
  const events = eventsOf(source, library);
  const documents = events.filter((event) => event.type === library.EVENT_ID.DOCUMENT).length;
  if (documents === 0) return undefined;
  if (documents > 1) throw new YamlProblem(1, `expected one document, found ${documents}`);
  return new TreeReader(source, events, library).document();
}

function eventsOf(source: string, { parseEvents, YAMLException }: Library): readonly YamlEvent[] {
  try {
    return parseEvents(source, { maxDepth: 16 });
  } catch (error) {
    if (error instanceof YAMLException) throw new YamlProblem((error.mark?.line ?? 0) + 1, withoutQuotation(error.reason));
    throw error;
  }
}

/** What the parser says, up to where it repeats the file: it names tags and anchors, and a password may look like one. */
function withoutQuotation(reason: string): string {
  return reason.split(/ ?(?:"|: |!<)/)[0] ?? reason;
}

/** Builds the tree from the events, which it walks through once. */
class TreeReader {
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly events: readonly YamlEvent[],
    private readonly library: Library,
  ) {}

  document(): YamlNode {
    this.at++;
    return this.node(0);
  }

  private node(before: number): YamlNode {
    const { EVENT_ID, getScalarValue } = this.library;
    const event = this.events[this.at++];
    if (event?.type === EVENT_ID.SCALAR) {
      const { valueStart } = event;
      return { kind: 'scalar', text: valueStart < 0 ? '' : getScalarValue(this.source, event), line: this.lineAt(valueStart < 0 ? before : valueStart) };
    }
    if (event?.type === EVENT_ID.MAPPING) return this.mapping(event.start);
    if (event?.type !== EVENT_ID.SEQUENCE) return { kind: 'other', line: this.lineAt(before) };
    while (!this.ends()) this.node(event.start);
    return { kind: 'list', line: this.lineAt(event.start) };
  }

  private mapping(start: number): YamlNode {
    const entries: YamlEntry[] = [];
    let offset = start;
    while (!this.ends()) {
      const key = this.events[this.at];
      if (key?.type === this.library.EVENT_ID.SCALAR) offset = key.valueStart;
      const name = this.node(offset);
      if (name.kind !== 'scalar') throw new YamlProblem(name.line, 'a key is not plain text');
      entries.push({ key: name.text, line: name.line, value: this.node(offset) });
    }
    return { kind: 'mapping', entries, line: this.lineAt(start) };
  }

  /** Whether the collection ends here; then its end is passed. */
  private ends(): boolean {
    if (this.events[this.at]?.type !== this.library.EVENT_ID.POP) return false;
    this.at++;
    return true;
  }

  private lineAt(offset: number): number {
    return this.source.slice(0, Math.max(offset, 0)).split('\n').length;
  }
}

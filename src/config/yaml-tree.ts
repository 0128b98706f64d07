/** A YAML document with the line of everything in it. Scalars keep the text as it was written: a password `007` stays `007`. */
export type YamlNode =
  | { readonly kind: 'scalar'; readonly text: string; readonly line: number }
  | { readonly kind: 'mapping'; readonly entries: readonly YamlEntry[]; readonly line: number }
  | { readonly kind: 'other'; readonly line: number };

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

/** Reads one YAML (or JSON) document; undefined where there is none. Throws YamlProblem. */
export async function readYamlTree(source: string): Promise<YamlNode | undefined> {
  const { parseEvents, getScalarValue, EVENT_ID, YAMLException } = await import('js-yaml');
  let events;
  try {
    events = parseEvents(source, { maxDepth: 16 });
  } catch (error) {
    if (error instanceof YAMLException) throw new YamlProblem((error.mark?.line ?? 0) + 1, error.reason);
    throw error;
  }
  const lineAt = (offset: number): number => source.slice(0, Math.max(offset, 0)).split('\n').length;
  let at = 0;
  const node = (before: number): YamlNode => {
    const event = events[at++];
    if (event?.type === EVENT_ID.SCALAR) {
      const { valueStart } = event;
      return { kind: 'scalar', text: valueStart < 0 ? '' : getScalarValue(source, event), line: lineAt(valueStart < 0 ? before : valueStart) };
    }
    if (event?.type === EVENT_ID.MAPPING) return mapping(event.start);
    if (event?.type === EVENT_ID.SEQUENCE) {
      while (events[at]?.type !== EVENT_ID.POP) node(event.start);
      at++;
      return { kind: 'other', line: lineAt(event.start) };
    }
    return { kind: 'other', line: lineAt(before) };
  };
  const mapping = (start: number): YamlNode => {
    const entries: YamlEntry[] = [];
    let offset = start;
    while (events[at]?.type !== EVENT_ID.POP) {
      const key = events[at];
      if (key?.type === EVENT_ID.SCALAR) offset = key.valueStart;
      const name = node(offset);
      if (name.kind !== 'scalar') throw new YamlProblem(name.line, 'a key is not plain text');
      entries.push({ key: name.text, line: name.line, value: node(offset) });
    }
    at++;
    return { kind: 'mapping', entries, line: lineAt(start) };
  };
  const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT).length;
  if (documents === 0) return undefined;
  if (documents > 1) throw new YamlProblem(1, `${documents} documents where one is expected`);
  at++;
  return node(0);
}

/** A map of parsed JSON or YAML: its values may be anything. */
export type Data = Record<string, unknown>;

/** Whether a parsed value is a map: not null, not a list. */
export function isMap(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The key under which a map holds a field: spelt exactly so, else in another letter case. */
export function spellingIn(map: Data, name: string): string | undefined {
  if (Object.hasOwn(map, name)) return name;
  return Object.keys(map).find((key) => key.toLowerCase() === name.toLowerCase());
}

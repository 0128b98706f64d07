/** A map of parsed JSON or YAML: its values may be anything. */
export type Data = Record<string, unknown>;

/** Whether a parsed value is a map: not null, not a list. */
export function isMap(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

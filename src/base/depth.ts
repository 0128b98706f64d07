/** Maps and lists inside one another that anything stored may have; what Calico stores has some fifteen. */
export const MOST_LEVELS = 200;

/** Why a value that is nested deeper is not read: printing, comparing and changing it would take more stack than there is. */
export const TOO_DEEP = `nested more than ${MOST_LEVELS} levels deep`;

/** Whether maps and lists stand inside one another at more than MOST_LEVELS levels. */
export function isTooDeep(value: unknown): boolean {
  return isDeeper(value, MOST_LEVELS);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((each) => isDeeper(each, levels - 1));
  for (const key in value) if (isDeeper((value as Record<string, unknown>)[key], levels - 1)) return true;
  return false;
}

/** Whether a JSON text has enough brackets to be too deep at all: others need no look, and most of what is stored has a few dozen. */
export function mayBeTooDeep(text: string): boolean {
  if (text.length <= 2 * MOST_LEVELS) return false;
  let left = MOST_LEVELS;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) if (left-- === 0) return true;
  }
  return false;
}

/** Searching a text for more others than this takes as long as parsing it. */
const MOST_SEARCHED = 20;

/** Whether a stored text may hold one of some others, found out without parsing it; of many, any may. */
export function mayHoldOneOf(texts: readonly string[]): (value: string) => boolean {
  return texts.length > MOST_SEARCHED ? () => true : (value) => texts.some((text) => value.includes(text));
}

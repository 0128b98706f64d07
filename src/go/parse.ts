const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

/** A truth value as Go reads it from text, or undefined. */
export function parseGoBool(text: string): boolean | undefined {
  if (TRUE.includes(text)) return true;
  return FALSE.includes(text) ? false : undefined;
}

/** A whole number of the command line, in plain form (`7`, `-1`), or undefined. */
export function parseGoInteger(text: string): number | undefined {
  const value = /^-?(?:0|[1-9]\d*)$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}

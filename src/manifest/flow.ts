/** What is wrong with a text in brackets, at an offset of it. */
export interface FlowProblem {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/**
 * What is wrong with the brackets of a document that is written in them from its start, as JSON is: one that closes
 * nothing, one that closes another kind, text after the last one. Undefined where they are right or not all closed.
 */
export function flowProblem(text: string): FlowProblem | undefined {
  const start = /^(?:---)?(?:\s|#[^\n]*\n)*/.exec(text)?.[0].length ?? 0;
  if (!(text.charAt(start) in CLOSING)) return undefined;
  const open: number[] = [];
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') at = endOfString(text, at);
    else if (character in CLOSING) open.push(at);
    else if (character === '}' || character === ']') {
      const opening = text.charAt(open.at(-1) ?? -1);
      if (CLOSING[opening] !== character) return { offset: at, message: `this ${character} does not close the ${opening} before it`, hint: `close that with ${CLOSING[opening] ?? ''} first` };
      open.pop();
      if (open.length === 0) return afterEnd(text, at + 1);
    }
  }
  return undefined;
}

/** Text behind the last bracket: more brackets than were opened, or another document. */
function afterEnd(text: string, end: number): FlowProblem | undefined {
  const blank = /^(?:\s|#[^\n]*(?:\n|$))*/.exec(text.slice(end))?.[0].length ?? 0;
  const offset = end + blank;
  const next = text.charAt(offset);
  if (next === '' || /^(?:---|\.\.\.)/.test(text.slice(offset, offset + 3))) return undefined;
  if (next === '}' || next === ']') return closesNothing(offset, next);
  if (next in CLOSING) return { offset, message: 'a second document starts here', hint: "put a line '---' before it, or write all of them as one list: [ ..., ... ]" };
  if (next === ',') return { offset, message: 'a comma after the end of the document', hint: 'write several documents as one list: [ ..., ... ]' };
  return { offset, message: 'text after the end of the document' };
}

/** What is said of a closing bracket that is one too many. */
export function closesNothing(offset: number, bracket: string): FlowProblem {
  return { offset, message: `this ${bracket} closes nothing: every bracket is closed before it`, hint: 'remove it' };
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

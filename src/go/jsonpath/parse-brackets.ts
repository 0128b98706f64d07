import { parsePath } from './parse-path.js';
import { Scanner } from './scanner.js';
import { JsonPathError, OPERATORS, type Operator, type Step } from './steps.js';

/** Reads `[...]`: an index, a slice, a key in quotes, a wildcard, several of them, or a filter. Throws JsonPathError. */
export function parseBrackets(scanner: Scanner): Step {
  const { at } = scanner;
  scanner.accept('[');
  if (scanner.accept('?(')) return filter(scanner, at);
  const members = [member(scanner)];
  while (scanner.accept(',')) members.push(member(scanner));
  if (!scanner.accept(']')) throw new JsonPathError(scanner.at, `expected "]", found ${scanner.found()}`);
  const [first] = members;
  return members.length === 1 && first !== undefined ? first : { kind: 'union', at, members: members.map((each) => [each]) };
}

function member(scanner: Scanner): Step {
  scanner.skipBlanks();
  const { at } = scanner;
  const step = key(scanner, at) ?? numbers(scanner, at);
  scanner.skipBlanks();
  if (step === undefined) throw new JsonPathError(at, `expected an index, a slice such as 1:3, a key in quotes, "*" or "?(", found ${scanner.found()}`);
  return step;
}

function key(scanner: Scanner, at: number): Step | undefined {
  if (scanner.accept('*')) return { kind: 'slice', at };
  const raw = scanner.take(/'[^']*'|"[^"]*"/y)?.slice(1, -1);
  if (raw === undefined) return undefined;
  const inner = new Scanner(`.${raw}`);
  try {
    const path = parsePath(inner);
    return { kind: 'key', at, name: raw, path: inner.atEnd ? path : [] };
  } catch (error) {
    // No path, as the key "a b" is none: then it is only a name.
    if (error instanceof JsonPathError) return { kind: 'key', at, name: raw, path: [] };
    throw error;
  }
}

function numbers(scanner: Scanner, at: number): Step | undefined {
  const text = scanner.take(/-?\d+(?::-?\d*)?(?::-?\d*)?|:-?\d*(?::-?\d*)?/y);
  if (text === undefined) return undefined;
  const [from, to, by] = text.split(':').map((part) => (part === '' ? undefined : Number(part)));
  if (!text.includes(':')) return { kind: 'index', at, index: from as number };
  if (by !== undefined && by <= 0) throw new JsonPathError(at, `expected a step above 0, found ${by}`);
  return { kind: 'slice', at, ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(by !== undefined && { by }) };
}

/** `[?(@.a == "b")]`, or without a comparison whether there is such a value. */
function filter(scanner: Scanner, at: number): Step {
  const left = parsePath(scanner);
  const operatorAt = scanner.at;
  const text = scanner.take(/[!<>=~]+/y);
  if (text === undefined) {
    close(scanner);
    if (left.length === 0) throw new JsonPathError(operatorAt, 'expected a condition such as @.name == "a", found nothing');
    return { kind: 'exists', at, path: left };
  }
  const operator = operatorOf(text, operatorAt);
  scanner.skipBlanks();
  const rightAt = scanner.at;
  const right = parsePath(scanner);
  if (right.length === 0 && scanner.text.charAt(rightAt) !== '@') throw new JsonPathError(rightAt, `expected a value, found ${scanner.found()}`, 'texts stand in quotes');
  close(scanner);
  return { kind: 'compare', at, left, operator, right };
}

function operatorOf(text: string, at: number): Operator {
  const operator = OPERATORS.find((each) => each === text);
  if (operator !== undefined) return operator;
  throw new JsonPathError(at, `expected one of ${OPERATORS.join(' ')}, found ${text}`, text === '=' ? 'the comparison is ==' : text === '=~' ? 'regular expressions are not part of kubectl\'s form' : undefined);
}

function close(scanner: Scanner): void {
  scanner.skipBlanks();
  if (/^(?:&&|\|\|)/.test(scanner.text.slice(scanner.at))) throw new JsonPathError(scanner.at, 'expected ")]": a filter has one comparison', 'one after the other narrow a list: use --selector and --field before');
  if (scanner.accept(')]')) return;
  throw new JsonPathError(scanner.at, `expected ")]", found ${scanner.found()}`);
}

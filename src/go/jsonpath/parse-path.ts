import { parseBrackets } from './parse-brackets.js';
import type { Scanner } from './scanner.js';
import { JsonPathError, type Path, type Step } from './steps.js';

/** Where a name ends, unless a backslash stands before it. */
const NAME = /(?:\\[^]|[^\s.,[\]$@{}()!<>="'\\])+/y;

/**
 * Reads a path up to what does not belong to one, as k8s.io/client-go/util/jsonpath reads an action: `$` and `@` are the current value.
 * Throws JsonPathError.
 */
export function parsePath(scanner: Scanner): Path {
  const steps: Step[] = [];
  for (;;) {
    scanner.skipBlanks();
    const step = nextStep(scanner, steps);
    if (step === 'end') return steps;
    steps.push(...step);
  }
}

function nextStep(scanner: Scanner, before: Path): Path | 'end' {
  const { at } = scanner;
  if (scanner.accept('$') || scanner.accept('@')) return [];
  if (scanner.accept('..')) return descent(scanner, at, before);
  if (scanner.accept('.')) return named(scanner, at);
  if (scanner.next === '[') return [parseBrackets(scanner)];
  if (scanner.next === '"' || scanner.next === "'") return [{ kind: 'literal', at, value: scanner.quoted() }];
  const number = scanner.take(/[+-]?\d+(?:\.\d+)?(?![\w.])/y);
  if (number !== undefined) return [{ kind: 'literal', at, value: Number(number) }];
  const word = scanner.take(/[A-Za-z][\w-]*/y);
  if (word === undefined) return 'end';
  if (word === 'true' || word === 'false') return [{ kind: 'literal', at, value: word === 'true' }];
  throw new JsonPathError(at, `expected a path, found the word ${word}`, `a path begins with a point: .${word}`);
}

/** `..name` and `..[0]`; `...name` is the same. */
function descent(scanner: Scanner, at: number, before: Path): Path {
  if (before.at(-1)?.kind === 'descent' || scanner.text.startsWith('..', scanner.at)) throw new JsonPathError(at, 'expected one "..", found several');
  const step = { kind: 'descent', at } as const;
  const name = scanner.take(/\*/y) ?? scanner.take(NAME);
  return name === undefined ? [step] : [step, nameStep(name, at)];
}

function named(scanner: Scanner, at: number): Path {
  const name = scanner.take(/\*/y) ?? scanner.take(NAME);
  return name === undefined ? [] : [nameStep(name, at)];
}

function nameStep(name: string, at: number): Step {
  return name === '*' ? { kind: 'wildcard', at } : { kind: 'field', at, name: name.replace(/\\([^])/g, '$1') };
}

import { isMap, type Data } from '../../base/data.js';
import { describe } from '../../resources/fields/field.js';
import type { Path, Problems } from '../../resources/problem.js';
import { sameData } from '../../resources/same-value.js';
import { stepsToSecret } from '../../text/secret-names.js';
import { Inapplicable, type Patch } from './patch.js';

/** One operation of a JSON patch (RFC 6902). Pointers are taken apart: '' is no step. */
interface Operation {
  readonly op: (typeof OPERATIONS)[number];
  readonly path: readonly string[];
  readonly from: readonly string[];
  readonly value: unknown;
}

const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const;
const WITH_VALUE: readonly string[] = ['add', 'replace', 'test'];
const WITH_FROM: readonly string[] = ['move', 'copy'];

/** A JSON patch: operations that are carried out in their order, all of them or none. */
export function readJsonPatch(value: unknown, problems: Problems): Patch | undefined {
  if (!Array.isArray(value)) {
    problems.add('type', [], `a JSON patch is a list of operations, not ${describe(value)}`, { hint: 'write for example [{"op": "replace", "path": "/spec/order", "value": 10}], or give --type merge' });
    return undefined;
  }
  const operations = value.map((each: unknown, index) => readOperation(each, index, problems)).filter((each) => each !== undefined);
  if (operations.length < value.length) return undefined;
  return { apply: (document) => applied(document, operations), source: (path) => sourceOf(path, operations) };
}

function readOperation(raw: unknown, index: number, problems: Problems): Operation | undefined {
  const wrong = (path: Path, message: string, hint?: string): undefined => problems.add('value', [index, ...path], message, { hint }) as undefined;
  if (!isMap(raw)) return wrong([], `expected an operation such as {"op": "remove", "path": "/spec/order"}, found ${describe(raw)}`);
  const op = OPERATIONS.find((each) => each === own(raw, 'op'));
  if (op === undefined) return wrong(['op'], `expected ${OPERATIONS.slice(0, -1).join(', ')} or test, found ${describe(own(raw, 'op'))}`);
  if (WITH_VALUE.includes(op) && !Object.hasOwn(raw, 'value')) return wrong([], `${op} needs a value`);
  const read = (name: 'path' | 'from'): readonly string[] | undefined => {
    const steps = pointerSteps(own(raw, name));
    return steps ?? wrong([name], `expected a pointer such as /spec/order, found ${describe(own(raw, name))}`, 'in a key, / is written ~1 and ~ is written ~0');
  };
  const [path, from] = [read('path'), WITH_FROM.includes(op) ? read('from') : []];
  if (path === undefined || from === undefined) return undefined;
  if (op === 'move' && from.length < path.length && leadsTo(from, path)) return wrong(['path'], 'nothing can be moved into itself');
  return { op, path, from, value: own(raw, 'value') };
}

function own(map: Data, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** The steps of a pointer (RFC 6901), or undefined where it is none. */
function pointerSteps(pointer: unknown): readonly string[] | undefined {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/')) || /~(?![01])/.test(pointer)) return undefined;
  return pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function applied(document: Data, operations: readonly Operation[]): unknown {
  return operations.reduce<unknown>((value, operation, index) => {
    try {
      return performed(value, operation);
    } catch (error) {
      if (!(error instanceof Inapplicable)) throw error;
      throw new Inapplicable(`operation ${index + 1} of the patch, ${operation.op} ${pointerText(operation.path)}: ${error.message}`);
    }
  }, document);
}

function performed(document: unknown, { op, path, from, value }: Operation): unknown {
  if (op === 'add') return changed(document, path, (container, step) => withAdded(container, step, value), value);
  if (op === 'remove') return withoutPath(document, path);
  if (op === 'replace') {
    existing(document, path);
    return changed(document, path, (container, step) => withMember(container, step, value), value);
  }
  const found = existing(document, op === 'test' ? path : from);
  if (op === 'test') {
    if (!sameData(found, value)) throw new Inapplicable(stepsToSecret(path) > 0 ? 'the value is another' : `found ${describe(found)}, not ${describe(value)}`);
    return document;
  }
  const rest = op === 'move' ? withoutPath(document, from) : document;
  return changed(rest, path, (container, step) => withAdded(container, step, found), found);
}

function withoutPath(document: unknown, path: readonly string[]): unknown {
  existing(document, path);
  return changed(document, path, (container, step) => (Array.isArray(container) ? container.toSpliced(Number(step), 1) : Object.fromEntries(Object.entries(container).filter(([key]) => key !== step))), null);
}

type Container = Data | readonly unknown[];

/** A document in which the container of a place is another: nothing of the one that is given changes. `whole` is what stands for the document itself. */
function changed(document: unknown, path: readonly string[], change: (container: Container, step: string) => unknown, whole: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return whole;
  if (!Array.isArray(document) && !isMap(document)) throw new Inapplicable(`what should hold ${JSON.stringify(step)} is ${describe(document)}`);
  if (rest.length === 0) return change(document, step);
  return withMember(document, step, changed(existing(document, [step]), rest, change, whole));
}

/** What stands at a path. Throws Inapplicable where nothing does. */
function existing(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, step, index) => {
    if (Array.isArray(at) ? isIndex(step) && Number(step) < at.length : isMap(at) && Object.hasOwn(at, step)) return (at as Data)[step];
    throw new Inapplicable(`nothing stands at ${pointerText(path.slice(0, index + 1))}`);
  }, document);
}

function withAdded(container: Container, step: string, value: unknown): unknown {
  if (!Array.isArray(container)) return withMember(container, step, value);
  if (step !== '-' && (!isIndex(step) || Number(step) > container.length)) throw new Inapplicable(`${JSON.stringify(step)} is no place in a list of ${container.length}`);
  return container.toSpliced(step === '-' ? container.length : Number(step), 0, value);
}

function withMember(container: Container, step: string, value: unknown): unknown {
  return Array.isArray(container) ? container.with(Number(step), value) : Object.fromEntries([...Object.entries(container), [step, value]]);
}

function isIndex(step: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(step);
}

function pointerText(steps: readonly string[]): string {
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('') || 'the document';
}

/** The last operation that had a say in what stands at a path. */
function sourceOf(path: Path, operations: readonly Operation[]): Path {
  const steps = path.map(String);
  for (let index = operations.length - 1; index >= 0; index--) {
    const { op, path: target } = operations[index]!;
    if (op === 'test' || !(leadsTo(target, steps) || leadsTo(steps, target))) continue;
    return leadsTo(target, steps) && WITH_VALUE.includes(op) ? [index, 'value', ...path.slice(target.length)] : [index, 'path'];
  }
  return [];
}

/** Whether one place is another or holds it. */
function leadsTo(above: readonly string[], below: readonly string[]): boolean {
  return above.length <= below.length && above.every((step, index) => step === below[index]);
}

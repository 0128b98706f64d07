import { TEMPLATE_NAME } from './cursor.js';
import type { TemplateFunction } from './functions.js';
import { quote, type BranchNode, type CallNode, type CommandNode, type Node, type Operand, type PipeNode, type Place } from './nodes.js';
import type { Template } from './parser.js';
import { isTemplateMap, isNil, mapKeys, NilPointer, print, TemplateStruct, truth, typeOf, type TemplateValue } from './value.js';

const MAX_DEPTH = 1000;

/** A template that cannot be carried out on the data; the message is Go's, with the place. */
export class TemplateExecutionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateExecutionError';
  }
}

interface Variable {
  readonly name: string;
  value: TemplateValue;
}

/** Whether a command was given nothing by the pipe; unlike `undefined`, which is a value that is not there. */
const NOTHING = Symbol('nothing');

/** How a list of nodes ended. */
type Exit = 'break' | 'continue' | undefined;

/** Carries out a template on data. */
export class Evaluator {
  private variables: Variable[];
  /** Where an error is reported. */
  private place: Place | undefined;
  private depth = 0;
  /** The template being carried out. */
  private name = TEMPLATE_NAME;

  constructor(
    private readonly template: Template,
    private readonly functions: ReadonlyMap<string, TemplateFunction>,
    private readonly write: (text: string) => void,
    data: TemplateValue,
  ) {
    this.variables = [{ name: '$', value: data }];
  }

  /** Writes the nodes' text. Throws TemplateExecutionError. */
  run(nodes: readonly Node[], dot: TemplateValue): Exit {
    for (const node of nodes) {
      const exit = this.node(node, dot);
      if (exit !== undefined) return exit;
    }
    return undefined;
  }

  private node(node: Node, dot: TemplateValue): Exit {
    switch (node.kind) {
      case 'text':
        this.write(node.text);
        return undefined;
      case 'action': {
        const value = this.pipe(node.pipe, dot);
        if (node.pipe.variables.length === 0) this.write(value === undefined ? '<no value>' : print(value));
        return undefined;
      }
      case 'if':
      case 'with':
        return this.scoped(() => {
          const value = this.pipe(node.pipe, dot);
          return truth(value) ? this.run(node.body, node.kind === 'with' ? value : dot) : this.run(node.otherwise, dot);
        });
      case 'range':
        return this.scoped(() => this.range(node, dot));
      case 'template':
        return this.call(node, dot);
      case 'break':
      case 'continue':
        return node.kind;
    }
  }

  private scoped(work: () => Exit): Exit {
    const outer = this.variables.length;
    const exit = work();
    this.variables.length = outer;
    return exit;
  }

  private range(node: BranchNode, dot: TemplateValue): Exit {
    const value = this.pipe(node.pipe, dot);
    let isEmpty = true;
    for (const [key, element] of this.elements(value, node.pipe.variables.length)) {
      isEmpty = false;
      const exit = this.scoped(() => {
        this.setLoopVariables(node.pipe, key, element);
        return this.run(node.body, element);
      });
      if (exit === 'break') break;
    }
    return isEmpty ? this.run(node.otherwise, dot) : undefined;
  }

  private *elements(value: TemplateValue, variables: number): Generator<readonly [TemplateValue, TemplateValue]> {
    if (Array.isArray(value)) yield* value.entries();
    else if (isTemplateMap(value)) for (const key of mapKeys(value)) yield [key, value[key]];
    else if (typeof value === 'number' && Number.isInteger(value)) {
      if (variables > 1) this.fail(`can't use ${value} to iterate over more than one variable`);
      for (let index = 0; index < value; index += 1) yield [undefined, index];
    } else if (!isNil(value)) this.fail(`range can't iterate over ${print(value)}`);
  }

  private setLoopVariables({ variables: [first, second], assigns }: PipeNode, key: TemplateValue, element: TemplateValue): void {
    if (first === undefined) return;
    this.setVariable(first, second === undefined ? element : key, assigns);
    if (second !== undefined) this.setVariable(second, element, assigns);
  }

  private call(node: CallNode, dot: TemplateValue): Exit {
    this.place = node;
    const nodes = this.template.definitions.get(node.name);
    if (nodes === undefined) this.fail(`template ${JSON.stringify(node.name)} not defined`);
    if (this.depth === MAX_DEPTH) this.fail(`exceeded maximum template depth (${MAX_DEPTH})`);
    const data = node.pipe && this.pipe(node.pipe, dot);
    const { variables, name } = this;
    this.variables = [{ name: '$', value: data }];
    this.name = node.name;
    this.depth += 1;
    this.run(nodes, data);
    this.depth -= 1;
    this.name = name;
    this.variables = variables;
    return undefined;
  }

  private pipe(pipe: PipeNode, dot: TemplateValue): TemplateValue {
    this.place = pipe;
    let value: TemplateValue = NOTHING;
    for (const command of pipe.commands) value = this.command(command, dot, value);
    // The variables of a range are set again for each element.
    for (const name of pipe.variables) this.setVariable(name, value, pipe.assigns);
    return value;
  }

  private setVariable(name: string, value: TemplateValue, assigns: boolean): void {
    if (!assigns) {
      this.variables.push({ name, value });
      return;
    }
    const variable = this.variables.findLast((each) => each.name === name);
    if (variable === undefined) this.fail(`undefined variable: ${name}`);
    variable.value = value;
  }

  private command(command: CommandNode, dot: TemplateValue, piped: TemplateValue): TemplateValue {
    const [first, ...rest] = command.operands as [Operand, ...Operand[]];
    if (first.kind === 'function') return this.callFunction(first.name, rest, dot, piped, command);
    const hasArguments = rest.length > 0 || piped !== NOTHING;
    if (first.kind !== 'pipe') this.place = first;
    const field = lastField(first);
    if (hasArguments && field === undefined) this.fail(`can't give argument to non-function ${quote(first)}`);
    if (first.kind === 'nil') this.fail('nil is not a command');
    const value = this.operand(first, dot);
    if (hasArguments) this.fail(`${field} has arguments but cannot be invoked as function`);
    return value;
  }

  private operand(operand: Operand, dot: TemplateValue): TemplateValue {
    this.place = operand;
    switch (operand.kind) {
      case 'field':
        return this.fields(dot, operand.names);
      case 'variable':
        return this.fields(this.variables.findLast((each) => each.name === operand.name)?.value, operand.fields);
      case 'chain': {
        if (operand.of.kind === 'nil') this.fail(`indirection through explicit nil in ${quote(operand)}`);
        const value = this.operand(operand.of, dot);
        this.place = operand;
        return this.fields(value, operand.fields);
      }
      case 'function':
        return this.callFunction(operand.name, [], dot, NOTHING, operand);
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'literal':
        return operand.value;
      case 'pipe':
        return this.pipe(operand, dot);
    }
  }

  private fields(start: TemplateValue, names: readonly string[]): TemplateValue {
    return names.reduce<TemplateValue>((value, name) => this.field(value, name), start);
  }

  private field(value: TemplateValue, name: string): TemplateValue {
    if (value === undefined) return undefined;
    if (value instanceof TemplateStruct) {
      const found = value.fieldOf(name);
      if (found !== undefined) return found.value;
    }
    if (value instanceof NilPointer || value === null) this.fail(`nil pointer evaluating ${typeOf(value)}.${name}`);
    if (isTemplateMap(value)) return value[name];
    return this.fail(`can't evaluate field ${name} in type ${typeOf(value)}`);
  }

  private callFunction(name: string, operands: readonly Operand[], dot: TemplateValue, piped: TemplateValue, place: Place): TemplateValue {
    const called = this.functions.get(name) as TemplateFunction;
    const count = operands.length + (piped === NOTHING ? 0 : 1);
    const [least, most] = called.arguments;
    this.place = place.kind === 'command' ? place.operands[0] : place;
    if (count < least || count > most) {
      this.fail(`wrong number of args for ${name}: want ${most === Infinity ? 'at least ' : ''}${least} got ${most === Infinity ? operands.length : count}`);
    }
    if (called.stopsAt !== undefined) return this.shortCircuit(called.stopsAt, operands, dot, piped);
    const values = operands.map((operand) => this.operand(operand, dot));
    if (piped !== NOTHING) values.push(piped);
    try {
      return called.call(values);
    } catch (error) {
      if (!(error instanceof Error) || error instanceof TemplateExecutionError) throw error;
      this.place = place;
      return this.fail(`error calling ${name}: ${error.message}`);
    }
  }

  /** `and` and `or`: evaluates operands until one decides. */
  private shortCircuit(stopsAt: boolean, operands: readonly Operand[], dot: TemplateValue, piped: TemplateValue): TemplateValue {
    let value: TemplateValue;
    for (const operand of operands) {
      value = this.operand(operand, dot);
      if (truth(value) === stopsAt) return value;
    }
    return piped === NOTHING ? value : piped;
  }

  private fail(message: string): never {
    if (this.place === undefined) throw new TemplateExecutionError(`template: ${this.name}: ${message}`);
    const before = this.template.source.slice(0, this.place.position);
    const line = before.split('\n').length;
    const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1));
    throw new TemplateExecutionError(
      `template: ${TEMPLATE_NAME}:${line}:${column}: executing ${JSON.stringify(this.name)} at <${quote(this.place)}>: ${message}`,
    );
  }
}

/** The name of the field that an operand ends with, if it ends with one. */
function lastField(operand: Operand): string | undefined {
  if (operand.kind === 'field') return operand.names.at(-1);
  return operand.kind === 'chain' || operand.kind === 'variable' ? operand.fields.at(-1) : undefined;
}

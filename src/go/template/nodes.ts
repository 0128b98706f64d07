/** Where a node stands: an offset in the template. */
interface Placed {
  readonly position: number;
}

export interface FieldNode extends Placed { readonly kind: 'field'; readonly names: readonly string[] }
export interface VariableNode extends Placed { readonly kind: 'variable'; readonly name: string; readonly fields: readonly string[] }
export interface ChainNode extends Placed { readonly kind: 'chain'; readonly of: Operand; readonly fields: readonly string[] }
export interface FunctionNode extends Placed { readonly kind: 'function'; readonly name: string }
export interface DotNode extends Placed { readonly kind: 'dot' }
export interface NilNode extends Placed { readonly kind: 'nil' }
/** A boolean, number or string, with its text in the template. */
export interface LiteralNode extends Placed { readonly kind: 'literal'; readonly value: unknown; readonly text: string }
export type Operand = FieldNode | VariableNode | ChainNode | FunctionNode | DotNode | NilNode | LiteralNode | PipeNode;

export interface CommandNode extends Placed { readonly kind: 'command'; readonly operands: readonly Operand[] }

export interface PipeNode extends Placed {
  readonly kind: 'pipe';
  /** Variables set to the pipe's value. */
  readonly variables: readonly string[];
  /** Whether the variables exist already (`=`), else they are declared (`:=`). */
  readonly assigns: boolean;
  readonly commands: readonly CommandNode[];
}

export interface TextNode extends Placed { readonly kind: 'text'; readonly text: string }
export interface ActionNode extends Placed { readonly kind: 'action'; readonly pipe: PipeNode }
export interface BranchNode extends Placed {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipe: PipeNode;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}
export interface LoopExitNode extends Placed { readonly kind: 'break' | 'continue' }
export interface CallNode extends Placed { readonly kind: 'template'; readonly name: string; readonly pipe: PipeNode | undefined }
export type Node = TextNode | ActionNode | BranchNode | LoopExitNode | CallNode;

/** What an error can point at. */
export type Place = Operand | CommandNode | CallNode;

/** A part of a template as Go's messages quote it. */
export function quote(node: Place): string {
  switch (node.kind) {
    case 'field':
      return dotted(node.names);
    case 'variable':
      return node.name + dotted(node.fields);
    case 'chain':
      return (node.of.kind === 'pipe' ? `(${quote(node.of)})` : quote(node.of)) + dotted(node.fields);
    case 'function':
      return node.name;
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'literal':
      return node.text;
    case 'command':
      return node.operands.map((operand) => (operand.kind === 'pipe' ? `(${quote(operand)})` : quote(operand))).join(' ');
    case 'template':
      return `{{template ${JSON.stringify(node.name)}${node.pipe === undefined ? '' : ` ${quote(node.pipe)}`}}}`;
    case 'pipe': {
      const declaration = node.variables.length === 0 ? '' : `${node.variables.join(', ')} ${node.assigns ? '=' : ':='} `;
      return declaration + node.commands.map(quote).join(' | ');
    }
  }
}

function dotted(names: readonly string[]): string {
  return names.map((name) => `.${name}`).join('');
}

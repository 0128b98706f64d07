import { Cursor } from './cursor.js';
import type { TokenKind } from './lexer.js';
import { characterValue, numberValue, stringValue } from './literals.js';
import { quote, type CommandNode, type Operand, type PipeNode } from './nodes.js';

const OPERAND_STARTS = new Set<TokenKind>([
  'identifier', 'field', 'variable', 'dot', 'nil', 'boolean', 'number', 'character', 'string', 'raw string', '(',
]);

/** Reads what stands in actions: pipes of commands, and their operands. */
export class PipeParser extends Cursor {
  /** The variables that may be used here. */
  protected variables = ['$'];

  constructor(source: string, private readonly functions: ReadonlySet<string>) {
    super(source);
  }

  protected pipe(context: string, close: 'close' | ')'): PipeNode {
    this.takeSpace();
    const position = this.peek().position;
    const { variables, assigns } = this.declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.takeAfterSpace();
      if (token.kind === close) break;
      if (!OPERAND_STARTS.has(token.kind)) this.unexpected(token, context);
      this.index -= 1;
      commands.push(this.command());
    }
    if (commands.length === 0) this.fail(`missing value for ${context}`);
    commands.slice(1).forEach(({ operands: [first] }, index) => {
      if (first?.kind === 'literal' || first?.kind === 'dot' || first?.kind === 'nil') this.fail(`non executable command in pipeline stage ${index + 2}`);
    });
    return { kind: 'pipe', position, variables, assigns, commands };
  }

  private declarations(context: string): Pick<PipeNode, 'variables' | 'assigns'> {
    const variables: string[] = [];
    for (;;) {
      const start = this.index;
      const variable = this.takeAfterSpace();
      const sign = variable.kind === 'variable' ? this.takeAfterSpace() : undefined;
      const isComma = sign?.kind === 'sign' && sign.text === ',';
      if (sign === undefined || !(isComma || sign.kind === 'declare' || sign.kind === 'assign')) {
        this.index = start;
        return { variables, assigns: false };
      }
      variables.push(variable.text);
      this.variables.push(variable.text);
      if (!isComma) return { variables, assigns: sign.kind === 'assign' };
      if (context !== 'range' || variables.length > 1) this.fail(`too many declarations in ${context}`);
      this.takeSpace();
      if (!['variable', 'close', ')'].includes(this.peek().kind)) this.fail('range can only initialize variables');
    }
  }

  private command(): CommandNode {
    this.takeSpace();
    const position = this.peek().position;
    const operands: Operand[] = [];
    for (;;) {
      this.takeSpace();
      if (OPERAND_STARTS.has(this.peek().kind)) operands.push(this.operand());
      const token = this.take();
      if (token.kind === 'space') continue;
      if (token.kind === 'close' || token.kind === ')') this.index -= 1;
      else if (token.kind !== 'pipe') this.unexpected(token, 'operand');
      break;
    }
    if (operands.length === 0) this.fail('empty command');
    return { kind: 'command', position, operands };
  }

  private operand(): Operand {
    const term = this.term();
    const position = this.peek().position;
    const fields: string[] = [];
    while (this.peek().kind === 'field') fields.push(this.take().text.slice(1));
    if (fields.length === 0) return term;
    if (term.kind === 'field') return { ...term, position, names: [...term.names, ...fields] };
    if (term.kind === 'variable') return { ...term, position, fields };
    if (term.kind === 'literal' || term.kind === 'nil' || term.kind === 'dot') this.fail(`unexpected . after term ${JSON.stringify(quote(term))}`);
    return { kind: 'chain', position, of: term, fields };
  }

  private term(): Operand {
    const { kind, text, position } = this.take();
    switch (kind) {
      case 'identifier':
        if (!this.functions.has(text)) this.fail(`function ${JSON.stringify(text)} not defined`);
        return { kind: 'function', position, name: text };
      case 'variable':
        if (!this.variables.includes(text)) this.fail(`undefined variable ${JSON.stringify(text)}`);
        return { kind, position, name: text, fields: [] };
      case 'field':
        return { kind, position, names: [text.slice(1)] };
      case 'dot':
      case 'nil':
        return { kind, position };
      case '(':
        return this.pipe('parenthesized pipeline', ')');
      default:
        return { kind: 'literal', position, text, value: this.literal(kind, text) };
    }
  }

  private character(text: string): number {
    const characters = Array.from(characterValue(text) ?? '');
    if (characters.length === 0) this.fail('invalid syntax');
    if (characters.length > 1) this.fail(`malformed character constant: ${text}`);
    return characters[0]?.codePointAt(0) as number;
  }

  private literal(kind: TokenKind, text: string): unknown {
    if (kind === 'boolean') return text === 'true';
    if (kind === 'number') return numberValue(text) ?? this.fail(`${/^[+-]?\d+$/.test(text) ? 'integer overflow' : 'illegal number syntax'}: ${JSON.stringify(text)}`);
    if (kind === 'character') return this.character(text);
    return stringValue(text) ?? this.fail('invalid syntax');
  }
}

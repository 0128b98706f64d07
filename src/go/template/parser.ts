import { stringValue } from './literals.js';
import type { BranchNode, Node } from './nodes.js';
import { PipeParser } from './pipes.js';

/** A template's own nodes, and those of the templates it defines, by name. */
export interface Template {
  readonly source: string;
  readonly nodes: readonly Node[];
  readonly definitions: ReadonlyMap<string, readonly Node[]>;
}

/** The token that ended a list of nodes. */
type Ending = 'end' | 'else' | 'end of text';

/**
 * Reads a template of Go's text/template.
 * @param functions names of the functions that may be called
 * @throws TemplateSyntaxError with Go's message
 */
export function parseTemplate(source: string, functions: ReadonlySet<string>): Template {
  return new Parser(source, functions).template();
}

class Parser extends PipeParser {
  private loops = 0;
  private readonly definitions = new Map<string, readonly Node[]>();

  template(): Template {
    const { nodes, ending } = this.nodes(true);
    if (ending !== 'end of text') this.fail(`unexpected {{${ending}}}`);
    return { source: this.source, nodes, definitions: this.definitions };
  }

  /** Nodes up to `end`, `else`, or the end of the template, of which the keyword has been taken. */
  private nodes(isTop: boolean): { nodes: Node[]; ending: Ending } {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.take();
      if (token.kind === 'end of text') {
        if (!isTop) this.fail('unexpected EOF');
        return { nodes, ending: 'end of text' };
      }
      if (token.kind === 'text') nodes.push({ kind: 'text', position: token.position, text: token.text });
      else if (token.kind !== 'open') this.unexpected(token, 'input');
      else {
        this.actionLine = token.line;
        const result = this.action(isTop);
        this.actionLine = undefined;
        if (result === 'end' || result === 'else') return { nodes, ending: result };
        if (result !== undefined) nodes.push(result);
      }
    }
  }

  private action(isTop: boolean): Node | 'end' | 'else' | undefined {
    const token = this.takeAfterSpace();
    if (token.kind !== 'keyword') {
      this.index -= 1;
      return { kind: 'action', position: token.position, pipe: this.pipe('command', 'close') };
    }
    switch (token.text) {
      case 'if':
      case 'with':
      case 'range':
        return this.branch(token.text, token.position);
      case 'end':
        this.expect('close', 'end');
        return 'end';
      case 'else':
        if (!this.nextIsKeyword('if') && !this.nextIsKeyword('with')) this.expect('close', 'else');
        return 'else';
      case 'break':
      case 'continue':
        return this.loopExit(token.text, token.position);
      case 'template':
        return this.call();
      case 'block':
        return this.block();
      default:
        if (!isTop) this.unexpected(token, 'command');
        this.define();
        return undefined;
    }
  }

  private branch(kind: BranchNode['kind'], position: number): BranchNode {
    const outer = this.variables.length;
    const pipe = this.pipe(kind, 'close');
    if (kind === 'range') this.loops += 1;
    const { nodes: body, ending } = this.nodes(false);
    if (kind === 'range') this.loops -= 1;
    const otherwise = ending === 'else' ? this.otherwise(kind) : [];
    this.variables.length = outer;
    return { kind, position, pipe, body, otherwise };
  }

  /** What follows `else`; an `else if` or `else with` shares the `end` of its branch. */
  private otherwise(kind: BranchNode['kind']): readonly Node[] {
    if (kind !== 'range' && this.nextIsKeyword(kind)) return [this.branch(kind, this.takeAfterSpace().position)];
    const { nodes, ending } = this.nodes(false);
    if (ending !== 'end') this.fail(`expected end; found {{${ending}}}`);
    return nodes;
  }

  private loopExit(kind: 'break' | 'continue', position: number): Node {
    this.expect('close', `{{${kind}}}`);
    if (this.loops === 0) this.fail(`{{${kind}}} outside {{range}}`);
    return { kind, position };
  }

  private call(): Node {
    this.takeSpace();
    const { position } = this.peek();
    const name = this.templateName('template clause');
    const next = this.takeAfterSpace();
    if (next.kind === 'close') return { kind: 'template', position, name, pipe: undefined };
    this.index -= 1;
    return { kind: 'template', position, name, pipe: this.pipe('template clause', 'close') };
  }

  private block(): Node {
    this.takeSpace();
    const { position } = this.peek();
    const name = this.templateName('block clause');
    const pipe = this.pipe('block clause', 'close');
    this.definition(name, 'block clause');
    return { kind: 'template', position, name, pipe };
  }

  private define(): void {
    const name = this.templateName('define clause');
    this.expect('close', 'define clause');
    this.definition(name, 'define clause');
  }

  private definition(name: string, context: string): void {
    const outer = this.variables;
    this.variables = ['$'];
    const { nodes, ending } = this.nodes(false);
    this.variables = outer;
    if (ending !== 'end') this.fail(`unexpected {{${ending}}} in ${context}`);
    this.definitions.set(name, nodes);
  }

  private templateName(context: string): string {
    const token = this.takeAfterSpace();
    if (token.kind !== 'string' && token.kind !== 'raw string') this.unexpected(token, context);
    return stringValue(token.text) ?? this.fail('invalid syntax');
  }
}

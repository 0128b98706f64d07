import { CalicoError } from '../../base/errors.js';
import { TEMPLATE_NAME, TemplateSyntaxError } from './cursor.js';
import { Evaluator, TemplateExecutionError } from './evaluate.js';
import { templateFunctions } from './functions.js';
import { parseTemplate } from './parser.js';
import type { TemplateValue } from './value.js';

export { Float, NilPointer, ofType, TemplateStruct, type TemplateValue } from './value.js';

export interface TemplateOptions {
  /** Takes the output, piece by piece. */
  readonly write: (text: string) => void;
  /** What `config NAME` gives; the name is in lower case. Throws Error where there is no such setting. */
  readonly config: (name: string) => string;
}

/** A template that has been read and can be carried out. */
export interface ReadyTemplate {
  /** Throws CalicoError where the template does not fit the data; what was written until then stays written. */
  execute(data: TemplateValue, options: TemplateOptions): void;
}

/**
 * Reads a template of Go's text/template (reference/classic 5.3). To be done before anything is fetched, so that a
 * wrong template costs nothing.
 * @throws CalicoError with Go's message
 */
export function readTemplate(source: string): ReadyTemplate {
  const names = new Set(templateFunctions(() => '').keys());
  const template = asExpectedError(() => parseTemplate(source, names));
  return {
    execute(data, { write, config }) {
      asExpectedError(() => new Evaluator(template, templateFunctions(config), write, data).run(template.nodes, data));
    },
  };
}

function asExpectedError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateSyntaxError) throw new CalicoError('failed', `template: ${TEMPLATE_NAME}:${error.line}: ${error.message}`);
    if (error instanceof TemplateExecutionError) throw new CalicoError('failed', error.message);
    // The stack ran out.
    if (error instanceof RangeError) throw new CalicoError('failed', `template: ${TEMPLATE_NAME}: too deeply nested`);
    throw error;
  }
}

/** Where in a document something is: field names and list indexes, from the document's top. */
export type Path = readonly (string | number)[];

/** One thing wrong with a document, found without knowing its file. */
export interface Problem {
  /** A stable word for scripts: `syntax`, `unknown-field`, `type`, `value`, `rule`, `kind`, `identity` ... */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly path: Path;
  /** As much of the path as may be shown, where its end may be a secret. */
  readonly shownPath?: Path;
  /** The key at `path` is wrong, not its value. */
  readonly onKey?: boolean;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** A warning that is shown though nobody may be watching: what is legal here breaks the network. */
  readonly grave?: boolean;
  /** The fields of which one is missing: nothing is said where a field that nobody knows was meant for one of them. */
  readonly lacks?: readonly Path[];
}

/** What else may be said of a problem. */
export interface Extra {
  readonly hint?: string | undefined;
  readonly onKey?: boolean;
  readonly grave?: boolean;
  readonly lacks?: readonly Path[];
}

/** Problems of one document, or of one file, beyond which no more are collected. */
export const MOST_PROBLEMS = 1_000;

/** Collects problems: a check reports what it finds and goes on. Of very many the first stay, and an error among them. */
export class Problems {
  readonly list: Problem[] = [];

  /** Reports an error at a path. */
  add(code: string, path: Path, message: string, extra: Extra = {}): void {
    this.push('error', code, path, message, extra);
  }

  /** Reports something legal that is probably not meant. */
  warn(code: string, path: Path, message: string, extra: Extra = {}): void {
    this.push('warning', code, path, message, extra);
  }

  /** Whether anything found forbids going on. */
  get failed(): boolean {
    return this.list.some((problem) => problem.severity === 'error');
  }

  private push(severity: Problem['severity'], code: string, path: Path, message: string, extra: Extra): void {
    if (this.list.length >= MOST_PROBLEMS && (severity === 'warning' || this.failed)) return;
    this.list.push({
      code,
      severity,
      // Readers walk down a document with one list of steps that goes on changing.
      path: [...path],
      message,
      ...(extra.hint === undefined ? {} : { hint: extra.hint }),
      ...(extra.onKey ? { onKey: true } : {}),
      ...(extra.grave ? { grave: true } : {}),
      ...(extra.lacks === undefined ? {} : { lacks: extra.lacks }),
    });
  }
}

/** A path as people write it: `spec.ingress[0].source.ports`. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
  return text;
}

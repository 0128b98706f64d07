/** The widths that help texts are drawn for, the narrow one first: it is also for pipes and files. */
export const HELP_WIDTHS = [80, 120] as const;

/**
 * The widest that fits the terminal. A pipe is not opened for the question: Node would make it non-blocking for all who write into
 * it. `node:tty` is loaded here, since it takes 2 ms that every command would pay.
 */
export function helpWidth(): number {
  const columns = process.getBuiltinModule('node:tty').isatty(1) ? process.stdout.columns : 0;
  return HELP_WIDTHS.findLast((width) => width <= columns) ?? HELP_WIDTHS[0];
}

import type { RunProgram } from '../../host/program.js';

/** A change of the kernel: a line for `ip -batch`, `bridge -batch` or `tc -batch`. */
export interface Command {
  readonly line: string;
  /** Takes something away: that it is not there is no failure. */
  readonly removes?: boolean;
  /** Called once it is as wanted. */
  readonly done?: (() => void) | undefined;
}

export type BatchProgram = 'ip' | 'bridge' | 'tc';

const BATCH_MS = 60_000;
const NOT_THERE = /No such process|No such file or directory|No such device|Cannot find device|Cannot assign requested address|Cannot find specified qdisc|Cannot delete qdisc with handle of zero|does not exist/i;
const FAILED = /^Command failed \S+:(\d+)$/;

/**
 * Runs commands in one process, in order, going on after one that fails.
 * @returns what failed, in sentences; what did not ran to its end
 */
export async function runBatch(run: RunProgram, program: BatchProgram, commands: readonly Command[]): Promise<readonly string[]> {
  if (commands.length === 0) return [];
  const input = commands.map(({ line }) => `${line}\n`).join('');
  const end = await run(program, ['-force', '-batch', '-'], { input, whole: true, timeoutMs: BATCH_MS }).catch((error: unknown) => ({ code: null, stderr: (error as Error).message }));
  const errors = errorsByLine(end.stderr);
  if (end.code !== 0 && errors.size === 0) return [`${program} -batch: ${end.stderr.trim() || `ended with ${end.code ?? 'a signal'}`}`];
  return commands.flatMap(({ line, removes = false, done }, at) => {
    const error = errors.get(at + 1);
    if (error !== undefined && !(removes && NOT_THERE.test(error))) return [`${program} ${line}: ${error}`];
    done?.();
    return [];
  });
}

/** What was said of each line that failed: all that came before the remark that it did. */
function errorsByLine(stderr: string): ReadonlyMap<number, string> {
  const errors = new Map<number, string>();
  let said: string[] = [];
  for (const text of stderr.split('\n')) {
    const line = FAILED.exec(text.trim())?.[1];
    if (line === undefined) {
      if (text.trim() !== '') said.push(text.trim());
      continue;
    }
    errors.set(Number(line), said.join(' ').replace('RTNETLINK answers: ', ''));
    said = [];
  }
  return errors;
}

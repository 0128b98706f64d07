import { askBird, BirdFailure } from '../bgp/control-socket.js';
import { SOCKET_FOLDERS } from '../bgp/local-status.js';
import { safeName, type DiagnosticArchive, type ArchivedFile, type Write } from '../host/archive/archive.js';
import { StepFailure } from '../host/diagnostics/capture.js';
import { containerSteps, installedEngines, listStep } from '../host/diagnostics/containers.js';
import { isLogFile, logFiles } from '../host/diagnostics/log-files.js';
import { COMMANDS, commandStep, type DiagnosticStep } from '../host/diagnostics/steps.js';
import { CalicoError } from '../base/errors.js';
import type { Notify } from '../base/notice.js';
import type { DiagnosticsNotice } from './notices.js';
import { TIME_IS_OVER, withTimeLimit } from '../base/time-limit.js';

/** What became of a step, as the manifest of the archive has it. */
export interface StepResult {
  readonly what: string;
  readonly file: string | null;
  readonly ok: boolean;
  readonly reason: string | null;
  readonly bytes: number;
  readonly truncated: boolean;
  readonly milliseconds: number;
}

export interface DiagnosticsRequest {
  readonly archive: DiagnosticArchive;
  readonly logFolder: string;
  readonly searchPath: string;
  /** Longest time of one step, in milliseconds. */
  readonly stepMs: number;
  /** What else goes into the archive, made by others. */
  readonly more: readonly DiagnosticStep[];
  readonly signal: AbortSignal;
  readonly notify: Notify<DiagnosticsNotice>;
}

/**
 * Collects all there is to collect; what fails is said and noted, and the rest goes on. Returns what became of every
 * step. Throws only where the archive cannot be written, or on an interruption.
 */
export async function collectDiagnostics(request: DiagnosticsRequest): Promise<StepResult[]> {
  const { searchPath, more } = request;
  const collector = new Collector(request);
  for (const step of [...COMMANDS.map((each) => commandStep(each, searchPath)), ...birdSteps(), ...more]) await collector.run(step);
  await collector.copyLogs();
  await collector.containers();
  await collector.writeManifest();
  return collector.results;
}

class Collector {
  readonly results: StepResult[] = [];

  constructor(private readonly request: DiagnosticsRequest) {}

  async run(step: DiagnosticStep): Promise<void> {
    const { archive, stepMs, signal, notify } = this.request;
    if (step.title !== undefined) notify({ code: 'diagnostics.step', title: step.title });
    const began = Date.now();
    const { outcome, file, ...stored } = await archive.add(step.file, (write) => withTimeLimit(stepMs, signal, (limit) => untilAborted(step.run(write, limit), limit)));
    signal.throwIfAborted();
    const reason = outcome.status === 'fulfilled' ? null : reasonOf(outcome.reason, stepMs) + (stored.bytes > 0 ? `; what it wrote is in ${file}` : '');
    this.note(step.what, file, reason, { ...stored, milliseconds: Date.now() - began });
    if (reason !== null) notify({ code: 'diagnostics.step.failed', what: step.what, reason });
  }

  private note(what: string, file: string | null, reason: string | null, stored: Omit<ArchivedFile, 'file'> & { milliseconds: number } = { bytes: 0, truncated: false, milliseconds: 0 }): void {
    this.results.push({ what, file, ok: reason === null, reason, ...stored });
  }

  async copyLogs(): Promise<void> {
    const { logFolder, notify } = this.request;
    notify({ code: 'diagnostics.logs' });
    try {
      for await (const found of logFiles(logFolder)) {
        const what = `${logFolder}/${found.path.join('/')}`;
        if (isLogFile(found)) await this.run({ what, file: `logs/${found.path.map(safeName).join('/')}`, run: (write, signal) => found.copy(write, signal) });
        else this.note(what, null, found.reason);
      }
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      this.note(`copy ${logFolder}`, null, error.message);
      notify({ code: 'diagnostics.logs.none', folder: logFolder, reason: error.message });
    }
  }

  async containers(): Promise<void> {
    const engines = installedEngines(this.request.searchPath);
    if (engines.length === 0) this.note('logs of containers', null, 'no container engine is installed (docker, podman, nerdctl, crictl)');
    for (const engine of engines) {
      let names: readonly string[] = [];
      await this.run(listStep(engine, (found) => (names = found)));
      for (const name of names) for (const step of containerSteps(engine, name)) await this.run(step);
    }
  }

  /** The last file says what became of all others. */
  async writeManifest(): Promise<void> {
    const text = `${JSON.stringify({ steps: this.results }, null, 2)}\n`;
    await this.request.archive.add('manifest.json', (write) => write(Buffer.from(text)), true);
  }
}

/** `diags-YYYYMMDD_HHMMSS.tar.gz`, in the time of this host. */
export function archiveName(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `diags-${date}_${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.tar.gz`;
}

/** What a full disk and its like do to the archive; anything else is what it is. */
export function archiveFailure(error: unknown, folder: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  const reason = code === 'ENOSPC' || code === 'EDQUOT' ? 'no space is left there' : code;
  return new CalicoError('failed', `the archive cannot be written below ${folder} (${reason}); nothing is left of it`, { hint: 'set TMPDIR to a folder with more space' });
}

/** A step that does not heed its signal is given up. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let giveUp = (): void => undefined;
  const given = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason as Error);
    signal.addEventListener('abort', giveUp);
  });
  try {
    return await Promise.race([work, given]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function reasonOf(error: unknown, stepMs: number): string {
  if (error === TIME_IS_OVER) return `it took longer than ${stepMs / 1000} s`;
  return error instanceof Error ? error.message : String(error);
}

/** What the BIRDs say of themselves, their sessions and their routes. */
function birdSteps(): DiagnosticStep[] {
  return ['bird', 'bird6'].map((name) => ({
    title: `Asking ${name}`,
    what: `${name}: ${BIRD_QUESTIONS.flat().join(', ')}`,
    file: `${name}_status`,
    async run(write: Write) {
      const path = await findSocket(name);
      // Routes may be too many to tell: the rest must not be lost for that.
      for (const questions of BIRD_QUESTIONS) {
        for (const reply of await askBird(path, questions)) await write(Buffer.from(`${reply.map(({ text }) => text).join('\n')}\n`));
      }
    },
  }));
}

const BIRD_QUESTIONS = [['show status', 'show protocols all'], ['show route']] as const;

/** The first socket at which somebody answers. Throws StepFailure. */
async function findSocket(name: string): Promise<string> {
  const failures: string[] = [];
  for (const path of SOCKET_FOLDERS.map((folder) => `${folder}/${name}.ctl`)) {
    try {
      await askBird(path, []);
      return path;
    } catch (error) {
      if (!(error instanceof BirdFailure)) throw error;
      failures.push(`${path}: ${error.message}`);
    }
  }
  throw new StepFailure(failures.join('; '));
}

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CalicoError, InvalidRequest } from '../base/errors.js';
import { findProgram, runInForeground } from '../host/program.js';
import { causeOf } from '../manifest/files.js';
import { splitWords } from '../text/split-words.js';
import type { Shell } from './shell.js';

/** Where the editor is named; the first that is set counts. */
const VARIABLES = ['CALICOCTL_EDITOR', 'VISUAL', 'EDITOR'] as const;
const DEFAULT_EDITOR = 'vi';
const OWNER_ONLY = 0o600;

/** A program and its arguments. */
export type Editor = readonly [program: string, ...args: string[]];

/** The editor that is wanted. Throws InvalidRequest where none can be used. */
export async function editorOf(shell: Shell): Promise<Editor> {
  const variable = VARIABLES.find((name) => (shell.env[name] ?? '').trim() !== '');
  if (variable === undefined) {
    if (shell.terminal.stdout && (await shell.canAnswer())) return [DEFAULT_EDITOR];
    throw new InvalidRequest('there is no terminal to edit on', `use patch, or name in ${VARIABLES[0]} a program that edits the file it is given`);
  }
  const [program, ...args] = splitWords(shell.env[variable] ?? '') ?? [];
  if (program === undefined || program === '') throw new InvalidRequest(`${variable} is no command: a quote or a backslash in it has no end`, 'it is taken apart at blanks, as a shell does it, and run without one');
  return [program, ...args];
}

/** A file that is edited, readable by its owner alone, in a folder of its own. */
export class EditedFile {
  readonly path: string;
  private kept = false;

  private constructor(
    private readonly folder: string,
    private readonly editor: Editor,
    private readonly shell: Shell,
  ) {
    this.path = join(folder, 'edit.yaml');
  }

  /** Makes the folder; `close` takes it away again. Throws CalicoError where there is no place for it. */
  static async create(editor: Editor, shell: Shell): Promise<EditedFile> {
    try {
      return new EditedFile(await mkdtemp(join(tmpdir(), 'calicoctl-edit-')), editor, shell);
    } catch (error) {
      throw new CalicoError('failed', `no file can be made in ${tmpdir()}: ${reasonOf(error)}`, { hint: 'TMPDIR names another place for it' });
    }
  }

  /** Has the text edited and returns what became of it. Throws CalicoError where the editor could not be started or failed, and the interruption. */
  async edit(text: string): Promise<string> {
    const { shell, path, editor: [program, ...args] } = this;
    try {
      await writeFile(path, text, { mode: OWNER_ONLY });
    } catch (error) {
      throw new CalicoError('failed', `cannot write ${path}: ${reasonOf(error)}`, { hint: 'TMPDIR names another place for it' });
    }
    if (!program.includes('/') && findProgram(program, shell.env['PATH'] ?? '') === undefined) throw new CalicoError('failed', `the editor ${program} is not installed`, { hint: `name another one in ${VARIABLES[0]}` });
    let ended;
    try {
      ended = await shell.whileAway(() => runInForeground(program, [...args, path], shell.interruption.signal));
    } catch (error) {
      throw new CalicoError('failed', `the editor ${program} cannot be started: ${reasonOf(error)}`, { hint: `name another one in ${VARIABLES[0]}` });
    }
    if (shell.interruption.signal.aborted) throw shell.interruption.signal.reason;
    if (ended !== 0) throw new CalicoError('failed', `the editor ${program} ${ended === null ? 'was ended by a signal' : `failed with ${ended}`}; nothing was written`);
    return this.read();
  }

  /** What the file holds now. Throws CalicoError where it is gone, or no text. */
  async read(): Promise<string> {
    try {
      return (await readFile(this.path)).toString();
    } catch (error) {
      throw new CalicoError('failed', `what was edited cannot be read: ${reasonOf(error)}; nothing was written`);
    }
  }

  /** Keeps a text in the file beyond the end of the command, and returns its path; undefined where it cannot be written. */
  async keep(text: string): Promise<string | undefined> {
    try {
      await writeFile(this.path, text, { mode: OWNER_ONLY });
    } catch {
      return undefined;
    }
    this.kept = true;
    return this.path;
  }

  /** Takes file and folder away, unless something is kept in it. */
  async close(): Promise<void> {
    if (!this.kept) await rm(this.folder, { recursive: true, force: true });
  }
}

function reasonOf(error: unknown): string {
  return causeOf((error as NodeJS.ErrnoException).code ?? String(error));
}

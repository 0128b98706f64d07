import { CalicoError, ManifestError, type Diagnostic } from '../base/errors.js';
import { conflictText, isEmpty, isUndecided, textOf, withNotes, withoutNotes, type Note } from '../changes/edit/edited-text.js';
import { Edits, type Meanwhile } from '../changes/edit/edits.js';
import { asWritten, changedOnly, readEdited, withRevisionOf, type Edited, type Original } from '../changes/edit/read-edited.js';
import type { WriteResult } from '../changes/write.js';
import { goJson } from '../go/json.js';
import { locate } from '../manifest/manifests.js';
import { readAtRemark } from '../objects/read-at.js';
import { nameOf } from '../objects/reference.js';
import type { Target } from '../objects/target.js';
import type { View } from '../objects/view.js';
import { documentDiff } from '../output/views/changes/document-diff.js';
import { diagnosticText } from '../output/views/diagnostics.js';
import { pathText } from '../resources/problem.js';
import type { EditedFile } from './editor.js';
import type { Shell } from './shell.js';

/** How often a program edits that is no person. */
const MOST_ROUNDS = 10;

/** What was written, or would be. */
export interface WrittenEdits {
  readonly result: WriteResult;
  readonly targets: readonly Target[];
}

/** Writes what was changed, or plans to. */
export type WriteEdits = (edits: Edits, targets: readonly Target[]) => Promise<WriteResult>;

/** Rounds of editing: the text comes back with what is wrong until it is right, or left as it is. */
export class EditSession {
  /** The text as the editor was given it last. */
  private shown: string;
  /** Why the last round was not the last. */
  private problem: CalicoError | undefined;

  constructor(
    private readonly file: EditedFile,
    private originals: readonly Original[],
    private readonly shell: Shell,
  ) {
    this.shown = textOf(originals.map(({ base, remark }) => ({ document: base, remark })));
  }

  /**
   * Has the documents edited and written; undefined where nothing was changed. What was edited is kept where this fails.
   * @throws ManifestError and CalicoError for what was wrong when the text was left as it is, where the editor failed, and what `write` throws
   */
  async run(write: WriteEdits): Promise<WrittenEdits | undefined> {
    const first = this.shown;
    try {
      for (let round = 1; ; round++) {
        const text = await this.file.edit(this.shown);
        if (text === this.shown || isEmpty(withoutNotes(text))) return this.left();
        const before = this.problem;
        const written = isUndecided(text) ? 'undecided' : await this.take(withoutNotes(text), write);
        if (written === 'undecided') this.shown = text;
        else if (written !== 'again') return written;
        // A program that makes the same mistake again would do so for good.
        if (!this.shell.terminal.stdout && (round === MOST_ROUNDS || written === 'undecided' || isSame(before, this.problem))) throw this.problem!;
      }
    } catch (error) {
      await this.keep(first);
      throw error;
    }
  }

  /** Keeps what was edited in its file and says where, unless it is still the text given. */
  async keep(unless?: string): Promise<void> {
    const text = await this.file.read().catch(() => undefined);
    if (text === undefined || text === unless || isEmpty(text)) return;
    const path = await this.file.keep(withoutNotes(text));
    if (path !== undefined) await this.shell.note(`What you wrote is kept in ${path}`);
  }

  private left(): undefined {
    if (this.problem !== undefined) throw this.problem;
  }

  /** Writes a text; `again` where it has to be edited once more. */
  private async take(text: string, write: WriteEdits): Promise<WrittenEdits | 'again' | undefined> {
    try {
      const edited = readEdited(this.file.path, text, this.originals);
      const changed = changedOnly(edited);
      if (changed.length === 0) return undefined;
      const targets = changed.map(({ original: { target } }) => target);
      const edits = new Edits(changed);
      const result = await write(edits, targets);
      const conflicts = [...edits.meanwhile].filter(([, meanwhile]) => meanwhile.conflicts.length > 0);
      await this.tellMeanwhile(edits.meanwhile, result.plan.refused.length > 0);
      if (conflicts.length === 0) return { result, targets };
      this.problem = new CalicoError('changed', conflicts.map(([target]) => result.plan.refused.find((each) => each.target === target)?.message ?? target.identity).join('\n'));
      await this.showMerged(edited, edits.meanwhile);
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      this.problem = error;
      this.shown = withNotes(text, error.diagnostics.map(noteOf));
    }
    return 'again';
  }

  /** Shows what others changed. */
  private async tellMeanwhile(meanwhile: Edits['meanwhile'], refused: boolean): Promise<void> {
    for (const [target, each] of meanwhile) {
      await this.shell.note(`${target.identity} was changed meanwhile by another client${refused ? '' : '; this is kept'}:\n${(await diffOf(target, each)).trimEnd()}`);
    }
  }

  /** Makes the text anew, of what is stored now and both changes; what both changed has to be decided. */
  private async showMerged(edited: readonly Edited[], meanwhile: Edits['meanwhile']): Promise<void> {
    const now = this.originals.map((original) => {
      const found = meanwhile.get(original.target);
      return found === undefined ? original : { ...original, base: found.after, remark: found.remark };
    });
    const text = textOf(edited.map(({ original: { target, remark }, raw }) => {
      const found = meanwhile.get(target);
      return found === undefined ? { remark, document: raw } : { remark: found.remark, document: withRevisionOf(found.after, found.merged) as object };
    }));
    const notes: Note[] = [];
    for (const [target, each] of meanwhile) notes.push({ line: 1, text: `another client changed ${target.identity} meanwhile:\n${await diffOf(target, each)}` });
    for (const { original: { target }, origin } of readEdited(this.file.path, text, now)) {
      for (const { path, base, ours, theirs } of meanwhile.get(target)?.conflicts ?? []) {
        notes.push({ line: locate(origin, path).line, text: conflictText(`${pathText(path) || 'the document'} was ${said(base)}, is ${said(theirs)} now, and you made it ${said(ours)}`) });
      }
    }
    this.originals = now;
    this.shown = withNotes(text, notes);
  }
}

/** Resources and their documents, before somebody edits them. */
export function originalsOf(found: readonly { readonly target: Target; readonly view: View }[]): readonly Original[] {
  return found.map(({ target, view }) => ({ target, remark: readAtRemark(view), base: asWritten(view.document) }));
}

/** What is wrong, for the line above the place: the place itself need not be named. */
function noteOf({ file: _file, line = 1, column: _column, ...diagnostic }: Diagnostic): Note {
  return { line, text: diagnosticText({ ...diagnostic, file: '' }).replace(/^: /, '') };
}

/** Whether two rounds ended for the same reason, wherever in the text. */
function isSame(before: CalicoError | undefined, now: CalicoError | undefined): boolean {
  const text = (problem: CalicoError): string => (problem instanceof ManifestError ? problem.diagnostics.map(({ path, message }) => `${path ?? ''}: ${message}`).join('\n') : problem.message);
  return before !== undefined && now !== undefined && text(before) === text(now);
}

function diffOf(target: Target, { before, now }: Meanwhile): Promise<string> {
  return documentDiff({ name: nameOf(target), before: before as object, after: now as object, titles: { before: 'when you began', after: 'now' } });
}

function said(value: unknown): string {
  return value === undefined ? 'not there' : goJson(value);
}

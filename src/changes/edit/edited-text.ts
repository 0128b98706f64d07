import { goYaml } from '../../go/yaml.js';
import { safe } from '../../text/safe.js';

/** Something that is said in the text, above the line that it is about; lines count from 1. */
export interface Note {
  readonly line: number;
  readonly text: string;
}

const NOTE = '#! ';
const NOTE_LINES = /^#![^\n]*(?:\n|$)/gm;

/** A document and the remark above it. */
export interface RemarkedDocument {
  readonly remark: string;
  readonly document: object;
}

/** The text that an editor is given: what to do with it, then the documents. */
export function textOf(documents: readonly RemarkedDocument[]): string {
  const one = documents.length === 1;
  const heading = [
    'Edit, save and leave: what is changed here is written. Leave without a change, and nothing is.',
    ...(one ? [] : [`${documents.length} resources: what is not changed, or taken out, stays as it is.`]),
    `What is wrong comes back as lines that begin with "${NOTE.trim()}"; they are taken out again.`,
  ];
  return heading.map((line) => `# ${line}\n`).join('') + documents.map(({ remark, document }) => (one ? '' : '---\n') + remark + goYaml(document)).join('');
}

/** The text with notes at their lines. Nothing in them can steer a terminal. */
export function withNotes(text: string, notes: readonly Note[]): string {
  if (notes.length === 0) return text;
  const above = new Map<number, readonly string[]>();
  const lines = text.split('\n');
  for (const { line, text: said } of notes) {
    const at = Math.min(Math.max(line, 1), lines.length);
    above.set(at, [...(above.get(at) ?? []), ...said.trimEnd().split('\n').map((each) => NOTE + safe(each))]);
  }
  return lines.flatMap((line, index) => [...(above.get(index + 1) ?? []), line]).join('\n');
}

/** The text without notes. They begin in the first column, where no text of a block can: nothing of a document is taken for one. */
export function withoutNotes(text: string): string {
  return text.replaceAll(NOTE_LINES, '');
}

const CONFLICT = 'conflict: ';

/** The note of a place that two changed: it stays until somebody has decided. */
export function conflictText(said: string): string {
  return `${CONFLICT}${said}; leave here what is right, and take this line away`;
}

/** Whether a note of that kind is left in the text. */
export function isUndecided(text: string): boolean {
  return text.split('\n').some((line) => line.startsWith(NOTE + CONFLICT));
}

/** Whether nothing but comments is left. */
export function isEmpty(text: string): boolean {
  return text.split(/\r?\n/).every((line) => /^\s*(?:#.*|---\s*)?$/.test(line));
}

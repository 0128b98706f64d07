import { columnsOf } from './width.js';

/** How much further in the lines of a broken line stand than its first. */
const HANGING = 2;
/** How narrow what stands further in may become: below this nothing is broken. */
const NARROWEST = 20;

/** What colours a text on a terminal, and takes no columns. */
const COLOUR = /\u001b\[[\d;]*m/g;

/** A command that somebody may copy: in backquotes, or to the end of its sentence after a colon or at the start of a line. It stays on one line. */
const COMMAND = /`[^`]*`|(?<=: |^)(?:calicoctl|docker|etcdctl|modprobe|nerdctl|podman|sudo|systemctl) [^;,]*/g;
/** Stands for a space within a command, while a line is broken. */
const KEPT = '\0';

/** The number of a paragraph: what follows stands below its text. */
const NUMBER = /^\s*(?:\d+\. )?/;

/**
 * Sentences for a terminal of so many columns: lines that are longer are broken between words, and go on further in. A word that is
 * longer than a line stays whole, and so does a command that somebody may copy.
 * @param room undefined where it is no terminal: then nothing is changed
 */
export function flowed(text: string, room: number | undefined): string {
  if (room === undefined) return text;
  return text.split('\n').map((line) => (widthOf(line) <= room ? line : broken(line, room))).join('\n');
}

function broken(line: string, room: number): string {
  const [number] = NUMBER.exec(line)!;
  const indent = ' '.repeat(number.trim() === '' ? number.length + HANGING : number.length);
  if (room - indent.length < NARROWEST) return line;
  const lines: string[] = [];
  let last = number;
  let isEmpty = true;
  for (const [, space, word] of line.slice(number.length).replace(COMMAND, (command) => command.replaceAll(' ', KEPT)).matchAll(/( *)([^ ]+)/g)) {
    if (!isEmpty && widthOf(last) + space!.length + widthOf(word!) > room) {
      lines.push(last);
      last = indent + word!;
    } else last += space! + word!;
    isEmpty = false;
  }
  return [...lines, last].join('\n').replaceAll(KEPT, ' ');
}

function widthOf(text: string): number {
  return columnsOf(text.replace(COLOUR, ''));
}

import { readFileSync } from 'node:fs';
import type { Ended } from '../../scripts/support/calicoctl.js';
import { expectRecorded } from './recorded.js';
import { normalised } from './scenario.js';
import type { Workplace } from './workplace.js';

/**
 * A session written down: what was typed, and all that came of it.
 *
 *     # a remark
 *     new etcd                revisions start at 1 again
 *     == pool.yaml            a file of the folder, up to the next `==`
 *     ==
 *     $ calicoctl get ...     a line of bash, its output in pipes
 *     tty$ calicoctl get ...  the same on a terminal, where both streams are one
 *     > ...                   goes on
 *       text                  a line of stdout
 *     ! text                  a line of stderr
 *     exit 3                  unless it is 0
 *
 * `¶` closes lines that are empty or end with a blank, `∎` an output without a line break at its end; `␛` is ESC.
 */
interface TranscriptLine {
  readonly terminal: boolean;
  readonly line: string;
}

/** A piece of a transcript: a step whose output is made anew, or text that stays. */
type Piece = { readonly step: TranscriptLine; readonly typed: string } | { readonly text: string } | { readonly renewed: string } | { readonly file: string; readonly content: string; readonly typed: string };

/** Plays a transcript of test/cases and compares all of it. */
export async function playTranscript(file: string, workplace: Workplace): Promise<void> {
  const written = readFileSync(new URL(`../cases/${file}`, import.meta.url), 'utf8');
  expectRecorded(await play(pieces(written), workplace), file);
}

/** The steps of a transcript as a page would show them: what was typed, and both streams as one without their marks. */
export function stepsIn(text: string): readonly { readonly line: string; readonly output: string; readonly exit: string }[] {
  return text.split(/^(?=(?:tty)?\$ )/m).slice(1).map((each) => {
    const lines = each.split('\n');
    const typed = lines.findIndex((line, at) => at > 0 && !line.startsWith('> '));
    const came = lines.slice(typed).filter((line) => /^(?: {2}|! )/.test(line)).map((line) => line.slice(2).replace(/[¶∎]$/, ''));
    return {
      line: lines.slice(0, typed).map((line) => line.replace(/^(?:(?:tty)?\$|>) /, '')).join('\n'),
      output: came.join('\n'),
      exit: lines.find((line) => line.startsWith('exit '))?.slice('exit '.length) ?? '0',
    };
  });
}

function pieces(text: string): readonly Piece[] {
  const lines = text.split('\n');
  const found: Piece[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    const start = at;
    if (line.startsWith('== ')) {
      while (lines[at + 1] !== '==') at++;
      found.push({ file: line.slice(3), content: lines.slice(start + 1, at + 1).map((each) => `${each}\n`).join(''), typed: lines.slice(start, ++at + 1).join('\n') });
    } else if (/^(tty)?\$ /.test(line)) {
      while (lines[at + 1]?.startsWith('> ') === true) at++;
      const typed = lines.slice(start, at + 1);
      found.push({ step: { terminal: line.startsWith('tty'), line: typed.map((each) => each.replace(/^(?:(?:tty)?\$|>) /, '')).join('\n') }, typed: typed.join('\n') });
    } else if (line === 'new etcd') found.push({ renewed: line });
    else if (!/^(?: {2}|! |exit )/.test(line)) found.push({ text: line });
  }
  return found;
}

async function play(all: readonly Piece[], workplace: Workplace): Promise<string> {
  const lines: string[] = [];
  for (const piece of all) {
    if ('text' in piece) {
      lines.push(piece.text);
      continue;
    }
    if ('renewed' in piece) {
      lines.push(piece.renewed);
      await workplace.renew();
      continue;
    }
    lines.push(piece.typed);
    if ('file' in piece) workplace.file(piece.file, piece.content);
    else lines.push(...outcome(await run(piece.step, workplace), workplace));
  }
  return lines.join('\n');
}

/** A word of a line as it stands, or in quotes in which a shell finds nothing to do. */
const WORD = /[\w./:=,@%+-]+|'([^']*)'|"([^"$`\\!]*)"/g;
const COMMAND = new RegExp(`^calicoctl(?: (?:${WORD.source}))*$`);

/** Calls of calicoctl and nothing else, one or several behind semicolons, need neither a shell nor, in a pipe, a process of their own. */
async function run({ line, terminal }: TranscriptLine, workplace: Workplace): Promise<Ended> {
  const commands = line.split('; ');
  if (terminal || !commands.every((command) => COMMAND.test(command))) return workplace.shell(line, { terminal });
  const all: Ended[] = [];
  for (const command of commands) all.push(await workplace.quickly(words(command).slice(1)));
  return { code: null, signal: null, ...all.at(-1), stdout: all.map(({ stdout }) => stdout).join(''), stderr: all.map(({ stderr }) => stderr).join('') };
}

function words(command: string): readonly string[] {
  return [...command.matchAll(WORD)].map(([word, single, double]) => single ?? double ?? word);
}

function outcome({ code, signal, stdout, stderr }: Ended, { etcd, folder }: Workplace): readonly string[] {
  const shown = (text: string, mark: string): string[] => {
    if (text === '') return [];
    const told = normalised(text.replaceAll('\r\n', '\n').replaceAll(etcd.endpoint, '@ETCD@').replaceAll(String(etcd.port), '@PORT@').replaceAll(folder, '@FOLDER@')).replaceAll('\x1b', '␛').replaceAll(/\brevision \d+((?:, not| in place of) \d+)?/g, (_all, other?: string) => `revision @REV@${other?.replace(/\d+/, '@REV@') ?? ''}`).replaceAll(/\(uid [\w-]+\)/g, '(uid @UID@)').replaceAll(/calicoctl-edit-\w{6}/g, 'calicoctl-edit-@X@').replaceAll(/^(calicoctl \d+\.\d+\.\d+) \([0-9a-f]{7}(?:, changed)?\)$/gm, '$1').replaceAll(/\bdone in \d+ ms/g, 'done in @N@ ms');
    const ended = told.endsWith('\n') ? told.slice(0, -1) : `${told}∎`;
    return ended.split('\n').map((line) => mark + (line === '' || line.endsWith(' ') ? `${line}¶` : line));
  };
  return [...shown(stdout, '  '), ...shown(stderr, '! '), ...(code === 0 ? [] : [`exit ${code ?? signal ?? ''}`])];
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/support/calicoctl.js';
import { stepsIn } from './transcript.js';

/** A command line that a page shows, with what comes of it; no output where the page shows none (`sh`). */
export interface Sample {
  readonly page: string;
  readonly line: string;
  readonly output?: string;
}

/** A command line that a test plays: what came of it, and its exit code. */
export interface Played {
  readonly line: string;
  readonly output: string;
  readonly exit: string;
}

/** The command lines that a page shows in its `console` and `sh` blocks; remarks at their ends are not part of them. */
export function samplesIn(page: string, text: string): readonly Sample[] {
  return Array.from(text.matchAll(/^( *)```(console|sh)\n(.*?)^ *```$/gms)).flatMap(([, indent = '', kind, indented = '']) => {
    const block = indented.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    if (kind === 'console') return block.split(/^(?=\$ )/m).filter((each) => each.startsWith('$ ')).map((each) => sampleOf(page, each));
    return block.split('\n').map((line) => line.replace(/(^|\s+)# .*$/, '')).filter((line) => line !== '').map((line) => ({ page, line }));
  });
}

function sampleOf(page: string, shown: string): Sample {
  const [first = '', ...rest] = shown.split('\n');
  // A remark between two steps is the page's own.
  return { page, line: first.slice(2), output: rest.filter((line) => !line.startsWith('# ')).join('\n').trimEnd() };
}

/** Every step of every recorded session, and of the tour. */
export function allPlayed(): readonly Played[] {
  const folder = join(ROOT, 'test/cases/cli');
  const sessions = readdirSync(folder).filter((name) => name.endsWith('.txt')).flatMap((name) => stepsIn(readFileSync(join(folder, name), 'utf8')));
  const tour = samplesIn('', `\`\`\`console\n${readFileSync(join(ROOT, 'test/cases/tour.txt'), 'utf8')}\n\`\`\``).map(({ line, output = '' }) => ({ line, output, exit: '0' }));
  return [...sessions, ...tour];
}

/** Whether what a page shows is what came of it when it was played: what is different each time, such as a revision, may be. */
export function isShown({ line, output: shown }: Sample, played: Played): boolean {
  // What is different each time may have been made the same by a filter, which joins blanks too.
  const masked = played.line.startsWith(`${line} | `);
  if (played.line !== line && !masked) return false;
  if (shown === undefined) return WELL.includes(played.exit) && !/^ +at .*:\d+:\d+\)?$/m.test(played.output);
  const plain = (text: string): string => (masked ? text.replaceAll(/ +/g, ' ').replaceAll(/ $/gm, '') : text);
  const pattern = plain(played.output.trimEnd()).split(/@[A-Z]+@/).map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('\\S+');
  const [, beginning] = /^([^]*\n)\.\.\.$/.exec(shown) ?? [];
  return beginning === undefined ? new RegExp(`^${pattern}$`).test(plain(shown)) : played.output.startsWith(beginning);
}

/** How a command line may end that is shown for what it does: done, with a negative answer, or since the cluster is not so. */
const WELL = ['0', '1', '5'];

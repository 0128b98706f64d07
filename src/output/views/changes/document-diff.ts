import type { Difference } from '../../../objects/differences.js';
import { pathText } from '../../../resources/problem.js';
import { goYaml } from '../../../go/yaml.js';
import { safe, safeText } from '../../../text/safe.js';
import { noColours, type Colours } from '../../theme/colours.js';

/** A document before and after a change, either of them absent where there is none. */
export interface ChangedDocument {
  /** What the resource is called: `policy/allow-web`. */
  readonly name: string;
  readonly before?: object | undefined;
  readonly after?: object | undefined;
  /** What is said of either in the heading: where it comes from. */
  readonly titles?: { readonly before?: string; readonly after?: string };
}

/** Lines around a change. */
const CONTEXT = 3;
/** Lines that differ beyond which nobody wants to wait for the shortest way to say it (the library takes the square of it). */
const MOST_CHANGED = 1_000;

/**
 * A change as unified text of the YAML of both documents, as `diff -u` and `git` write it; empty where both print alike.
 * Nothing in it can steer a terminal. Loads the library when it is called.
 */
export async function documentDiff({ name, before, after, titles = {} }: ChangedDocument, colours: Colours = noColours): Promise<string> {
  const [old, now] = [yamlOf(before), yamlOf(after)];
  if (old === now) return '';
  const { structuredPatch } = await import('diff');
  const options = { context: CONTEXT, maxEditLength: MOST_CHANGED };
  const hunks = structuredPatch('', '', old, now, '', '', options)?.hunks ?? [wholly(old, now)];
  const heading = [`--- ${sideText(name, before, titles.before)}`, `+++ ${sideText(name, after, titles.after)}`].map((line) => colours.name(safe(line)));
  const lines = hunks.flatMap((hunk) => [colours.kind(placeText(hunk)), ...hunk.lines.filter((line) => !line.startsWith('\\')).map((line) => coloured(line, colours))]);
  return `${[...heading, ...lines].join('\n')}\n`;
}

/** The differences of two documents for `-o json`: paths as errors write them. */
export function differencesData(found: readonly Difference[]): readonly Readonly<Record<string, unknown>>[] {
  return found.map(({ path, ...values }) => ({ path: pathText(path), ...values }));
}

function yamlOf(document: object | undefined): string {
  return document === undefined ? '' : safeText(goYaml(document));
}

function sideText(name: string, document: object | undefined, title: string | undefined): string {
  if (document === undefined) return '/dev/null';
  return title === undefined ? name : `${name} (${title})`;
}

interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly string[];
}

/** All that was goes, and all that is comes: for documents that have next to nothing in common. */
function wholly(old: string, now: string): Hunk {
  const [gone, come] = [linesOf(old), linesOf(now)];
  return { oldStart: 1, oldLines: gone.length, newStart: 1, newLines: come.length, lines: [...gone.map((line) => `-${line}`), ...come.map((line) => `+${line}`)] };
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.slice(0, -1).split('\n');
}

/** `@@ -3,7 +3,9 @@`; a side without lines starts before its first. */
function placeText({ oldStart, oldLines, newStart, newLines }: Hunk): string {
  const side = (start: number, lines: number): string => (lines === 0 ? `${start - 1},0` : lines === 1 ? `${start}` : `${start},${lines}`);
  return `@@ -${side(oldStart, oldLines)} +${side(newStart, newLines)} @@`;
}

function coloured(line: string, colours: Colours): string {
  if (line.startsWith('+')) return colours.good(line);
  return line.startsWith('-') ? colours.bad(line) : line;
}

import { goJsonIndented } from '../../../go/indented-json.js';
import { yamlKeys } from '../../../go/yaml-keys.js';
import { goYaml } from '../../../go/yaml.js';
import type { Blame } from '../../../history/blame.js';
import type { Blamed, Blames } from '../../../history/versions.js';
import { absenceHints, selectionIdentity } from '../../../objects/selection.js';
import { pathText, type Path } from '../../../resources/problem.js';
import { safe, safeText } from '../../../text/safe.js';
import { columnsOf } from '../../../text/width.js';
import { authorData, timeText, userText } from '../journal/journal.js';
import type { CommandReport } from '../report.js';
import { beforeText } from './history.js';

/** What stands for a revision that is older than what etcd knows. */
const UNKNOWN = '?';

/** What `blame` prints: each document as YAML, each line with the revision that made it so, and with who did it where the journal knows. */
export function blameReport({ revision, blamed, unreadable, missing, oldest, authors }: Blames, json: boolean): CommandReport {
  const stderr = [
    ...unreadable.map(({ key, reason }) => `${key} cannot be read: ${reason}`),
    ...missing.map((selection) => `resource does not exist: ${selectionIdentity(selection)}`),
    ...(oldest === undefined || json ? [] : [`${UNKNOWN}: ${beforeText(oldest)}`]),
  ];
  const text = (): string => blamed.map((each) => (blamed.length > 1 ? `# ${safe(each.name)}\n` : '') + blameText(each, authors)).join('\n');
  return { stdout: json ? `${goJsonIndented(blamesData({ revision, blamed, oldest, authors }))}\n` : text(), stderr: stderr.map(safe), hints: absenceHints(missing).map(safe), meaning: missing.length > 0 ? 'missing' : unreadable.length > 0 ? 'unreadable' : 'done' };
}

function blamesData({ revision, blamed, oldest, authors }: Pick<Blames, 'revision' | 'blamed' | 'authors'> & { readonly oldest: string | undefined }): object {
  const told = new Set(blamed.flatMap(({ document, blame }) => [...leaves(document, blame, [])].map((leaf) => leaf.revision)));
  const by = [...authors].filter(([each]) => told.has(each)).map(([each, author]) => [each, authorData(author)]);
  return { revision, ...(oldest === undefined ? {} : { oldest }), ...(by.length === 0 ? {} : { by: Object.fromEntries(by) as object }), resources: blamed.map(resourceData) };
}

function resourceData({ name, document, blame }: Blamed): object {
  const fields = [...leaves(document, blame, [])].map(({ path, value, revision }) => ({ path: pathText(path), revision: revision ?? UNKNOWN, value }));
  return { resource: name, fields };
}

function blameText({ document, blame }: Blamed, authors: Blames['authors']): string {
  const lines = safeText(goYaml(document)).split('\n').slice(0, -1);
  const revisions = [...revisionsOfLines(document, blame, [])].map((revision) => revision ?? UNKNOWN);
  const width = revisions.reduce((most, { length }) => Math.max(most, length), 0);
  const by = whoText(revisions, authors);
  return lines.map((line, index) => `${(revisions[index] ?? '').padStart(width)}  ${by(revisions[index] ?? '')}${line}\n`).join('');
}

/** When and by whom a revision was made, in columns; nothing where that is known of none of them. */
function whoText(revisions: readonly string[], authors: Blames['authors']): (revision: string) => string {
  const known = new Map([...new Set(revisions)].flatMap((revision) => {
    const author = authors.get(revision);
    return author === undefined ? [] : [[revision, `${timeText(author.time)}  ${userText(author)}`] as const];
  }));
  if (known.size === 0) return () => '';
  const width = Math.max(...[...known.values()].map(columnsOf)) + 2;
  return (revision) => {
    const text = known.get(revision) ?? '';
    return text + ' '.repeat(width - columnsOf(text));
  };
}

interface Leaf {
  readonly path: Path;
  readonly value: unknown;
  readonly revision: string | undefined;
}

/** The values of a document that have nothing below them, in the order of YAML. */
function* leaves(value: unknown, blame: Blame, path: Path): Generator<Leaf> {
  const below = [...membersOf(value, blame)];
  if (below.length === 0) yield { path, value, revision: blame.revision };
  for (const { step, value: each, blame: of } of below) yield* leaves(each, of, [...path, step]);
}

/** The revision of each line that goYaml makes of a value which has something below it. */
function* revisionsOfLines(value: unknown, blame: Blame, path: Path): Generator<string | undefined> {
  for (const { step, value: each, blame: of } of membersOf(value, blame)) {
    const at = [...path, step];
    if (isLeaf(each)) {
      for (let line = linesOf(each, at); line > 0; line--) yield of.revision;
      continue;
    }
    // An element begins on the line of its dash, a member below its name.
    if (typeof step === 'string') yield of.revision;
    yield* revisionsOfLines(each, of, at);
  }
}

function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.values(value).every((each) => each === undefined);
}

/** How many lines a value without anything below it takes at its place: long texts are folded there. */
function linesOf(value: unknown, path: Path): number {
  return count(nested(value, path)) - count(nested(0, path)) + 1;
}

function count(document: object): number {
  return goYaml(document).split('\n').length;
}

function nested(value: unknown, path: Path): object {
  return [...path].reverse().reduce<unknown>((inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }), value) as object;
}

function* membersOf(value: unknown, { members, elements }: Blame): Generator<{ readonly step: string | number; readonly value: unknown; readonly blame: Blame }> {
  if (elements !== undefined) for (const [step, blame] of elements.entries()) yield { step, value: (value as readonly unknown[])[step], blame };
  if (members === undefined) return;
  const map = value as Readonly<Record<string, unknown>>;
  for (const step of yamlKeys(map)) if (map[step] !== undefined) yield { step, value: map[step], blame: members.get(step) as Blame };
}

import { CalicoError, DatastoreError } from '../base/errors.js';
import { similar } from '../text/similar.js';
import { SETTING_KEYS, type FoundSettings, type SettingKey } from './keys.js';
import { byKey, isEmpty, problemIn, readMapping, requiredText, settingsAmong, type NamedFile } from './settings-tree.js';
import type { YamlEntry, YamlNode } from './yaml-tree.js';

/** A cluster by name: how it is reached, and the dialect in which its resources are shown. */
export interface Context {
  readonly name: string;
  readonly dialect?: 'v1' | 'v3' | undefined;
  readonly found: FoundSettings;
}

/** What a file of contexts holds. */
export interface Contexts {
  /** The name of the context in use. */
  readonly current?: string | undefined;
  readonly contexts: readonly Context[];
}

const HEAD = { apiVersion: 'calicoctl/v1', kind: 'Contexts' } as const;
const EXPECTED = `expected apiVersion ${HEAD.apiVersion} with kind ${HEAD.kind}`;
const TOP_KEYS = ['apiVersion', 'kind', 'current', 'contexts'] as const;
const CONTEXT_KEYS = ['dialect', ...SETTING_KEYS] as const;

/** Why a word is no name of a context, or undefined: it has to be one word for a shell, in a table and in YAML. */
export function contextNameProblem(name: string): string | undefined {
  return /^[A-Za-z0-9](?:[\w.@:-]{0,61}[A-Za-z0-9])?$/.test(name) ? undefined : `${JSON.stringify(name)} is no name for a context: use letters, digits and any of - _ . @ : between them, at most 63`;
}

/** The context of a name. Throws DatastoreError, stage `configuration`, where there is none; `origin` says who asks for it. */
export function contextNamed({ contexts }: Contexts, name: string, origin: string): Context {
  const found = contexts.find((each) => each.name === name);
  if (found !== undefined) return found;
  const near = similar(name, contexts.map((each) => each.name));
  const hint = near !== undefined ? `did you mean ${near}?` : contexts.length === 0 ? 'there are none yet: make one with calicoctl context add' : 'calicoctl context list shows those there are';
  throw new DatastoreError('configuration', origin === name ? `there is no context ${JSON.stringify(name)}` : `${origin}: there is no context ${JSON.stringify(name)}`, hint);
}

/** Reads a file of contexts. Throws DatastoreError, stage `configuration`, with file and line. */
export async function parseContexts(path: string, bytes: Uint8Array): Promise<Contexts> {
  const file: NamedFile = { title: 'file of contexts', path, expected: EXPECTED, topKeys: TOP_KEYS };
  const root = await readMapping(file, bytes);
  const top = byKey(file, root, TOP_KEYS);
  for (const key of ['apiVersion', 'kind'] as const) {
    const text = requiredText(file, root, top, key);
    if (text !== HEAD[key]) throw problemIn(file, top.get(key)?.line, `${key} is ${JSON.stringify(text)}`, EXPECTED);
  }
  const current = top.get('current');
  const contexts = contextsIn(file, top.get('contexts')?.value);
  if (current === undefined || isEmpty(current.value)) return { contexts };
  if (current.value.kind !== 'scalar') throw problemIn(file, current.line, 'current is not the name of a context');
  return { current: current.value.text, contexts };
}

function contextsIn(file: NamedFile, all: YamlNode | undefined): readonly Context[] {
  if (all === undefined || isEmpty(all)) return [];
  if (all.kind !== 'mapping') throw problemIn(file, all.line, 'contexts is not a set of names and settings');
  const seen = new Map<string, number>();
  return all.entries.map((entry) => {
    const earlier = seen.get(entry.key);
    if (earlier !== undefined) throw problemIn(file, entry.line, `context ${JSON.stringify(entry.key)} is there twice, first on line ${earlier}`);
    seen.set(entry.key, entry.line);
    return contextIn(file, entry);
  });
}

function contextIn(file: NamedFile, { key: name, value, line }: YamlEntry): Context {
  const problem = contextNameProblem(name);
  if (problem !== undefined) throw problemIn(file, line, problem);
  if (value.kind !== 'mapping') throw problemIn(file, line, `context ${name} is not a set of keys and values`);
  const entries = byKey(file, value, CONTEXT_KEYS);
  const dialect = entries.get('dialect')?.value;
  const text = dialect?.kind === 'scalar' && !isEmpty(dialect) ? dialect.text : undefined;
  if (dialect !== undefined && text !== 'v1' && text !== 'v3') throw problemIn(file, dialect.line, 'dialect is neither v1 nor v3');
  return { name, dialect: text === 'v1' || text === 'v3' ? text : undefined, found: settingsAmong(file, entries, `of context ${name} in ${file.path}`) };
}

/** With a context added; with `replace`, in the place of one of that name. Throws CalicoError where there is one already. */
export function withContext({ current, contexts }: Contexts, context: Context, { replace }: { readonly replace: boolean }): Contexts {
  if (!replace && contexts.some(({ name }) => name === context.name)) throw new CalicoError('exists', `context ${context.name} exists already`, { hint: 'give another name, or remove that context first' });
  return { current, contexts: [...contexts.filter(({ name }) => name !== context.name), context].sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

/** Without contexts; if one of them was in use, none is. Throws DatastoreError where one does not exist. */
export function withoutContexts(all: Contexts, names: readonly string[]): Contexts {
  for (const name of names) contextNamed(all, name, name);
  return { current: all.current !== undefined && names.includes(all.current) ? undefined : all.current, contexts: all.contexts.filter(({ name }) => !names.includes(name)) };
}

/** With a context by another name, under which it stays in use. Throws where there is no such context, or one of that name already. */
export function renamedContext(all: Contexts, from: string, to: string): Contexts {
  const context = contextNamed(all, from, from);
  const { contexts } = withContext({ contexts: withoutContexts(all, [from]).contexts }, { ...context, name: to }, { replace: false });
  return { current: all.current === from ? to : all.current, contexts };
}

/** With a context in use, or none. Throws DatastoreError where it does not exist. */
export function contextsUsing(all: Contexts, name: string | undefined): Contexts {
  if (name !== undefined) contextNamed(all, name, name);
  return { ...all, current: name };
}

/** A file of contexts as YAML. */
export async function contextsText({ current, contexts }: Contexts): Promise<string> {
  const { dump } = await import('js-yaml');
  const settings = ({ dialect, found }: Context): Record<string, string> => ({
    ...(dialect === undefined ? {} : { dialect }),
    ...Object.fromEntries((Object.entries(found) as [SettingKey, { text: string }][]).map(([key, { text }]) => [key, text])),
  });
  const document = { ...HEAD, ...(current === undefined ? {} : { current }), contexts: Object.fromEntries(contexts.map((each) => [each.name, settings(each)])) };
  return `# Written by calicoctl context; comments are not kept.\n${dump(document, { lineWidth: -1 })}`;
}

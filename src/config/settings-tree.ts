import { isUtf8 } from 'node:buffer';
import { DatastoreError } from '../base/errors.js';
import { similar } from '../text/similar.js';
import { SETTING_KEYS, SPEC_KEYS, type FoundSettings, type SettingKey } from './keys.js';
import { readYamlTree, YamlProblem, type YamlEntry, type YamlNode } from './yaml-tree.js';

export type YamlMapping = YamlNode & { kind: 'mapping' };

/** A file of settings as messages name it: `configuration file /etc/calico/calicoctl.cfg`. */
export interface NamedFile {
  readonly title: string;
  readonly path: string;
  /** What the file should hold, for whoever wrote another. */
  readonly expected: string;
  /** What may stand at its top. */
  readonly topKeys: readonly string[];
}

/** Reads a file of settings, YAML or JSON, as a mapping with lines. Throws DatastoreError, stage `configuration`, with file and line. */
export async function readMapping(file: NamedFile, bytes: Uint8Array): Promise<YamlMapping> {
  if (!isUtf8(bytes)) throw problemIn(file, undefined, 'the file is not UTF-8 text');
  let root: YamlNode | undefined;
  try {
    root = await readYamlTree(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof YamlProblem) throw problemIn(file, error.line, error.message);
    throw error;
  }
  if (root === undefined || isEmpty(root)) throw problemIn(file, undefined, 'the file is empty', file.expected);
  if (root.kind !== 'mapping') throw problemIn(file, root.line, 'the file does not hold a configuration', file.expected);
  return root;
}

/** The text of a key that has to be there. Throws DatastoreError with the line. */
export function requiredText(file: NamedFile, root: YamlNode, top: ReadonlyMap<string, YamlEntry>, key: string): string {
  const value = top.get(key)?.value;
  if (value === undefined || value.kind !== 'scalar' || value.text === '') throw problemIn(file, value?.line ?? root.line, `${key} is missing`, file.expected);
  return value.text;
}

/** The entries of a mapping under the names as documented, which are found without regard to case. Unknown and repeated ones are refused. */
export function byKey(file: NamedFile, mapping: YamlMapping, known: readonly string[]): Map<string, YamlEntry> {
  const names = new Map(known.map((each) => [each.toLowerCase(), each]));
  const entries = new Map<string, YamlEntry>();
  for (const entry of mapping.entries) {
    const name = names.get(entry.key.toLowerCase());
    if (name === undefined) throw unknownKey(file, entry, known);
    const earlier = entries.get(name);
    if (earlier !== undefined) throw problemIn(file, entry.line, `${name} is given twice, first on line ${earlier.line}`);
    entries.set(name, entry);
  }
  return entries;
}

/** The settings among entries, each with `of`, where it stands, as its origin. Throws DatastoreError with the line of what is no text. */
export function settingsAmong(file: NamedFile, entries: ReadonlyMap<string, YamlEntry>, of: string): FoundSettings {
  const found: FoundSettings = {};
  for (const [key, entry] of entries) {
    if (!isSettingKey(key) || isEmpty(entry.value)) continue;
    if (entry.value.kind !== 'scalar') throw problemIn(file, entry.line, `${key} is not plain text`, key === 'etcdEndpoints' && entry.value.kind === 'list' ? 'write the endpoints as one text, separated by commas, without brackets or dashes' : undefined);
    found[key] = { text: entry.value.text, origin: `${key} ${of}` };
  }
  return found;
}

/** Whether a value is left out: nothing, `~` or `null`. */
export function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && ['', '~', 'null'].includes(node.text.trim());
}

/** What is wrong with a file, and where. */
export function problemIn(file: NamedFile, line: number | undefined, message: string, hint?: string): DatastoreError {
  return new DatastoreError('configuration', `${file.title} ${file.path}${line === undefined ? '' : `:${line}`}: ${message}`, hint);
}

/** The key itself is not shown: where a line break or an indentation is wrong it may be a password. */
function unknownKey(file: NamedFile, entry: YamlEntry, known: readonly string[]): DatastoreError {
  const message = 'unknown key';
  if (known === file.topKeys && file.topKeys.includes('spec') && SPEC_KEYS.some((each) => each.toLowerCase() === entry.key.toLowerCase())) {
    return problemIn(file, entry.line, `${message} at this place`, `${entry.key} belongs under spec: indent it by two spaces`);
  }
  const near = similar(entry.key, known);
  return problemIn(file, entry.line, message, near === undefined ? `known keys: ${known.join(', ')}` : `did you mean ${near}?`);
}

function isSettingKey(key: string): key is SettingKey {
  return (SETTING_KEYS as readonly string[]).includes(key);
}

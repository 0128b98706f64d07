import { isUtf8 } from 'node:buffer';
import { DatastoreError } from '../base/errors.js';
import { similar } from '../text/similar.js';
import { SETTING_KEYS, SPEC_KEYS, type FoundSettings, type SettingKey } from './keys.js';
import { readYamlTree, YamlProblem, type YamlEntry, type YamlNode } from './yaml-tree.js';

/** What a configuration file says; its kind chooses the dialect (design.md). */
export interface FileSettings {
  readonly found: FoundSettings;
  readonly dialect: 'v1' | 'v3';
}

const KINDS = { v1: { apiVersion: 'v1', kind: 'calicoApiConfig' }, v3: { apiVersion: 'projectcalico.org/v3', kind: 'CalicoAPIConfig' } } as const;
const EXPECTED = `expected apiVersion ${KINDS.v1.apiVersion} with kind ${KINDS.v1.kind}, or apiVersion ${KINDS.v3.apiVersion} with kind ${KINDS.v3.kind}`;
const DOCUMENT_KEYS = ['apiVersion', 'kind', 'metadata', 'spec'] as const;

/**
 * Reads a configuration file, YAML or JSON (reference/classic 2, reference/storage 5.1). Keys match without regard to case.
 * Throws DatastoreError, stage `configuration`, with file and line.
 */
export async function parseConfigFile(path: string, bytes: Uint8Array): Promise<FileSettings> {
  const root = await readRoot(path, bytes);
  const top = byKey(path, root, DOCUMENT_KEYS);
  const dialect = readDialect(path, root, top);
  const spec = top.get('spec')?.value;
  if (spec === undefined || isEmpty(spec)) return { found: {}, dialect };
  if (spec.kind !== 'mapping') throw problem(path, spec.line, 'spec is not a set of keys and values');
  const found: FoundSettings = {};
  for (const [key, entry] of byKey(path, spec, SPEC_KEYS)) {
    if (!isSettingKey(key) || isEmpty(entry.value)) continue;
    if (entry.value.kind !== 'scalar') throw problem(path, entry.line, `${key} is not plain text`, key === 'etcdEndpoints' && entry.value.kind === 'list' ? 'write the endpoints as one text, separated by commas, without brackets or dashes' : undefined);
    found[key] = { text: entry.value.text, origin: `${key} in ${path}` };
  }
  return { found, dialect };
}

async function readRoot(path: string, bytes: Uint8Array): Promise<YamlNode & { kind: 'mapping' }> {
  if (!isUtf8(bytes)) throw problem(path, undefined, 'the file is not UTF-8 text');
  let root: YamlNode | undefined;
  try {
    root = await readYamlTree(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof YamlProblem) throw problem(path, error.line, error.message);
    throw error;
  }
  if (root === undefined || isEmpty(root)) throw problem(path, undefined, 'the file is empty', EXPECTED);
  if (root.kind !== 'mapping') throw problem(path, root.line, 'the file does not hold a configuration', EXPECTED);
  return root;
}

function readDialect(path: string, root: YamlNode, top: ReadonlyMap<string, YamlEntry>): 'v1' | 'v3' {
  const text = (key: string): string => {
    const value = top.get(key)?.value;
    if (value === undefined || value.kind !== 'scalar' || value.text === '') throw problem(path, value?.line ?? root.line, `${key} is missing`, EXPECTED);
    return value.text;
  };
  const apiVersion = text('apiVersion');
  const kind = text('kind');
  const dialect = apiVersion === KINDS.v1.apiVersion ? 'v1' : apiVersion === KINDS.v3.apiVersion ? 'v3' : undefined;
  if (dialect === undefined) throw problem(path, top.get('apiVersion')?.value.line, `unknown apiVersion "${apiVersion}"`, EXPECTED);
  if (kind !== KINDS[dialect].kind) {
    throw problem(path, top.get('kind')?.value.line, `kind is "${kind}" where "${KINDS[dialect].kind}" is expected`, EXPECTED);
  }
  return dialect;
}

/** The entries of a mapping under the names as documented. Unknown and repeated ones are refused. */
function byKey(path: string, mapping: YamlNode & { kind: 'mapping' }, known: readonly string[]): Map<string, YamlEntry> {
  const names = new Map(known.map((each) => [each.toLowerCase(), each]));
  const entries = new Map<string, YamlEntry>();
  for (const entry of mapping.entries) {
    const name = names.get(entry.key.toLowerCase());
    if (name === undefined) throw unknownKey(path, entry, known);
    const earlier = entries.get(name);
    if (earlier !== undefined) throw problem(path, entry.line, `${name} is given twice, first on line ${earlier.line}`);
    entries.set(name, entry);
  }
  return entries;
}

/** The key itself is not shown: where a line break or an indentation is wrong it may be a password. */
function unknownKey(path: string, entry: YamlEntry, known: readonly string[]): DatastoreError {
  const message = 'unknown key';
  if (known === DOCUMENT_KEYS && SPEC_KEYS.some((each) => each.toLowerCase() === entry.key.toLowerCase())) {
    return problem(path, entry.line, `${message} at this place`, `${entry.key} belongs under spec: indent it by two spaces`);
  }
  const near = similar(entry.key, known);
  return problem(path, entry.line, message, near === undefined ? `known keys: ${known.join(', ')}` : `did you mean ${near}?`);
}

function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && ['', '~', 'null'].includes(node.text.trim());
}

function isSettingKey(key: string): key is SettingKey {
  return (SETTING_KEYS as readonly string[]).includes(key);
}

function problem(path: string, line: number | undefined, message: string, hint?: string): DatastoreError {
  return new DatastoreError('configuration', `configuration file ${path}${line === undefined ? '' : `:${line}`}: ${message}`, hint);
}

import { SPEC_KEYS, type FoundSettings } from './keys.js';
import { byKey, isEmpty, problemIn, readMapping, requiredText, settingsAmong, type NamedFile, type YamlMapping } from './settings-tree.js';
import type { YamlEntry } from './yaml-tree.js';

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
  const file: NamedFile = { title: 'configuration file', path, expected: EXPECTED, topKeys: DOCUMENT_KEYS };
  const root = await readMapping(file, bytes);
  const top = byKey(file, root, DOCUMENT_KEYS);
  const dialect = readDialect(file, root, top);
  const spec = top.get('spec')?.value;
  if (spec === undefined || isEmpty(spec)) return { found: {}, dialect };
  if (spec.kind !== 'mapping') throw problemIn(file, spec.line, 'spec is not a set of keys and values');
  return { found: settingsAmong(file, byKey(file, spec, SPEC_KEYS), `in ${path}`), dialect };
}

function readDialect(file: NamedFile, root: YamlMapping, top: ReadonlyMap<string, YamlEntry>): 'v1' | 'v3' {
  const apiVersion = requiredText(file, root, top, 'apiVersion');
  const kind = requiredText(file, root, top, 'kind');
  const dialect = apiVersion === KINDS.v1.apiVersion ? 'v1' : apiVersion === KINDS.v3.apiVersion ? 'v3' : undefined;
  if (dialect === undefined) throw problemIn(file, top.get('apiVersion')?.value.line, `unknown apiVersion "${apiVersion}"`, EXPECTED);
  if (kind !== KINDS[dialect].kind) {
    throw problemIn(file, top.get('kind')?.value.line, `kind is "${kind}" where "${KINDS[dialect].kind}" is expected`, EXPECTED);
  }
  return dialect;
}

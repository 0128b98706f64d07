import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { it } from 'mocha';
import type { Data } from '../../src/resources/fields/object.js';
import { keyOf } from '../../src/resources/keys.js';
import type { Metadata, StoredKind, StoredObject } from '../../src/resources/kind.js';
import { Problems, pathText } from '../../src/resources/problem.js';
import { encodeStored } from '../../src/resources/stored-value.js';
import { API_VERSION, readStoredDocument } from '../../src/resources/v3/document.js';

/** A manifest with what official Calico answered to `apply` on an empty store (golden/validator/README.md). */
interface Verdict {
  readonly id: string;
  readonly apply: { readonly accepted: boolean; readonly message?: string; readonly stored?: { readonly key: string; readonly value: string } };
  readonly object: Data;
}

/** A manifest with what official Calico answered to `create` (golden/README.md). */
interface Probe {
  readonly id: string;
  readonly kind: string;
  readonly manifest: Data;
  readonly accepted: boolean;
  readonly message?: string;
  readonly spec?: Data;
  readonly quirk?: string;
}

interface Outcome {
  readonly accepted: boolean;
  readonly stored?: { readonly key: string; readonly value: string };
}

const GOLDEN = new URL('../cases/golden/', import.meta.url);

function golden<T>(name: string): readonly T[] {
  const file = new URL(name, GOLDEN);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T[]) : [];
}

/** What would be stored for an object that is created: only name, namespace, labels and annotations of its metadata count (v3-storage.md 2.5). */
export function storedText(kind: StoredKind, object: StoredObject): string {
  const { name, namespace, labels, annotations } = object.metadata;
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: 'UID',
    creationTimestamp: 'TIME',
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  } as Metadata;
  return encodeStored(kind, { ...object, metadata });
}

/** Everything wrong with a document, as `path: message` lines. */
export function problemsOf(kind: StoredKind, raw: Data): string[] {
  const problems = new Problems();
  readStoredDocument(kind, raw, problems);
  return problems.list.map((problem) => `${pathText(problem.path)}: ${problem.message}${problem.hint === undefined ? '' : ` (${problem.hint})`}`);
}

/** A document of a kind with this spec. */
export function document(kind: StoredKind, spec: Data, metadata: Data = { name: 'default' }): Data {
  return { apiVersion: API_VERSION, kind: kind.kind, metadata, spec };
}

function outcome(kind: StoredKind, raw: Data): Outcome & { readonly object?: StoredObject } {
  // Which kind a document is of is found out before it is read.
  if (raw['kind'] !== kind.kind || raw['apiVersion'] !== API_VERSION) return { accepted: false };
  const problems = new Problems();
  const object = readStoredDocument(kind, raw, problems);
  if (object === undefined || problems.failed || kind.readOnly?.(object, 'apply') !== undefined) return { accepted: false };
  const key = keyOf(kind, object.metadata.name, object.metadata.namespace);
  return { accepted: true, stored: { key, value: storedText(kind, object) }, object };
}

function decided(kind: StoredKind, raw: Data): Outcome {
  const { accepted, stored } = outcome(kind, raw);
  return { accepted, ...(stored === undefined ? {} : { stored }) };
}

/**
 * One test for each golden verdict and probe of a kind: accepted or refused alike, and the same bytes stored.
 * @param needStore ids of those that only the rest of the store decides (a tier that is not there)
 */
export function testGolden(kind: StoredKind, needStore: readonly string[] = []): void {
  const verdicts = [...golden<Verdict>(`validator/${kind.kind}.json`), ...golden<Verdict>(`validator/changed-${kind.kind}.json`)];
  for (const { id, apply, object } of verdicts.filter((verdict) => !needStore.includes(verdict.id))) {
    it(`decides as Calico does: ${id}`, () => {
      expect(decided(kind, object), apply.message).to.deep.equal({ accepted: apply.accepted, ...(apply.stored === undefined ? {} : { stored: apply.stored }) });
    });
  }
  for (const { id, manifest, accepted, message, spec } of golden<Probe>('probes.json').filter((probe) => probe.kind === kind.kind && !needStore.includes(probe.id))) {
    it(`decides as Calico does: ${id}`, () => {
      const found = outcome(kind, manifest);
      const stored = found.stored === undefined ? undefined : (JSON.parse(found.stored.value) as StoredObject);
      expect({ accepted: found.accepted, spec: stored?.spec }, message).to.deep.equal({ accepted, spec });
    });
  }
}

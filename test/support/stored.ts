import type { Data } from '../../src/base/data.js';
import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { it } from 'mocha';
import type { Column } from '../../src/resources/column.js';
import { keyOf } from '../../src/resources/keys.js';
import type { Metadata, StoredKind, StoredObject } from '../../src/resources/kind.js';
import { explain } from '../../src/resources/hints/explain.js';
import { Problems, pathText } from '../../src/resources/problem.js';
import { decodeStored, encodeStored, isCorrupt } from '../../src/resources/stored-value.js';
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

/** What would be stored for an object that is created: only name, namespace, labels and annotations of its metadata count (reference/storage 2.5). */
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

/** Everything found in a document, as `path: message` lines; of one severity where one is given. */
export function problemsOf(kind: StoredKind, raw: Data, severity?: 'error' | 'warning'): string[] {
  const problems = new Problems();
  readStoredDocument(kind, raw, problems);
  explain(kind, raw, problems);
  return problems.list.filter((problem) => severity === undefined || problem.severity === severity).map((problem) => `${pathText(problem.path)}: ${problem.message}${problem.hint === undefined ? '' : ` (${problem.hint})`}`);
}

/** The spec that is stored for a document in which nothing is wrong. */
export function storedSpec(kind: StoredKind, raw: Data): Data {
  const problems = new Problems();
  const object = readStoredDocument(kind, raw, problems);
  expect(problems.list).to.deep.equal([]);
  return (JSON.parse(storedText(kind, object as StoredObject)) as StoredObject).spec;
}

/** The rows of the tables of an object with this spec, each cell behind its heading. */
export function cells(kind: StoredKind, spec: Data): { ps: string[]; wide: string[] } {
  const object = document(kind, spec) as unknown as StoredObject;
  const row = (columns: readonly Column<StoredObject>[]): string[] => columns.map(({ heading, cell }) => `${heading}=${cell(object, { globalAsNumber: '64512' })}`);
  return { ps: row(kind.columns.ps), wide: row(kind.columns.wide) };
}

/** A document of a kind with this spec. */
export function document(kind: StoredKind, spec: Data, metadata: Data = { name: 'default' }): Data {
  return { apiVersion: API_VERSION, kind: kind.kind, metadata, spec };
}

/** The cells of a kind's table for objects read from these documents, its headings first. */
export function tableOf(kind: StoredKind, table: 'ps' | 'wide', documents: readonly Data[]): string[][] {
  const columns = kind.columns[table];
  const objects = documents.map((raw) => readStoredDocument(kind, raw, new Problems()) as StoredObject);
  return [columns.map((column) => column.heading), ...objects.map((object) => columns.map((column) => column.cell(object, { globalAsNumber: '64512' })))];
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

function storedAgain(kind: StoredKind, { key, value }: { readonly key: string; readonly value: string }): string {
  const object = decodeStored(kind, { key, value, modRevision: '7' });
  return isCorrupt(object) ? object.reason : encodeStored(kind, object);
}

/** What Calico has stored of a kind in the recordings. */
export function recordedEntries(kind: StoredKind): { readonly key: string; readonly value: string }[] {
  return [`validator/${kind.kind}.json`, `validator/changed-${kind.kind}.json`].flatMap((file) => golden<Verdict>(file)).flatMap(({ apply }) => apply.stored ?? []);
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
  it('reads back what is stored, and would store the same', () => {
    const stored = verdicts.flatMap(({ apply }) => apply.stored ?? []);
    expect(stored.map((entry) => storedAgain(kind, entry))).to.deep.equal(stored.map(({ value }) => value));
  });
  for (const { id, manifest, accepted, message, spec } of golden<Probe>('probes.json').filter((probe) => probe.kind === kind.kind && !needStore.includes(probe.id))) {
    it(`decides as Calico does: ${id}`, () => {
      const found = outcome(kind, manifest);
      const stored = found.stored === undefined ? undefined : (JSON.parse(found.stored.value) as StoredObject);
      expect({ accepted: found.accepted, spec: stored?.spec }, message).to.deep.equal({ accepted, spec });
    });
  }
}

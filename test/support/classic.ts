import type { Data } from '../../src/base/data.js';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { explain } from '../../src/resources/hints/explain.js';
import type { ClassicDocument, ClassicKind, StoredObject } from '../../src/resources/kind.js';
import { pathText, Problems } from '../../src/resources/problem.js';
import { CLASSIC_KINDS } from '../../src/resources/registry.js';
import { readClassicDocument } from '../../src/resources/v1/document.js';

/** A file of test/cases. */
export function cases<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../cases/${name}`, import.meta.url), 'utf8')) as T;
}

/** The classic kind of a name. */
export function classicKind(name: string): ClassicKind {
  const kind = CLASSIC_KINDS.find((each) => each.kind === name);
  if (kind === undefined) throw new Error(`there is no classic kind ${name}`);
  return kind;
}

/** A classic document, raw. */
export function manifest(kind: string, metadata: Data, spec: Data = {}): Data {
  return { apiVersion: 'v1', kind, metadata, spec };
}

/** A rule in a policy, raw. */
export function policyWith(...ingress: unknown[]): Data {
  return manifest('policy', { name: 'p' }, { ingress });
}

/** What reading a document finds: `error spec.x: message (hint)`. */
export function findings(raw: Data): string[] {
  const problems = new Problems();
  const kind = classicKind(String(raw['kind']));
  readClassicDocument(kind, raw, problems);
  explain(kind, raw, problems);
  return problems.list.map(({ severity, path, message, hint }) => `${severity} ${pathText(path)}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
}

/** A document as it is read back; it has to be right in the classic language. What Calico 3.32 refuses of it may be stored, by other tools. */
export function readBack(raw: Data): ClassicDocument {
  const problems = new Problems();
  const document = readClassicDocument(classicKind(String(raw['kind'])), raw, problems, false);
  expect(problems.list.filter((problem) => problem.severity === 'error')).to.deep.equal([]);
  return document as ClassicDocument;
}

/** A value as JSON has it: maps without a prototype become plain ones, undefined fields go. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** The object that is stored for a raw document, as it is read from the store. */
export function storedFor(raw: Data): StoredObject {
  return plain(classicKind(String(raw['kind'])).toStored(readBack(raw)));
}

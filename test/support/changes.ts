import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deleteTargets, type DeleteOptions, type DeleteResult } from '../../src/changes/delete.js';
import type { WriteVerb } from '../../src/changes/plan.js';
import { readTargets, type ReadTargets } from '../../src/changes/read-targets.js';
import { writeTargets, type WriteOptions, type WriteResult } from '../../src/changes/write.js';
import type { Store } from '../../src/datastore/store.js';
import { ManifestError } from '../../src/base/errors.js';
import { get } from '../../src/output/views/get/print.js';
import type { Kind, Verb } from '../../src/resources/kind.js';

let count = 0;

/** Times that stand still, identifiers that count up. */
export const SOURCES = { now: () => new Date(0), uuid: () => `6a1b0f0e-1c2d-4e3f-8a9b-${String(++count).padStart(12, '0')}` };

/** Manifests by file name, in the order in which they are read. */
export type Files = Readonly<Record<string, unknown>>;

/** Reads manifests as a verb does: each value is the text of a file, or what its JSON says. */
export async function readFiles(verb: Verb, files: Files): Promise<ReadTargets> {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  try {
    const paths = Object.entries(files).map(([name, content]) => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    });
    return await readTargets(paths, { verb, stdin: process.stdin, uuid: SOURCES.uuid });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Creates, applies or replaces what manifests say. */
export async function write(store: Store, verb: WriteVerb, files: Files, options: Partial<WriteOptions> = {}): Promise<WriteResult> {
  const { targets } = await readFiles(verb, files);
  return writeTargets(store, verb, targets, { sources: SOURCES, ...options });
}

/** Deletes what manifests name. */
export async function remove(store: Store, files: Files, options: DeleteOptions = {}): Promise<DeleteResult> {
  const { targets } = await readFiles('delete', files);
  return deleteTargets(store, targets, options);
}

/** What became of each resource: `created`, or why it was refused. */
export function results({ plan }: WriteResult): string[] {
  return [...plan.steps.map(({ target, result }) => `${target.identity} ${result}`), ...plan.refused.map(({ target, message }) => `${target.identity}: ${message}`)];
}

/** What is wrong with manifests: `a.yaml:3 spec.order: message`. */
export async function problems(action: Promise<unknown>): Promise<string[]> {
  try {
    await action;
    return [];
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return error.diagnostics.map(({ file, line, path, message }) => `${file.split('/').at(-1) ?? ''}:${line ?? 0}${path === undefined ? '' : ` ${path}`}: ${message.replaceAll(/\S*\/manifests-\w+\//g, '')}`);
  }
}

/** What `get` prints of a whole kind, in all namespaces. */
export async function printed(store: Store, kind: Kind, format: 'yaml' | 'json', forExport = false): Promise<string> {
  let text = '';
  const selection = kind.dialect === 'v1' ? ({ by: 'identity', kind, wanted: [{}] } as const) : ({ by: 'all', kind, showNamespace: false } as const);
  await get(store, [selection], { format: { name: format }, context: { globalAsNumber: '64512' }, forExport, write: (piece) => void (text += piece) });
  return text;
}

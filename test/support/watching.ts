import type { ConnectionSettings } from '../../src/config/settings.js';
import type { DatastoreNotice } from '../../src/datastore/notices.js';
import type { Operation, Range, Store, WatchStep } from '../../src/datastore/store.js';
import { withStore } from './datastore.js';

/** A change as a test can know it: the key, its value or that it is gone. */
export type Told = readonly [key: string, value: string | undefined];

/** Follows a watch from the state now on, and keeps what it tells. */
export async function follow(store: Store, ranges: readonly Range[]): Promise<{ readonly steps: WatchStep[]; readonly ended: Promise<void> }> {
  const { revision, ranges: found } = await store.snapshot(ranges);
  const known = new Map(found.flat().map(({ key, modRevision }) => [key, modRevision]));
  const steps: WatchStep[] = [];
  const ended = (async () => {
    for await (const step of store.watch(ranges, { after: revision, known })) steps.push(step);
  })();
  ended.catch(() => undefined);
  return { steps, ended };
}

/** What a watch said of itself; that an answer was waited for, which a busy machine says too, is not of it. */
export function ofWatch(notices: readonly DatastoreNotice[]): readonly string[] {
  return notices.map(({ code }) => code).filter((code) => code.startsWith('datastore.watch-'));
}

export function toldIn({ changes }: WatchStep): readonly Told[] {
  return changes.map(({ key, entry }) => [key, entry?.value]);
}

export function allTold(steps: readonly WatchStep[]): readonly Told[] {
  return steps.flatMap(toldIn);
}

/** Every change of keys with a prefix, as another member tells it from its own past. */
export async function historyOf(settings: ConnectionSettings, prefix: string, after: string, count: number): Promise<readonly string[]> {
  return withStore(settings, async (store) => {
    const lines: string[] = [];
    for await (const { changes } of store.watch([{ prefix }], { after, known: new Map() })) {
      lines.push(...changes.map(({ key, entry, revision }) => `${revision ?? ''} ${key} ${entry?.value ?? 'gone'}`));
      if (lines.length >= count) break;
    }
    return lines;
  });
}

/** Writes values whatever is there, in one transaction; undefined deletes. Returns its revision. */
export async function put(store: Store, values: Readonly<Record<string, string | undefined>>): Promise<string> {
  const { ranges } = await store.snapshot(Object.keys(values).map((key) => ({ key })));
  const operations = Object.entries(values).map(([key, value], index): Operation => {
    const expected = ranges[index]?.[0]?.modRevision ?? '0';
    return value === undefined ? { action: 'delete', key, expect: expected } : { action: 'put', key, value, expect: expected };
  });
  const commit = await store.commit(operations);
  if (!commit.done) throw new Error('refused');
  return commit.revision;
}

import type { Entry } from '../datastore/store.js';
import type { Step } from './step.js';

/** What steps write, by key; undefined for what they delete. */
export function writtenEntries(steps: readonly Step[]): ReadonlyMap<string, Entry | undefined> {
  const written = new Map<string, Entry | undefined>();
  for (const { operations } of steps) {
    for (const operation of operations) {
      if (operation.action === 'put') written.set(operation.key, { key: operation.key, value: operation.value, modRevision: operation.expect });
      if (operation.action === 'delete') written.set(operation.key, undefined);
    }
  }
  return written;
}

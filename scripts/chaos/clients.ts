import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedBatch } from '../../src/changes/commit.js';
import { deleteTargets } from '../../src/changes/delete.js';
import { storedTarget, type Target } from '../../src/objects/target.js';
import { writeTargets } from '../../src/changes/write.js';
import { isOutcomeUnknown } from '../../src/datastore/account.js';
import { connect } from '../../src/datastore/etcd/connect.js';
import type { Store } from '../../src/datastore/store.js';
import { CalicoError } from '../../src/base/errors.js';
import { formatCidr } from '../../src/net/address.js';
import { autoAssign } from '../../src/ipam/operations/auto-assign.js';
import { releaseByHandle } from '../../src/ipam/operations/release.js';
import { globalNetworkPolicy } from '../../src/resources/v3/global-network-policy.js';
import type { Book } from './book.js';
import { changing, usingAddresses, type Said } from './claims.js';
import type { Random } from './random.js';

const SOURCES = { now: () => new Date(), uuid: () => crypto.randomUUID() };
/** As long as a command waits for etcd unless it is told otherwise. */
const TIMEOUT_MS = 10_000;

/** What a client works with. */
export interface ClientParts {
  readonly endpoints: readonly string[];
  readonly random: Random;
  readonly book: Book;
}

/** Gives one command after the other until the time is over; a command that ends without an answer is written down as broken. */
export async function operate(parts: ClientParts, until: number, command: (parts: ClientParts) => Promise<void>, pause: readonly [number, number]): Promise<void> {
  while (performance.now() < until) {
    await command(parts).catch((error: unknown) => parts.book.broken.push(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    await sleep(parts.random.between(...pause));
  }
}

/** Creates, applies, replaces or deletes some policies, through the functions that the commands call. */
export async function changePolicies(parts: ClientParts): Promise<void> {
  await changing(parts, async (verb, objects) => {
    const targets = objects.map((object) => storedTarget(globalNetworkPolicy, object));
    const said = new Map<string, Said>(objects.map(({ metadata }) => [metadata.name, 'not written']));
    const say = (some: readonly Target[], word: Said): void => some.forEach(({ object }) => said.set(object.metadata.name, word));
    const word = verb === 'delete' ? 'deleted' : 'written';
    try {
      await withStore(parts, async (store) => {
        say(verb === 'delete' ? (await deleteTargets(store, targets, {})).deleted : ((await writeTargets(store, verb, targets, { sources: SOURCES })).outcome?.written ?? []).map((step) => step.target), word);
      });
    } catch (error) {
      if (error instanceof InterruptedBatch) {
        say(error.account.written.map((step) => step.target), word);
        say(error.account.unknown.map((step) => step.target), 'unknown');
      } else if (isOutcomeUnknown(error)) say(targets, 'unknown');
      else if (!(error instanceof CalicoError)) throw error;
    }
    return said;
  });
}

/** Assigns one or two addresses under a handle of their own, and mostly gives them back later, through the functions that the commands call. */
export async function useAddresses(parts: ClientParts): Promise<void> {
  await usingAddresses(parts, {
    assign: (host, count, handle) => answered(withStore(parts, async (store) => {
      const { addresses } = await autoAssign(store, { host, version: 4, count, owner: { handle, attributes: undefined } });
      return addresses.length === 0 ? 'not written' : addresses.map(({ block }) => formatCidr(block));
    })),
    release: (handle) => answered(withStore(parts, async (store) => {
      return (await releaseByHandle(store, handle)) === undefined ? 'not written' : 'released';
    })),
  });
}

/** What work came to, or that it was not done, or that it is not known; other errors are none that a user should see. */
function answered<T>(work: Promise<T>): Promise<T | 'not written' | 'unknown'> {
  return work.catch((error: unknown) => {
    if (!(error instanceof CalicoError)) throw error;
    return isOutcomeUnknown(error) ? 'unknown' : 'not written';
  });
}

/** A store of its own for each command, as for each process. */
async function withStore<T>({ endpoints, book }: ClientParts, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await connect({ endpoints, endpointsOrigin: 'ETCD_ENDPOINTS' }, { timeoutMs: TIMEOUT_MS });
  try {
    return await work(book.recorded(store));
  } finally {
    store.close();
  }
}

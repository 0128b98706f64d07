import { setTimeout as sleep } from 'node:timers/promises';
import { NODE_PREFIX, POOL_PREFIX } from '../../ipam/cluster/resources.js';
import type { WatchStep } from '../../datastore/store.js';
import type { AgentContext } from '../part.js';
import { repeated, told } from '../repeat.js';
import { settleTunnels, type TunnelContext } from './settle.js';

/** After so long it is looked again though nothing changed: what was done by hand in address management shows in no pool and no node. */
const RESYNC_MS = 5 * 60_000;

/**
 * Settles the addresses now, whenever a pool or the own Node changes, and from time to time. What goes wrong is told and tried again
 * then. Tells when all is read. Runs until the watch ends, which it does of itself only with the store; throws the reason of the
 * signal, and DatastoreError where the datastore is lost.
 */
export async function keepTunnels(context: TunnelContext & Pick<AgentContext, 'signal'> & { readonly resyncMs?: number; readonly onRead?: () => void }): Promise<void> {
  const { store, name, signal, resyncMs = RESYNC_MS, onRead } = context;
  const ranges = [{ prefix: POOL_PREFIX }, { key: `${NODE_PREFIX}${name}` }];
  const { revision, ranges: found } = await store.snapshot(ranges);
  onRead?.();
  const known = new Map(found.flat().map(({ key, modRevision }) => [key, modRevision]));
  const steps = store.watch(ranges, { after: revision, known })[Symbol.asyncIterator]();
  const nextStep = (): ReturnType<typeof steps.next> => {
    const step = steps.next();
    // Its end may come while addresses are settled, when nobody waits for it yet: what it threw is met at the next wait.
    step.catch(() => undefined);
    return step;
  };
  let coming = nextStep();
  for (;;) {
    await told(context, () => repeated(context, () => settleTunnels(context)));
    for (let isSame = true; isSame; ) {
      const next = await before(resyncMs, coming);
      signal.throwIfAborted();
      if (next?.done === true) return;
      if (next !== undefined) coming = nextStep();
      isSame = next?.value.changes.length === 0;
    }
  }
}

/** The next step of a watch; undefined where none came in time. */
async function before(ms: number, coming: Promise<IteratorResult<WatchStep, undefined>>): Promise<IteratorResult<WatchStep, undefined> | undefined> {
  const giveUp = new AbortController();
  const waiting = sleep(ms, undefined, { signal: giveUp.signal }).catch(() => undefined);
  try {
    return await Promise.race([coming, waiting]);
  } finally {
    giveUp.abort();
  }
}

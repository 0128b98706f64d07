import type { Notify } from '../../base/notice.js';
import type { DatastoreNotice } from '../notices.js';
import type { Budget } from './budget.js';

/** How often somebody is told that an answer is being waited for. */
const TELL_MS = 1000;

/** Waits within a budget for what etcd at `endpoint` is asked, and says so once a second. */
export async function waitedFor<T>(work: () => Promise<T>, budget: Budget, endpoint: () => string, notify: Notify<DatastoreNotice> | undefined): Promise<T> {
  if (notify === undefined) return budget.spend(work);
  const began = performance.now();
  const of = budget.totalMs / 1000;
  let seconds = 0;
  const timer = setInterval(() => {
    seconds = Math.floor((performance.now() - began) / 1000);
    notify({ code: 'datastore.waiting', endpoint: endpoint(), seconds, of });
  }, TELL_MS);
  try {
    return await budget.spend(work);
  } finally {
    clearInterval(timer);
    if (seconds > 0) notify({ code: 'datastore.waiting', endpoint: endpoint(), of });
  }
}

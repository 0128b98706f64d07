import type { IKeyValue, IRangeRequest, ITxnResponse } from 'etcd3';
import { DatastoreError } from '../../base/errors.js';
import { isOutcomeUnknown } from '../account.js';
import { namingDeniedKey } from './denied.js';
import { listKeys } from './explain.js';
import { findOurs, type History, type KeyAtRevision } from './outcome.js';
import { toEntry } from './ranges.js';
import type { Requests, WriteAnswer } from './requests.js';
import { keyBytes, TRANSACTION_LIMIT, type Commit, type Operation, type Refusal } from '../store.js';
import { buildTransaction } from './transaction.js';

/**
 * One guarded transaction, from sending it to knowing what became of it. Whenever an answer does not prove the contrary, it may
 * have been carried out: the store is read before it is sent again, and before anything is said of it.
 */
export class Commitment {
  private readonly keys: readonly string[];
  /** A try that was sent may be carried out still. */
  private pending = false;
  private before = 0n;

  constructor(
    private readonly etcd: Requests,
    private readonly operations: readonly Operation[],
  ) {
    this.keys = operations.map(({ key }) => key);
  }

  /** Throws DatastoreError, stage `unknown-outcome` where it cannot be told whether the transaction was carried out. */
  async make(): Promise<Commit> {
    const request = buildTransaction(this.operations);
    this.before = this.etcd.newest || (await this.read()).revision;
    try {
      const answer = await this.etcd.write(request, this.keys, this.settle);
      return 'settled' in answer ? answer.settled : await this.outcome(answer.response);
    } catch (error) {
      if (isOutcomeUnknown(error)) throw error;
      if (this.pending) throw this.unknown(error);
      throw await namingDeniedKey(this.etcd, this.operations, error);
    }
  }

  private async outcome({ succeeded, header, responses }: ITxnResponse): Promise<Commit> {
    if (succeeded) return { done: true, revision: header.revision };
    const current = responses.map(({ response_range }) => response_range.kvs[0]);
    const ours = this.pending ? await this.find(current, BigInt(header.revision)) : undefined;
    return ours ?? { done: false, refusals: refusals(this.operations, current) };
  }

  private readonly settle = async ({ later }: { readonly later: boolean }): Promise<WriteAnswer | undefined> => {
    this.pending ||= later;
    try {
      const { current, revision } = await this.read();
      const ours = await this.find(current, revision);
      if (ours !== undefined) return { settled: ours };
      const refused = refusals(this.operations, current);
      return refused.length > 0 ? { settled: { done: false, refusals: refused } } : undefined;
    } catch (error) {
      throw this.unknown(error);
    }
  };

  /** The commit, where it turns out that it was carried out. */
  private async find(current: readonly (IKeyValue | undefined)[], revision: bigint): Promise<Commit | undefined> {
    const ours = await findOurs({ operations: this.operations, current, revision, before: this.before }, this.history);
    return ours === undefined ? undefined : { done: true, revision: String(ours) };
  }

  /** All keys of the transaction at one revision. */
  private async read(): Promise<{ current: readonly (IKeyValue | undefined)[]; revision: bigint }> {
    const { kvs, revision } = await this.ranges(this.operations.map((operation) => ({ key: keyBytes(operation) })));
    return { current: kvs, revision };
  }

  private readonly history: History = {
    read: async (moments, keysOnly = false) => {
      const found: (IKeyValue | undefined)[] = [];
      for (let start = 0; start < moments.length; start += TRANSACTION_LIMIT.operations) {
        found.push(...(await this.ranges(moments.slice(start, start + TRANSACTION_LIMIT.operations).map((moment) => rangeAt(moment, keysOnly)))).kvs);
      }
      return found;
    },
  };

  private async ranges(requests: readonly IRangeRequest[]): Promise<{ kvs: readonly (IKeyValue | undefined)[]; revision: bigint }> {
    const { header, responses } = await this.etcd.read({ success: requests.map((request_range) => ({ request_range })) }, this.keys, { patient: true });
    return { kvs: responses.map(({ response_range }) => response_range.kvs[0]), revision: BigInt(header.revision) };
  }

  private unknown(error: unknown): DatastoreError {
    const keys = this.operations.flatMap(({ action, key }) => (action === 'check' ? [] : [key]));
    const cause = error instanceof Error ? error.message : String(error);
    return new DatastoreError('unknown-outcome', `it is not known whether the change of ${listKeys(keys)} was carried out: ${cause}`, 'all of it was carried out or none: read the resources to see which');
  }
}

function rangeAt({ key, revision }: KeyAtRevision, keysOnly: boolean): IRangeRequest {
  return { key, revision: String(revision), keys_only: keysOnly };
}

/** The keys that are not as they were expected to be. */
function refusals(operations: readonly Operation[], current: readonly (IKeyValue | undefined)[]): Refusal[] {
  return operations.flatMap(({ key, expect }, index) => {
    const now = current[index];
    return (now?.mod_revision ?? '0') === expect ? [] : [{ key, current: now && toEntry(now) }];
  });
}

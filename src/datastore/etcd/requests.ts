import type { IRangeRequest, IRangeResponse, ITxnRequest, ITxnResponse } from 'etcd3';
import type { Call, Caller } from './caller.js';
import type { Commit } from '../store.js';

/** What etcd answered to a transaction that writes, or what became of it where no answer says so. */
export type WriteAnswer = { readonly response: ITxnResponse } | { readonly settled: Commit };

/** etcd's requests; keeps the newest revision that an answer has shown. */
export class Requests {
  #newest = 0n;

  constructor(private readonly caller: Caller) {}

  /** The newest revision any answer has shown so far, 0 before the first. */
  get newest(): bigint {
    return this.#newest;
  }

  async range(request: IRangeRequest, name: string): Promise<IRangeResponse> {
    return this.#noted(await this.caller.call(rangeCall(request, name)));
  }

  /** Sends a request whose answer is wanted later; the function that is returned waits for it. */
  rangeAhead(request: IRangeRequest, name: string): () => Promise<IRangeResponse> {
    const response = this.caller.ahead(rangeCall(request, name));
    return async () => this.#noted(await response());
  }

  /** A transaction that writes nothing. `patient`: also while nobody can be reached, as long as there is time. */
  async read(request: ITxnRequest, keys: readonly string[], { patient = false } = {}): Promise<ITxnResponse> {
    return this.#noted(await this.caller.call({ keys, patient, send: (client, options) => client.kv.txn(request, options) }));
  }

  /** A transaction that writes. */
  async write(request: ITxnRequest, keys: readonly string[], settle: NonNullable<Call<WriteAnswer>['settle']>): Promise<WriteAnswer> {
    const answer = await this.caller.call<WriteAnswer>({ keys, settle, send: async (client, options) => ({ response: await client.kv.txn(request, options) }) });
    if ('response' in answer) this.#noted(answer.response);
    return answer;
  }

  #noted<T extends { readonly header: { readonly revision: string } }>(response: T): T {
    const seen = BigInt(response.header.revision);
    if (seen > this.#newest) this.#newest = seen;
    return response;
  }
}

function rangeCall(request: IRangeRequest, name: string): Call<IRangeResponse> {
  return { keys: [name], send: (client, options) => client.kv.range(request, options) };
}

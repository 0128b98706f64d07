import type { IRangeRequest, ITxnRequest } from 'etcd3';
import { Budget } from '../../src/datastore/etcd/budget.js';
import { Caller } from '../../src/datastore/etcd/caller.js';
import { EtcdStore } from '../../src/datastore/etcd/etcd-store.js';
import { Status } from '../../src/datastore/etcd/failure.js';
import { CallFailure, type Member } from '../../src/datastore/etcd/member.js';
import type { Store } from '../../src/datastore/store.js';
import { settingsFor } from './datastore.js';
import type { ModelEtcd } from './model-etcd.js';

/** What becomes of a write: it is lost on the way there, its answer is lost, it arrives later, or the answer is that there is no space, though it was carried out. */
export type Fault = 'request lost' | 'reply lost' | 'late' | 'no space';

export interface Script {
  /** What becomes of the first writes, one after the other; those after them pass. */
  readonly faults: readonly Fault[];
  /** What is done by others just before the request of that number, counted from the first write on, which is 0. */
  readonly meanwhile: ReadonlyMap<number, readonly (() => unknown)[]>;
  /** How many requests later a late write arrives: before the request of that number after it. */
  readonly lateness?: number;
  /** Who writes; US unless given. */
  readonly author?: string;
}

/** Who writes through a model store. */
export const US = 'us';

/** A script in which nothing happens. */
export const UNDISTURBED: Script = { faults: [], meanwhile: new Map() };

/** The real store, on members that play a script with a model of etcd. `requests` counts those since the first write. */
export function modelStore(etcd: ModelEtcd, script: Script, budget = new Budget(60_000)): { readonly store: Store; readonly play: { requests: number } } {
  const play = { requests: 0 };
  const player = new Player(etcd, script, play);
  const members = ['a', 'b', 'c'].map((endpoint): Member => ({
    endpoint,
    call: async (send: (client: unknown, options: unknown) => Promise<unknown>) => send(player.client, {}),
    close: () => undefined,
  }) as unknown as Member);
  return { store: new EtcdStore(new Caller({ members, settings: settingsFor('a', 'b', 'c'), budget }), () => undefined), play };
}

class Player {
  #begun = false;
  readonly #author: string;
  readonly #faults: Fault[];
  #late: { readonly at: number; readonly carryOut: () => void }[] = [];

  constructor(
    private readonly etcd: ModelEtcd,
    private readonly script: Script,
    private readonly play: { requests: number },
  ) {
    this.#faults = [...script.faults];
    this.#author = script.author ?? US;
  }

  readonly client = {
    kv: {
      range: async (request: IRangeRequest) => {
        await this.#next(false);
        return this.etcd.range(request);
      },
      txn: async (request: ITxnRequest) => {
        const writes = (request.compare ?? []).length > 0;
        await this.#next(writes);
        return writes ? this.#write(request) : this.etcd.txn(this.#author, request);
      },
    },
  };

  async #next(writes: boolean): Promise<void> {
    this.#begun ||= writes;
    if (!this.#begun) return;
    const number = this.play.requests++;
    for (const { at, carryOut } of this.#late) if (at === number) carryOut();
    for (const act of this.script.meanwhile.get(number) ?? []) await act();
  }

  #write(request: ITxnRequest): unknown {
    const fault = this.#faults.shift();
    if (fault === 'late') this.#late.push({ at: this.play.requests + (this.script.lateness ?? 0), carryOut: () => this.etcd.txn(this.#author, request) });
    if (fault === 'request lost' || fault === 'late') throw new CallFailure('model', Status.unavailable, 'read ECONNRESET');
    const answer = this.etcd.txn(this.#author, request);
    if (fault === 'reply lost') throw new CallFailure('model', Status.unavailable, 'read ECONNRESET');
    if (fault === 'no space') throw new CallFailure('model', Status.resourceExhausted, 'etcdserver: mvcc: database space exceeded');
    return answer;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Etcd3 } from 'etcd3';
import type { Book } from './book.js';
import { NAMES, nextOrder, policyKey } from './names.js';
import type { Random } from './random.js';

/** How long others wait for a strike of the rival before they go on. */
const STRIKE_MS = 400;

/** Another client, which puts and deletes policies without asking, most of all those that somebody is at work with. */
export class Rival {
  readonly #clients: readonly Etcd3[];
  strikes = 0;

  constructor(
    endpoints: readonly string[],
    private readonly random: Random,
    private readonly book: Book,
  ) {
    this.#clients = endpoints.map((hosts) => new Etcd3({ hosts, defaultCallOptions: () => ({ deadline: Date.now() + 2000 }) }));
  }

  /** Puts or deletes one policy, and lets the caller go on after a moment at the latest. */
  async strike(): Promise<void> {
    const name = this.random.pick([...this.book.busy.values()].flat().concat(this.random.pick(NAMES)));
    await Promise.race([this.#act(policyKey(name), name), sleep(STRIKE_MS)]);
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  async #act(key: string, name: string): Promise<void> {
    this.strikes++;
    const client = this.random.pick(this.#clients);
    if (this.random.chance(0.4)) {
      await client.put(key).value(theirs(name)).exec().then(({ header }) => this.book.saw(header.revision), () => undefined);
      return;
    }
    await client.delete().key(key).exec().then(
      ({ header, deleted }) => {
        if (Number(deleted) > 0) this.book.rival.push({ key, revision: Number(header.revision) });
      },
      () => this.book.rival.push({ key, revision: undefined }),
    );
  }
}

function theirs(name: string): string {
  const uid = crypto.randomUUID();
  return JSON.stringify({ kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata: { name, uid }, spec: { order: nextOrder() } });
}

import type { Operation } from '../../src/datastore/store.js';

/** One change of one key in etcd's history. `before` is the modification revision of what it changed, 0 where there was nothing. */
export interface HistoryEvent {
  readonly revision: number;
  readonly key: string;
  /** Undefined where it was deleted. */
  readonly value: string | undefined;
  readonly before: number;
}

/** What a store of ours said of a transaction: done at a revision, not written, or that it is not known. */
export interface TransactionClaim {
  readonly operations: readonly Operation[];
  readonly said: number | 'not written' | 'unknown';
}

/** What a command of ours said of a resource or an address. `token` is in everything that the command wrote, and in nothing else. */
export interface CommandClaim {
  readonly command: string;
  readonly key: string;
  readonly token: string | undefined;
  readonly said: 'written' | 'deleted' | 'not written' | 'unknown';
  /** A revision the store had before the command began. */
  readonly since: number;
}

/** A deletion by the rival: its revision, or undefined where it does not know itself. */
export interface RivalDeletion {
  readonly key: string;
  readonly revision: number | undefined;
}

export interface Claims {
  readonly transactions: readonly TransactionClaim[];
  readonly commands: readonly CommandClaim[];
  readonly rival: readonly RivalDeletion[];
}

/** What is wrong, one sentence each. */
export interface Verdict {
  /** Said to be written, and not in the history. */
  readonly lost: readonly string[];
  /** Carried out more than once. */
  readonly doubled: readonly string[];
  /** Said to be not written, and in the history. */
  readonly false: readonly string[];
  /** Claims that were compared. */
  readonly compared: number;
}

/** Compares all that was said with all that happened. */
export function compare(history: readonly HistoryEvent[], claims: Claims): Verdict {
  return new Comparison(new History(history), claims).verdict();
}

class History {
  readonly #byKey = new Map<string, HistoryEvent[]>();
  readonly #byPlace = new Map<string, HistoryEvent>();

  constructor(events: readonly HistoryEvent[]) {
    for (const event of events) {
      const same = this.#byKey.get(event.key);
      if (same === undefined) this.#byKey.set(event.key, [event]);
      else same.push(event);
      this.#byPlace.set(`${event.revision} ${event.key}`, event);
    }
  }

  of(key: string): readonly HistoryEvent[] {
    return this.#byKey.get(key) ?? [];
  }

  /** Whether every effect of the operations happened at a revision, from what they expect. */
  shows(operations: readonly Operation[], revision: number): boolean {
    return operations.every((operation) => {
      const event = this.#byPlace.get(`${revision} ${operation.key}`);
      return operation.action === 'check' ? event === undefined : event !== undefined && isEffect(event, operation);
    });
  }

  /** The revisions at which the operations were carried out, by whomever. */
  executions(operations: readonly Operation[]): readonly number[] {
    const first = operations.find(({ action }) => action !== 'check');
    if (first === undefined) return [];
    return this.of(first.key).flatMap((event) => (isEffect(event, first) && this.shows(operations, event.revision) ? [event.revision] : []));
  }
}

function isEffect(event: HistoryEvent, operation: Operation): boolean {
  return String(event.before) === operation.expect && event.value === (operation.action === 'put' ? operation.value : undefined);
}

class Comparison {
  readonly #lost: string[] = [];
  readonly #doubled: string[] = [];
  readonly #false: string[] = [];
  readonly #takenBy = new Map<number, number>();

  constructor(
    private readonly history: History,
    private readonly claims: Claims,
  ) {}

  verdict(): Verdict {
    const { transactions, commands } = this.claims;
    for (const { said } of transactions) if (typeof said === 'number') this.#takenBy.set(said, (this.#takenBy.get(said) ?? 0) + 1);
    for (const claim of transactions) this.#transaction(claim);
    for (const claim of commands) this.#command(claim);
    return { lost: this.#lost, doubled: this.#doubled, false: this.#false, compared: transactions.length + commands.length };
  }

  #transaction({ operations, said }: TransactionClaim): void {
    if (typeof said === 'number' && !this.history.shows(operations, said)) this.#lost.push(`transaction said to be done at ${said}: ${named(operations)}`);
    const executions = this.history.executions(operations);
    if (executions.length > 1) this.#doubled.push(`transaction carried out at ${executions.join(', ')}: ${named(operations)}`);
    if (said !== 'not written') return;
    for (const revision of executions) if (!this.#isAnothers(operations, revision)) this.#false.push(`transaction said to be not written, carried out at ${revision}: ${named(operations)}`);
  }

  /** Whether somebody else says, or may say, that what happened at a revision was theirs. */
  #isAnothers(operations: readonly Operation[], revision: number): boolean {
    if (this.#takenBy.has(revision)) return true;
    const isDeletion = operations.every(({ action }) => action !== 'put');
    if (isDeletion && this.claims.rival.some((deletion) => operations.some(({ key }) => key === deletion.key) && (deletion.revision ?? revision) === revision)) return true;
    return this.claims.transactions.some((other) => other.said === 'unknown' && this.history.shows(other.operations, revision));
  }

  #command({ command, key, token, said, since }: CommandClaim): void {
    const events = this.history.of(key);
    if (said === 'deleted') {
      if (!events.some(({ revision, value }) => value === undefined && revision > since)) this.#lost.push(`${command}: ${key} said to be deleted`);
      return;
    }
    if (token === undefined) return;
    const ours = beginnings(events, token);
    if (ours.length > 1) this.#doubled.push(`${command}: ${key} written at ${ours.join(', ')}`);
    if (said === 'written' && ours.length === 0) this.#lost.push(`${command}: ${key} said to be written`);
    if (said === 'not written' && ours.length > 0) this.#false.push(`${command}: ${key} said to be not written, written at ${ours.join(', ')}`);
  }
}

/** The revisions at which a token came into a key: others may write a value that holds it again, as they do with blocks of addresses. */
function beginnings(events: readonly HistoryEvent[], token: string): readonly number[] {
  return events.flatMap(({ revision, value }, index) => (value?.includes(token) === true && events[index - 1]?.value?.includes(token) !== true ? [revision] : []));
}

function named(operations: readonly Operation[]): string {
  return operations.flatMap(({ action, key, expect }) => (action === 'check' ? [] : [`${action} ${key} (was ${expect})`])).join(', ');
}

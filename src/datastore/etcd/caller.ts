import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionSettings } from '../../config/settings.js';
import type { Notify } from '../../base/notice.js';
import type { DatastoreNotice } from '../notices.js';
import { DatastoreError, type Hint } from '../../base/errors.js';
import { pauseMs } from '../../base/back-off.js';
import type { Budget } from './budget.js';
import { explainAll, listKeys, type CallSubject } from './explain.js';
import { judge, Status, type Verdict } from './failure.js';
import { CallFailure, type Attempt, type Member, type Send } from './member.js';
import { LastFailures } from './last-failures.js';
import { OneCluster } from './one-cluster.js';
import type { Session } from './session.js';
import { firstToAnswer } from './side-by-side.js';
import { waitedFor } from './waiting.js';

/** The longest a member that does not answer may hold up the next one, in the first round (issue 3). */
const FIRST_ATTEMPT_MS = 1500;
/** The pauses between the rounds in which every member is asked. */
const PAUSES = { firstMs: 50, longestMs: 500, fixed: 0.5 };
/** The longest that the first write waits for what the other members say of their cluster. */
const OTHERS_MS = 300;
const MORE_TIME: Hint = (option) => `allow more time with ${option('timeout')}`;
/** How long a write that is under way may still take once the user has interrupted. */
const INTERRUPTED_WRITE_MS = 200;

/** A request, and what to know about it. */
export interface Call<T> extends CallSubject {
  readonly send: Send<T>;
  /**
   * Asked after an attempt that may have been carried out although no answer says so, before anything is sent again: what became
   * of the call, or undefined where it was not carried out. `later` says that it may be carried out still. A call that has it is a write.
   */
  readonly settle?: (doubt: { readonly later: boolean }) => Promise<T | undefined>;
  /** Somebody will be reached in the end: not given up before the time is. */
  readonly patient?: boolean;
}

export interface CallerParts {
  readonly members: readonly Member[];
  readonly settings: ConnectionSettings;
  readonly budget: Budget;
  readonly session?: Session | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly notify?: Notify<DatastoreNotice>;
}

/**
 * Makes calls within the budget of the command: to the member that answered last, and one after the other where it fails. As
 * long as none has answered, they are asked side by side which of them does.
 */
export class Caller {
  #current = 0;
  #hasAnswered = false;
  #finding: Promise<readonly CallFailure[]> | undefined;
  readonly #cluster: OneCluster;
  #othersAsked: Promise<unknown> | undefined;
  /** What cancels the calls under way. */
  readonly #reads = new Set<() => void>();
  readonly #writes = new Set<() => void>();

  constructor(private readonly parts: CallerParts) {
    this.#cluster = new OneCluster(parts.settings.endpointsOrigin);
    parts.signal?.addEventListener('abort', () => this.#interrupt(), { once: true });
  }

  /** Restarts the time of the command: something was done. */
  renewBudget(): void {
    this.parts.budget.renew();
  }

  /** The interruption of the command. */
  get signal(): AbortSignal | undefined {
    return this.parts.signal;
  }

  /** Says of a failure of what a call returned, such as a stream, what it was and what helps. */
  explain(failure: CallFailure, subject: CallSubject): DatastoreError {
    return explainAll([failure], this.parts.settings, subject);
  }

  /** Makes a call until it is answered, refused for good, or the time is up. Throws DatastoreError, or the reason of the interruption. */
  async call<T>(call: Call<T>): Promise<T> {
    return this.#wait(() => this.#attempts(call));
  }

  /**
   * Starts a call whose answer is wanted later. The function that is returned waits for the answer; only that time counts,
   * and a failure is nobody's until then.
   */
  ahead<T>(call: Call<T>): () => Promise<T> {
    const answer = this.#attempts(call);
    answer.catch(() => undefined);
    return () => this.#wait(() => answer);
  }

  #wait<T>(work: () => Promise<T>): Promise<T> {
    const { budget, members, notify } = this.parts;
    return waitedFor(work, budget, () => (members[this.#current] as Member).endpoint, notify);
  }

  async #attempts<T>(call: Call<T>): Promise<T> {
    const { members, signal } = this.parts;
    const failures = new LastFailures(members);
    let unreachable = 0;
    let patient = call.patient === true;
    let nextSearch = 0;
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      if (members.length > 1 && !this.#hasAnswered && attempt >= nextSearch) {
        nextSearch = attempt + members.length;
        for (const failure of await this.#search(call)) failures.note(failure);
        signal?.throwIfAborted();
      }
      const member = members[this.#current] as Member;
      const timeoutMs = this.#attemptMs(Math.floor(attempt / members.length));
      if (timeoutMs <= 0) throw this.#timeout(failures.all(), call);
      try {
        const answer = await this.#attempt(member, call, timeoutMs);
        this.#hasAnswered = true;
        this.#cluster.note(member);
        return answer;
      } catch (failure) {
        if (!(failure instanceof CallFailure)) throw failure;
        const verdict = judge(failure);
        failures.note(failure, { cutShort: timeoutMs < FIRST_ATTEMPT_MS });
        const given = verdict.kind === 'final' || verdict.kind === 'token';
        if (!given) this.#leave(member);
        if (call.settle !== undefined && isDoubtful(verdict)) {
          const settled = await call.settle({ later: !given });
          if (settled !== undefined) return settled;
          patient ||= !given;
        }
        signal?.throwIfAborted();
        if (given) throw explainAll([failure], this.parts.settings, call);
        unreachable = verdict.kind === 'unreachable' ? unreachable + 1 : 0;
        if (unreachable >= members.length && !patient) throw explainAll(failures.all(), this.parts.settings, call);
        if ((attempt + 1) % members.length === 0) await this.#pause(Math.floor(attempt / members.length));
      }
    }
  }

  /** Calls that run side by side search together. */
  #search(call: CallSubject): Promise<readonly CallFailure[]> {
    return (this.#finding ??= this.#findMember(call).finally(() => (this.#finding = undefined)));
  }

  /**
   * Makes a member current that answers now, if there is one; returns why the others did not. A read of one key tells, and
   * harms nothing.
   */
  async #findMember({ keys: [key = ''] }: CallSubject): Promise<readonly CallFailure[]> {
    const { members } = this.parts;
    const failures: CallFailure[] = [];
    const inOrder = [...members.slice(this.#current), ...members.slice(0, this.#current)];
    const searchMs = Math.min(this.parts.budget.remainingMs, FIRST_ATTEMPT_MS);
    const until = performance.now() + searchMs;
    const found = searchMs <= 0 ? undefined : await firstToAnswer(inOrder, (member, signal) => this.#answers(member, key, { timeoutMs: until - performance.now(), signal, failures }));
    if (found !== undefined) {
      this.#current = members.indexOf(found);
      this.#hasAnswered = true;
    }
    return failures;
  }

  /** Whether a member answers a read, be it with a refusal. Adds to the failures where it does not in its time. */
  async #answers(member: Member, key: string, { timeoutMs, signal, failures }: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly failures: CallFailure[] }): Promise<boolean> {
    const running = new Set<() => void>();
    const cancel = (): void => running.forEach((each) => each());
    this.#reads.add(cancel);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const token = await this.parts.session?.token(member, { timeoutMs, running });
      if (signal.aborted) return false;
      await member.call(presence(key), { timeoutMs, token, running });
      return true;
    } catch (failure) {
      if (!(failure instanceof CallFailure)) throw failure;
      const answers = failure.code !== Status.unimplemented && ['final', 'token'].includes(judge(failure).kind);
      if (!answers && !signal.aborted) failures.push(failure);
      return answers;
    } finally {
      this.#reads.delete(cancel);
    }
  }

  /**
   * Goes before a write: the first one waits a moment for what the other members say of their cluster, and none goes to a member
   * that has not said it. Throws CallFailure, or DatastoreError where there are two clusters.
   */
  async #proveCluster(member: Member, { keys }: CallSubject, timeoutMs: number): Promise<void> {
    const others = this.parts.members.filter((each) => each !== member && each.clusterId === undefined);
    await (this.#othersAsked ??= Promise.all(others.map((each) => this.#answers(each, keys[0] ?? '', { timeoutMs: Math.min(timeoutMs, OTHERS_MS), signal: new AbortController().signal, failures: [] }))));
    if (member.clusterId === undefined) {
      await this.#attempt(member, { keys, send: presence(keys[0]) }, timeoutMs).catch((failure: unknown) => {
        throw failure instanceof CallFailure ? new CallFailure(failure.endpoint, failure.code, failure.details, true) : failure;
      });
    }
    for (const each of [member, ...others]) this.#cluster.note(each);
  }

  /** One attempt, repeated once with a new token where the old one is refused. */
  async #attempt<T>(member: Member, call: Call<T>, timeoutMs: number): Promise<T> {
    const { session, members } = this.parts;
    const until = performance.now() + timeoutMs;
    const isWrite = call.settle !== undefined;
    if (isWrite && members.length > 1) await this.#proveCluster(member, call, timeoutMs);
    const running = isWrite ? this.#writes : this.#reads;
    const attempt = (token?: string): Attempt => {
      this.parts.signal?.throwIfAborted();
      return { timeoutMs: until - performance.now(), token, running };
    };
    if (session === undefined) return member.call(call.send, attempt());
    const token = await session.token(member, attempt());
    try {
      return await member.call(call.send, attempt(token));
    } catch (failure) {
      if (!(failure instanceof CallFailure) || judge(failure).kind !== 'token') throw failure;
      return member.call(call.send, attempt(await session.token(member, attempt(), token)));
    }
  }

  /** Later rounds are more patient; a single member is given half of what is left, since there is nobody else to ask. */
  #attemptMs(round: number): number {
    const { budget, members } = this.parts;
    const patient = FIRST_ATTEMPT_MS * 2 ** round;
    return Math.min(budget.remainingMs, members.length === 1 ? Math.max(patient, budget.remainingMs / 2) : patient);
  }

  #leave(member: Member): void {
    const { members } = this.parts;
    if (members[this.#current] !== member) return;
    this.#current = (this.#current + 1) % members.length;
    this.#hasAnswered = false;
  }

  async #pause(round: number): Promise<void> {
    await sleep(Math.min(pauseMs(PAUSES, round), Math.max(this.parts.budget.remainingMs, 0)));
  }

  /** Reads end at once. Writes get a moment: most end by themselves sooner, and their outcome is known then. */
  #interrupt(): void {
    for (const cancel of this.#reads) cancel();
    setTimeout(() => this.#writes.forEach((cancel) => cancel()), INTERRUPTED_WRITE_MS).unref();
  }

  #timeout(failures: readonly CallFailure[], call: CallSubject & Pick<Call<unknown>, 'settle'>): DatastoreError {
    const { budget, settings } = this.parts;
    const seconds = `${budget.totalMs / 1000} s`;
    if (failures.length === 0) return new DatastoreError('timeout', `timed out: the ${seconds} etcd budget was spent before ${call.settle === undefined ? 'reading' : 'writing'} ${listKeys(call.keys)}`, MORE_TIME);
    const { message, hint } = explainAll(failures, settings, call);
    return new DatastoreError('timeout', `no answer within ${seconds}: ${message}`, hint ?? MORE_TIME);
  }
}

function isDoubtful(verdict: Verdict): boolean {
  return 'doubtful' in verdict && verdict.doubtful;
}

/** A read that costs and harms nothing. */
function presence(key = ''): Call<unknown>['send'] {
  return (client, options) => client.kv.range({ key: Buffer.from(key), count_only: true }, options);
}

import { Status } from './failure.js';
import type { CallFailure, Member } from './member.js';

/** The last failure of each member during one call, in the order in which the members were configured. */
export class LastFailures {
  readonly #byEndpoint = new Map<string, CallFailure>();

  constructor(private readonly members: readonly Member[]) {}

  /** Takes note of a failure. One that came only because the time was up tells less than what went before it. */
  note(failure: CallFailure, { cutShort = false } = {}): void {
    if (cutShort && failure.code === Status.deadlineExceeded && this.#byEndpoint.has(failure.endpoint)) return;
    this.#byEndpoint.set(failure.endpoint, failure);
  }

  all(): readonly CallFailure[] {
    const endpoints = new Set(this.members.map(({ endpoint }) => endpoint));
    return [...endpoints].flatMap((endpoint) => this.#byEndpoint.get(endpoint) ?? []);
  }
}

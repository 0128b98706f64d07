import type { Notify } from '../../base/notice.js';
import type { DatastoreNotice } from '../notices.js';
import type { ConnectionSettings } from '../../config/settings.js';
import { CallFailure, type Attempt, type Member } from './member.js';

type User = NonNullable<ConnectionSettings['user']>;

/**
 * Our own login: one at a time at each member however many calls need it, and renewed only for the token that was refused
 * (reference/etcd-client 2.2). A token is good for all members.
 */
export class Session {
  #token: string | undefined;
  readonly #logins = new Map<Member, Promise<string | undefined>>();
  #disabled = false;

  constructor(
    private readonly user: User,
    private readonly notify: Notify<DatastoreNotice>,
  ) {}

  /** A token to send along, undefined where the server has authentication switched off. `refused` is a token that must not be used again. */
  async token(member: Member, attempt: Attempt, refused?: string): Promise<string | undefined> {
    if (this.#disabled) return undefined;
    if (this.#token !== undefined && this.#token !== refused) return this.#token;
    const under = this.#logins.get(member);
    if (under !== undefined) return under;
    const login = this.#logIn(member, attempt).finally(() => this.#logins.delete(member));
    this.#logins.set(member, login);
    return login;
  }

  async #logIn(member: Member, { timeoutMs, running }: Attempt): Promise<string | undefined> {
    const { name, password } = this.user;
    try {
      const answer = await member.call((client, options) => client.auth.authenticate({ name, password }, options), { timeoutMs, running });
      return (this.#token = answer.token);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      if (!error.details.includes('authentication is not enabled')) throw new CallFailure(error.endpoint, error.code, error.details, true);
      this.#disabled = true;
      this.notify({ code: 'datastore.authentication-off', endpoint: member.endpoint, setting: this.user.nameOrigin });
      return undefined;
    }
  }
}

import { statSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { Notify } from '../base/notice.js';
import type { Store } from '../datastore/store.js';
import { JournaledStore } from '../journal/journaled-store.js';
import type { JournalNotice } from '../journal/notices.js';
import { withoutSecrets } from '../journal/without-secrets.js';

interface JournaledOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly values: boolean;
  readonly notify: Notify<JournalNotice>;
}

/** A store that writes what a command does into the journal. Of the environment nothing is kept but who is behind sudo. */
export function journaled(store: Store, words: readonly string[], { env, values, notify }: JournaledOptions): Store {
  const behind = [env['SUDO_USER'], env['DOAS_USER']].find((name) => name !== undefined && name !== '');
  const author = { user: userName(), ...(behind === undefined ? {} : { behind }), host: hostname(), commandLine: withoutSecrets(words) };
  return new JournaledStore(store, { author, command: crypto.randomUUID().slice(0, 8), now: () => new Date(), values, notify });
}

/** A user without a name, as in a container, is known by its number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${statSync('/proc/self').uid}`;
  }
}

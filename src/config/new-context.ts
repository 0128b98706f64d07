import { resolve } from 'node:path';
import type { Context } from './contexts.js';
import { SETTING_KEYS, type FoundSettings } from './keys.js';
import { toSettings } from './resolve.js';
import { isGuarded, isJournaled } from './switches.js';

/** Settings that name files: in a context by their whole path, since it is used from anywhere. */
const FILES = ['etcdCACertFile', 'etcdCertFile', 'etcdKeyFile'] as const;

/**
 * Makes a context of settings as they were found, `over` before `base`. Throws DatastoreError, stage `configuration`, where
 * they cannot lead to a datastore.
 */
export function newContext(name: string, dialect: 'v1' | 'v3' | undefined, { base = {}, over }: { readonly base?: FoundSettings; readonly over: FoundSettings }): Context {
  const found: FoundSettings = {};
  for (const key of SETTING_KEYS) {
    const setting = over[key] ?? base[key];
    if (setting !== undefined && key !== 'datastoreType') found[key] = (FILES as readonly string[]).includes(key) ? { ...setting, text: resolve(setting.text.trim()) } : setting;
  }
  toSettings(found);
  isGuarded(found);
  isJournaled(found);
  return { name, dialect, found };
}

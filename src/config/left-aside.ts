import { listed } from '../text/listed.js';
import { fromEnvironment, hiddenTwins, type FoundSettings } from './keys.js';
import type { Source } from './source.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What says where etcd is, or who we are, and is not used because something else says it: a line for each, without any
 * value. Settings that say the same are not told.
 * @param source what is used: a file or a context replaces the environment as a whole
 */
export function leftAside(env: Environment, used: FoundSettings, source: Source): string[] {
  const lines: string[] = [];
  if (source.kind === 'environment' || source.kind === 'default') for (const { used: name, hidden } of hiddenTwins(env)) lines.push(`${name} is used; ${hidden} differs and is ignored`);
  else {
    const hidden = differing(fromEnvironment(env), used);
    const title = source.kind === 'context' ? `context ${source.name}` : `configuration file ${source.path}`;
    if (hidden.length > 0) lines.push(`the ${title} is used; ${listed(hidden)} in the environment ${hidden.length === 1 ? 'is' : 'are'} ignored`);
  }
  const { etcdEndpoints, etcdAuthority } = used;
  if (etcdEndpoints !== undefined && etcdAuthority !== undefined) lines.push(`${etcdEndpoints.origin} is used; ${etcdAuthority.origin} is ignored`);
  return lines;
}

/** The names of settings in the environment that the file does not say in the same words; of the type of the datastore there is one. */
function differing(environment: FoundSettings, file: FoundSettings): string[] {
  return Object.entries(environment).flatMap(([key, { text, origin }]) => (key === 'datastoreType' || file[key as keyof FoundSettings]?.text.trim() === text.trim() ? [] : [origin]));
}

import { statSync } from 'node:fs';
import type { NamedContext } from '../../../config/source.js';
import type { Store } from '../../../datastore/store.js';
import type { Dialect } from '../../../resources/kind.js';
import type { LookUp } from '../facts.js';

type Env = Readonly<Record<string, string | undefined>>;
type Flags = LookUp['flags'];

/** What a line says of the cluster. */
export interface Cluster {
  /** As the line, the environment, or the settings that count say; v1 where they say nothing, or what nobody can read. */
  dialect(): Promise<Dialect>;
  /** Opens the store for reading. Throws where it cannot be, or would wait for somebody. */
  open(untilMs: number): Promise<Store>;
}

/** The cluster that the flags of a line and the environment mean, as the command will see it. */
export function clusterOf(flags: Flags, env: Env): Cluster {
  return {
    dialect: async () => {
      const said = last(flags, 'dialect') ?? env['CALICOCTL_DIALECT'];
      if (said === 'v1' || said === 'v3') return said;
      return (await settingsOf(flags, env).catch(() => undefined))?.dialect ?? 'v1';
    },
    open: async (untilMs) => {
      const file = path(last(flags, 'store'), env);
      if (file !== undefined) return openFile(file);
      const [{ connect }, { settings }] = await Promise.all([import('../../../datastore/etcd/connect.js'), settingsOf(flags, env)]);
      return connect(settings, { timeoutMs: Math.max(1, untilMs - performance.now()) });
    },
  };
}

async function settingsOf(flags: Flags, env: Env): ReturnType<typeof import('../../../config/resolve.js').resolveSettings> {
  const [{ resolveSettings }, { namedContext }] = await Promise.all([import('../../../config/resolve.js'), import('../../../config/source.js')]);
  const configFile = path(last(flags, 'config'), env);
  const context: NamedContext | undefined = await namedContext(env, { name: last(flags, 'context'), configFile });
  return resolveSettings({ env, configFile, context });
}

/** A file that is larger is not read in time, and a part of the reading cannot be interrupted. */
const LARGEST_FILE = 32 * 1024 * 1024;

/** Standard input belongs to the shell, and a pipe may never end: only a regular file is read. */
async function openFile(file: string): Promise<Store> {
  const stats = statSync(file);
  if (!stats.isFile() || stats.size > LARGEST_FILE) throw new Error(`${file} is no regular file, or takes too long`);
  const [{ FileStore }, { openEntryFile }] = await Promise.all([import('../../../datastore/file/file-store.js'), import('../../../datastore/file/open.js')]);
  return new FileStore(await openEntryFile(file, { async *[Symbol.asyncIterator]() {} }));
}

function last(flags: Flags, name: string): string | undefined {
  return flags.get(name)?.at(-1);
}

/** A path as the shell will hand it on: with the home folder for `~`. */
function path(text: string | undefined, { HOME }: Env): string | undefined {
  return text?.startsWith('~/') === true && HOME !== undefined ? `${HOME}${text.slice(1)}` : text;
}

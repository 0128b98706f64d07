import { DatastoreError } from '../base/errors.js';
import { readRegularFile, SETTINGS_LIMIT, whyUnread } from '../base/regular-file.js';
import { contextNamed, type Context } from './contexts.js';
import { contextsPath, readContexts } from './contexts-file.js';
import { parseConfigFile } from './file.js';
import { fromEnvironment, type FoundSettings } from './keys.js';
import { DEFAULT_CONFIG_FILE, type ConfigFile } from './settings.js';

export interface SettingsRequest {
  /** The configuration file; the default one where none is named. */
  readonly configFile?: string | undefined;
  /** The context that is named, as `namedContext` finds it. */
  readonly context?: NamedContext | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a configuration file; throws Node's own errors. */
  readonly readFile?: (path: string) => ConfigFile;
}

/** A context that is named, by a flag or by CALICOCTL_CONTEXT, and the mode bits of the file that holds it. */
export interface NamedContext extends Context {
  readonly by: 'flag' | 'environment';
  readonly mode: number;
}

/** What says how etcd is reached. */
export type Source =
  /** `by` is what names the context: the flag, a variable, or that it is in use. */
  | { readonly kind: 'context'; readonly name: string; readonly by: 'flag' | 'environment' | 'in use'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'environment' }
  | { readonly kind: 'default' };

/** Settings as they were found, and where. */
interface Chosen {
  readonly source: Source;
  readonly found: FoundSettings;
  readonly dialect?: 'v1' | 'v3' | undefined;
  /** The mode bits of the file that holds them. */
  readonly mode?: number | undefined;
  /** What else names a cluster and is not used. */
  readonly aside: readonly string[];
}

/** The variable that names a context. */
const CONTEXT_VARIABLE = 'CALICOCTL_CONTEXT';

/**
 * Finds what says how etcd is reached. The first of these that is there counts, alone: the configuration file or the context that
 * is named by a flag; the context that CALICOCTL_CONTEXT names; the environment where it says where etcd is, in whose place a file
 * at /etc/calico/calicoctl.cfg stands, as it always did; the context in use; that file; the rest of the environment.
 */
export async function chooseSource(request: SettingsRequest): Promise<Chosen> {
  const { env, configFile, context } = request;
  if (context !== undefined && configFile !== undefined) throw new DatastoreError('configuration', `a context and a configuration file are named, and both say where etcd is: ${context.name}, ${configFile}`, 'name only one of them');
  if (configFile !== undefined) return fromFile(request, configFile);
  if (context !== undefined) return fromContext(request, context, context);
  const environment = fromEnvironment(env);
  if (saysWhere(environment)) {
    const aside = await contextInUseAside(env);
    return (await fromDefaultFile(request, aside)) ?? { source: { kind: 'environment' }, found: environment, aside };
  }
  const contexts = await readContexts(env);
  if (contexts?.current !== undefined) return fromContext(request, contextNamed(contexts, contexts.current, `current in ${contextsPath(env)}`), { by: 'in use', mode: contexts.mode });
  return (await fromDefaultFile(request, [])) ?? { source: { kind: Object.keys(environment).length === 0 ? 'default' : 'environment' }, found: environment, aside: [] };
}

/** The file that a source is, or stands in. */
export function pathOf(source: Source): string | undefined {
  return 'path' in source ? source.path : undefined;
}

/** A source as messages name it. */
export function titleOf(source: Source): string {
  switch (source.kind) {
    case 'context':
      return `file of contexts ${source.path}`;
    case 'file':
      return `configuration file ${source.path}`;
    case 'environment':
      return 'the environment';
    case 'default':
      return 'the default';
  }
}

/**
 * The context that `name`, of a flag, or else CALICOCTL_CONTEXT names; undefined where neither does, or where a configuration file
 * goes before the variable. Throws DatastoreError, stage `configuration`, where there is none of that name.
 */
export async function namedContext(env: SettingsRequest['env'], { name, configFile }: { readonly name?: string | undefined; readonly configFile?: string | undefined }): Promise<NamedContext | undefined> {
  const variable = configFile === undefined ? env[CONTEXT_VARIABLE] : undefined;
  const asked = name ?? (variable === '' ? undefined : variable);
  if (asked === undefined) return undefined;
  const contexts = (await readContexts(env)) ?? { contexts: [], mode: 0o600 };
  return { ...contextNamed(contexts, asked, name === undefined ? CONTEXT_VARIABLE : name), by: name === undefined ? 'environment' : 'flag', mode: contexts.mode };
}

function fromContext(request: SettingsRequest, { name, dialect, found }: Context, { by, mode }: { readonly by: 'flag' | 'environment' | 'in use'; readonly mode: number }): Chosen {
  return { source: { kind: 'context', name, by, path: contextsPath(request.env) }, found, dialect, mode, aside: defaultFileAside(request) };
}

async function fromDefaultFile(request: SettingsRequest, aside: readonly string[]): Promise<Chosen | undefined> {
  const file = tryRead(request, DEFAULT_CONFIG_FILE, false);
  return file && { ...(await parsed(DEFAULT_CONFIG_FILE, file)), aside };
}

async function fromFile(request: SettingsRequest, path: string): Promise<Chosen> {
  return parsed(path, tryRead(request, path, true) as ConfigFile);
}

async function parsed(path: string, { bytes, mode }: ConfigFile): Promise<Chosen> {
  return { source: { kind: 'file', path }, ...(await parseConfigFile(path, bytes)), mode, aside: [] };
}

function saysWhere({ etcdEndpoints, etcdAuthority, etcdDiscoverySrv }: FoundSettings): boolean {
  return (etcdEndpoints ?? etcdAuthority ?? etcdDiscoverySrv) !== undefined;
}

/** The context in use is no more than a remark here: whatever is wrong with its file is not. */
async function contextInUseAside(env: SettingsRequest['env']): Promise<readonly string[]> {
  const current = (await readContexts(env).catch(() => undefined))?.current;
  return current === undefined ? [] : [`the context in use, ${current}, is ignored: the environment says where etcd is`];
}

/** The default file is no more than a remark here: it may be somebody else's. */
function defaultFileAside({ readFile = readConfigFile }: SettingsRequest): readonly string[] {
  try {
    readFile(DEFAULT_CONFIG_FILE);
    return [`the configuration file ${DEFAULT_CONFIG_FILE} is ignored`];
  } catch {
    return [];
  }
}

/** Reads a configuration file from the disk. */
export function readConfigFile(path: string): ConfigFile {
  return readRegularFile(path, SETTINGS_LIMIT);
}

function tryRead({ readFile = readConfigFile }: SettingsRequest, path: string, named: boolean): ConfigFile | undefined {
  try {
    return readFile(path);
  } catch (error) {
    if (!named && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DatastoreError('configuration', `configuration file ${path} ${whyUnread(error)}`, (option) => `name a readable file with ${option('config')}, or leave it out to use the environment`);
  }
}

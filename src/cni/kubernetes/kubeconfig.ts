import { dirname, resolve } from 'node:path';
import { isMap, type Data } from '../../base/data.js';
import { CalicoError } from '../../base/errors.js';
import { readRegularFile, SETTINGS_LIMIT, whyUnread } from '../../base/regular-file.js';

/** What is needed to ask an API. */
export type AccessKey = 'server' | 'serverName' | 'insecure' | 'authority' | 'certificate' | 'key' | 'token' | 'name' | 'password';

/** The value of a setting, or where it is, and which setting that is in words: `token of the user "calico" in /etc/cni/net.d/calico-kubeconfig`. */
export interface FoundSetting {
  readonly text: string;
  readonly as: 'value' | 'file' | 'base64';
  readonly origin: string;
}

export type FoundAccess = Partial<Record<AccessKey, FoundSetting>>;

type Field = readonly [field: string, key: AccessKey, as: FoundSetting['as']];

/** The fields of a cluster and of a user; of two for one key the later one counts (reference/network-plugin 30.1). */
const CLUSTER: readonly Field[] = [
  ['server', 'server', 'value'], ['tls-server-name', 'serverName', 'value'], ['insecure-skip-tls-verify', 'insecure', 'value'],
  ['certificate-authority', 'authority', 'file'], ['certificate-authority-data', 'authority', 'base64'],
];
const USER: readonly Field[] = [
  ['client-certificate', 'certificate', 'file'], ['client-certificate-data', 'certificate', 'base64'], ['client-key', 'key', 'file'], ['client-key-data', 'key', 'base64'],
  ['token', 'token', 'value'], ['tokenFile', 'token', 'file'], ['username', 'name', 'value'], ['password', 'password', 'value'],
];

/** What would change how the API is reached, and is not done here. */
const NOT_FOLLOWED = { cluster: ['proxy-url'], user: ['exec', 'auth-provider'] } as const;

/** Deeper nesting is no kubeconfig. */
const MAX_DEPTH = 16;

/**
 * What a kubeconfig says of its current context (reference/network-plugin 30.1). Throws CalicoError (`misconfigured`) with file and field; the
 * text of the file is never part of a message.
 */
export async function readKubeconfig(path: string): Promise<FoundAccess> {
  const file = await read(path);
  const context = named(file, 'context', text(file.root, 'current-context'));
  const [cluster, user] = (['cluster', 'user'] as const).map((kind) => named(file, kind, text(context, kind)));
  return { ...found(file, 'cluster', cluster, text(context, 'cluster'), CLUSTER), ...found(file, 'user', user, text(context, 'user'), USER) };
}

interface File {
  readonly path: string;
  readonly root: Data;
}

async function read(path: string): Promise<File> {
  let source: string;
  try {
    source = readRegularFile(path, SETTINGS_LIMIT).bytes.toString('utf8');
  } catch (error) {
    throw wrong(path, whyUnread(error), 'check kubernetes.kubeconfig in the config of the network');
  }
  const { FAILSAFE_SCHEMA, load, YAMLException } = await import('js-yaml');
  let root: unknown;
  try {
    // All scalars are text: a token of digits stays what it is.
    root = source.trim() === '' ? {} : load(source, { schema: FAILSAFE_SCHEMA, maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw wrong(path, `is not YAML: see line ${(error.mark?.line ?? 0) + 1}`);
  }
  if (!isMap(root) || !['context', 'cluster', 'user'].some((kind) => `${kind}s` in root)) throw wrong(path, 'is no kubeconfig: it has neither clusters nor users nor contexts');
  return { path, root };
}

function text(map: Data | undefined, key: string): string | undefined {
  const value = map?.[key];
  return typeof value === 'string' && !['', '~', 'null'].includes(value) ? value : undefined;
}

/** The entry of a list of named ones: `{name: calico, user: {...}}`. Without a name none is meant. */
function named({ path, root }: File, kind: 'context' | 'cluster' | 'user', name: string | undefined): Data | undefined {
  if (name === undefined) return undefined;
  const list: unknown = root[`${kind}s`] ?? [];
  const entry: unknown = Array.isArray(list) ? list.find((each) => isMap(each) && each['name'] === name) : undefined;
  if (!isMap(entry)) throw wrong(path, `has no ${kind} "${name}", which ${kind === 'context' ? 'current-context' : 'its current context'} names`);
  const value = entry[kind] ?? {};
  if (!isMap(value)) throw wrong(path, `: the ${kind} "${name}" is not a map`);
  return value;
}

function found({ path }: File, kind: 'cluster' | 'user', map: Data = {}, name: string | undefined, fields: readonly Field[]): FoundAccess {
  const access: FoundAccess = {};
  const origin = (field: string): string => `${field} of the ${kind} "${name}" in ${path}`;
  const unfollowed = NOT_FOLLOWED[kind].find((field) => field in map);
  if (unfollowed !== undefined) throw new CalicoError('misconfigured', `${origin(unfollowed)} is not supported`, { hint: kind === 'user' ? 'use a token, a tokenFile or a client certificate' : 'the API is asked directly' });
  for (const [field, key, as] of fields) {
    const value = text(map, field);
    if (value === undefined) continue;
    access[key] = { text: as === 'file' ? resolve(dirname(path), value) : value, as, origin: origin(field) };
  }
  return access;
}

function wrong(path: string, problem: string, hint?: string): CalicoError {
  return new CalicoError('misconfigured', `the kubeconfig ${path}${problem.startsWith(':') ? '' : ' '}${problem}`, { hint });
}

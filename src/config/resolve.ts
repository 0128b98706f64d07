import { DatastoreError } from '../base/errors.js';
import { readRegularFile, SETTINGS_LIMIT, whyUnread } from '../base/regular-file.js';
import { parseAuthority, parseEndpoints } from './endpoints.js';
import { parseConfigFile } from './file.js';
import { fromEnvironment, type FoundSetting, type FoundSettings } from './keys.js';
import { leftAside } from './left-aside.js';
import { DEFAULT_CONFIG_FILE, DEFAULT_ENDPOINT, type ConfigFile, type ConnectionSettings, type PemSource } from './settings.js';

export interface SettingsRequest {
  /** The configuration file; the default one where none is named. */
  readonly configFile?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a file; throws Node's own errors. */
  readonly readFile?: (path: string) => ConfigFile;
}

export interface ResolvedSettings {
  readonly settings: ConnectionSettings;
  /** The dialect of the configuration file, where there is one. */
  readonly dialect?: 'v1' | 'v3';
  /** What must be said to everybody: data may be missing, or a secret be known to others. */
  readonly warnings: readonly string[];
  /** What somebody who is watching should know before anything is written: settings that others hide. */
  readonly leftAside: readonly string[];
}

/**
 * Finds out how to reach etcd: from the configuration file, which replaces the environment, else from the environment,
 * else http://127.0.0.1:2379. Only the default file may be missing. Throws DatastoreError, stage `configuration`.
 */
export async function resolveSettings(request: SettingsRequest): Promise<ResolvedSettings> {
  const path = request.configFile ?? DEFAULT_CONFIG_FILE;
  const file = tryRead(path, request.configFile !== undefined, request.readFile ?? readConfigFile);
  if (file === undefined) {
    const found = fromEnvironment(request.env);
    return { settings: toSettings(found), warnings: storeWarnings(found), leftAside: leftAside(request.env, found) };
  }
  const { found, dialect } = await parseConfigFile(path, file.bytes);
  const warnings = storeWarnings(found);
  if ((found.etcdPassword ?? found.etcdKey) !== undefined && (file.mode & 0o077) !== 0) {
    warnings.push(`configuration file ${path} holds a secret but is readable by others: chmod 600 ${path}`);
  }
  return { settings: toSettings(found), dialect, warnings, leftAside: leftAside(request.env, found, path) };
}

/** Reads a configuration file from the disk. */
export function readConfigFile(path: string): ConfigFile {
  return readRegularFile(path, SETTINGS_LIMIT);
}

function tryRead(path: string, named: boolean, read: (path: string) => ConfigFile): ConfigFile | undefined {
  try {
    return read(path);
  } catch (error) {
    if (!named && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DatastoreError('configuration', `configuration file ${path} ${whyUnread(error)}`, (option) => `name a readable file with ${option('config')}, or leave it out to use the environment`);
  }
}

/** Checks which datastore is meant; returns what there is to say about it. */
function storeWarnings({ datastoreType }: FoundSettings): string[] {
  if (datastoreType === undefined) return [];
  const { text, origin } = datastoreType;
  switch (text.trim().toLowerCase()) {
    case 'etcdv3':
      return [];
    case 'etcdv2':
      return [`${origin} says etcdv2: the etcd v3 store is used, data in the v2 store is not visible`];
    case 'kubernetes':
      throw new DatastoreError('configuration', `${origin} says kubernetes: this calicoctl only works with etcd`, 'set the datastore type to etcdv3 and name the etcd endpoints');
    default:
      throw new DatastoreError('configuration', `${origin}: unknown datastore type "${text.trim()}"`, 'expected etcdv3, or etcdv2 in old files');
  }
}

function toSettings(found: FoundSettings): ConnectionSettings {
  const user = userOf(found);
  const authority = pemOf(found.etcdCACertFile, found.etcdCACert);
  const client = clientOf(found);
  return { ...endpointsOf(found), ...(user && { user }), ...(authority && { authority }), ...(client && { client }) };
}

function endpointsOf(found: FoundSettings): Pick<ConnectionSettings, 'endpoints' | 'endpointsOrigin' | 'discovery'> {
  const { etcdEndpoints, etcdDiscoverySrv, etcdAuthority, etcdScheme } = found;
  if (etcdDiscoverySrv !== undefined) {
    const other = etcdEndpoints ?? etcdAuthority;
    if (other !== undefined) throw new DatastoreError('configuration', `${other.origin} and ${etcdDiscoverySrv.origin} both say where etcd is`, 'give only one of the two');
    return { endpoints: [], endpointsOrigin: etcdDiscoverySrv.origin, discovery: { domain: domainOf(etcdDiscoverySrv), origin: etcdDiscoverySrv.origin } };
  }
  if (etcdEndpoints !== undefined) return { endpoints: parseEndpoints(etcdEndpoints.text, etcdEndpoints.origin), endpointsOrigin: etcdEndpoints.origin };
  if (etcdAuthority !== undefined) {
    const scheme = etcdScheme?.text.trim().toLowerCase() ?? 'http';
    if (scheme !== 'http' && scheme !== 'https') throw new DatastoreError('configuration', `${etcdScheme?.origin}: "${scheme}" is neither http nor https`, 'write http or https, without "://"');
    return { endpoints: parseAuthority(etcdAuthority.text, scheme, etcdAuthority.origin), endpointsOrigin: etcdAuthority.origin };
  }
  return { endpoints: [DEFAULT_ENDPOINT], endpointsOrigin: 'the default' };
}

/** Text that is not a domain may be anything, a URL with a password too, and is not repeated. */
function domainOf({ text, origin }: FoundSetting): string {
  const domain = text.trim();
  if (!/^[\w-]+(?:\.[\w-]+)*\.?$/.test(domain)) throw new DatastoreError('configuration', `${origin} is not a domain name`, 'write only the domain, such as example.com: its SRV records _etcd-client._tcp and _etcd-client-ssl._tcp name the members');
  return domain;
}

function userOf({ etcdUsername, etcdPassword }: FoundSettings): ConnectionSettings['user'] {
  requireBoth(etcdUsername, etcdPassword, 'user name', 'password');
  if (etcdUsername === undefined || etcdPassword === undefined) return undefined;
  return { name: etcdUsername.text, password: etcdPassword.text, nameOrigin: etcdUsername.origin, passwordOrigin: etcdPassword.origin };
}

function clientOf(found: FoundSettings): ConnectionSettings['client'] {
  const files = found.etcdCertFile ?? found.etcdKeyFile ?? found.etcdCACertFile;
  const inline = found.etcdCert ?? found.etcdKey ?? found.etcdCACert;
  if (files !== undefined && inline !== undefined) throw new DatastoreError('configuration', `${files.origin} names a file and ${inline.origin} holds PEM text: the two cannot be mixed`, 'give certificate, key and authority all as files, or all as text');
  const certificate = pemOf(found.etcdCertFile, found.etcdCert);
  const key = pemOf(found.etcdKeyFile, found.etcdKey);
  requireBoth(certificate, key, 'client certificate', 'key');
  return certificate && key && { certificate, key };
}

function requireBoth(first: { origin: string } | undefined, second: { origin: string } | undefined, firstName: string, secondName: string): void {
  if ((first === undefined) === (second === undefined)) return;
  const [present, missing] = first === undefined ? [second, firstName] : [first, secondName];
  throw new DatastoreError('configuration', `${present?.origin} is set, but no ${missing}`, `give a ${firstName} together with its ${secondName}`);
}

function pemOf(file: FoundSetting | undefined, text: FoundSetting | undefined): PemSource | undefined {
  if (file !== undefined) return { origin: file.origin, file: file.text.trim() };
  return text && { origin: text.origin, pem: text.text };
}

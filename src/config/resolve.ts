import { DatastoreError } from '../base/errors.js';
import { parseAuthority, parseEndpoints } from './endpoints.js';
import type { FoundSetting, FoundSettings } from './keys.js';
import { leftAside } from './left-aside.js';
import { isGuarded, isJournaled } from './switches.js';
import { DEFAULT_ENDPOINT, type ConnectionSettings, type PemSource } from './settings.js';
import { chooseSource, pathOf, titleOf, type SettingsRequest, type Source } from './source.js';

/** Something that is not as it should be, and what to do about it. */
export interface SettingsWarning {
  readonly message: string;
  readonly remedy: string;
}

export interface ResolvedSettings {
  readonly settings: ConnectionSettings;
  /** The dialect of the context or the configuration file, where there is one. */
  readonly dialect?: 'v1' | 'v3' | undefined;
  /** Whether changes are written into the journal. */
  readonly journal: boolean;
  /** Whether changes are looked at before they are written. */
  readonly guard: boolean;
  readonly source: Source;
  /** What must be said to everybody: data may be missing, or a secret be known to others. */
  readonly warnings: readonly SettingsWarning[];
  /** What somebody who is watching should know before anything is written: settings that others hide. */
  readonly leftAside: readonly string[];
}

/**
 * Finds out how to reach etcd, in the order of `src/config/source.ts`. Throws DatastoreError, stage `configuration`.
 */
export async function resolveSettings(request: SettingsRequest): Promise<ResolvedSettings> {
  const { source, found, dialect, mode, aside } = await chooseSource(request);
  const warnings = storeWarnings(found);
  if (mode !== undefined && (found.etcdPassword ?? found.etcdKey) !== undefined && (mode & 0o077) !== 0) {
    warnings.push({ message: `${titleOf(source)} holds a secret but is readable by others`, remedy: `chmod 600 ${pathOf(source)}` });
  }
  return { settings: toSettings(found), ...(dialect && { dialect }), guard: isGuarded(found, request.env), journal: isJournaled(found, request.env), source, warnings, leftAside: [...leftAside(request.env, found, source), ...aside] };
}

/** Checks which datastore is meant; returns what there is to say about it. */
function storeWarnings({ datastoreType }: FoundSettings): SettingsWarning[] {
  if (datastoreType === undefined) return [];
  const { text, origin } = datastoreType;
  switch (text.trim().toLowerCase()) {
    case 'etcdv3':
      return [];
    case 'etcdv2':
      return [{ message: `${origin} says etcdv2: the etcd v3 store is used, data in the v2 store is not visible`, remedy: 'write etcdv3' }];
    case 'kubernetes':
      throw new DatastoreError('configuration', `${origin} says kubernetes: this calicoctl only works with etcd`, 'set the datastore type to etcdv3 and name the etcd endpoints');
    default:
      throw new DatastoreError('configuration', `${origin}: unknown datastore type "${text.trim()}"`, 'expected etcdv3, or etcdv2 in old files');
  }
}

/** How etcd is reached, of settings as they were found. Throws DatastoreError, stage `configuration`, that names where a wrong one stands. */
export function toSettings(found: FoundSettings): ConnectionSettings {
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

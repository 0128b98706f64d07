import { isMap, type Data } from '../../base/data.js';
import { CalicoError } from '../../base/errors.js';
import { Failure } from '../failure.js';
import { Fields } from '../fields.js';
import { readNetworkConfig } from '../network-config.js';
import { LOG_FILE, type NetworkSettings } from './network.js';

/** What stands in a config for a value that is known when it is installed: `__ETCD_ENDPOINTS__`. */
const PLACEHOLDER = /__[A-Z0-9]+(?:_[A-Z0-9]+)*__/g;

/** What a host's environment and settings say for placeholders (reference/network-plugin 31.3). */
export function placeholderValues(settings: NetworkSettings, nodeName: string, env: Readonly<Record<string, string | undefined>>, token: string): Readonly<Record<string, string>> {
  const { etcd, certificates, kubeconfig = '' } = settings;
  const from = (name: string, otherwise: string): string => (env[name] ?? '') || otherwise;
  return {
    LOG_LEVEL: from('LOG_LEVEL', 'info'), LOG_FILE_PATH: from('LOG_FILE_PATH', LOG_FILE),
    LOG_FILE_MAX_SIZE: from('LOG_FILE_MAX_SIZE', '100'), LOG_FILE_MAX_AGE: from('LOG_FILE_MAX_AGE', '30'), LOG_FILE_MAX_COUNT: from('LOG_FILE_MAX_COUNT', '10'),
    DATASTORE_TYPE: 'etcdv3', CNI_MTU: from('CNI_MTU', '0'), KUBERNETES_NODE_NAME: settings.nodeName ?? from('KUBERNETES_NODE_NAME', nodeName),
    KUBECONFIG_FILEPATH: kubeconfig, KUBECONFIG_FILENAME: kubeconfig.split('/').at(-1) ?? '', SERVICEACCOUNT_TOKEN: token,
    KUBERNETES_SERVICE_HOST: from('KUBERNETES_SERVICE_HOST', ''), KUBERNETES_SERVICE_PORT: from('KUBERNETES_SERVICE_PORT', ''),
    ETCD_ENDPOINTS: etcd.endpoints.join(','), ETCD_DISCOVERY_SRV: etcd.discovery?.domain ?? '',
    ETCD_CA_CERT_FILE: certificates.authority ?? '', ETCD_CERT_FILE: certificates.certificate ?? '', ETCD_KEY_FILE: certificates.key ?? '',
    ETCD_USERNAME: etcd.user?.name ?? '', ETCD_PASSWORD: etcd.user?.password ?? '',
  };
}

/** A config with values in place of its placeholders, and those for which there is none. */
export function filledIn(template: string, values: Readonly<Record<string, string>>): { readonly text: string; readonly unknown: readonly string[] } {
  const unknown = new Set<string>();
  const text = template.replace(PLACEHOLDER, (placeholder) => {
    const name = placeholder.slice(2, -2);
    if (Object.hasOwn(values, name)) return JSON.stringify(values[name]).slice(1, -1);
    unknown.add(placeholder);
    return placeholder;
  });
  return { text, unknown: [...unknown] };
}

/** A config of a network, and the name of the file it belongs in: runtimes read lists from others than single plugins. */
export interface ReadConfig {
  readonly json: Data;
  readonly extension: 'conflist' | 'conf';
}

/** Reads a config of a network. Throws CalicoError (`invalid-document`) with what is wrong; `origin` is what messages call it. */
export function readConfig(text: string, origin: string): ReadConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrong(origin, `is not JSON${placeIn(text)}`, 'a placeholder for a text stands in quotes, one for a number does not');
  }
  if (!isMap(json)) throw wrong(origin, 'is not a map of keys');
  const { name, plugins } = json;
  if (typeof name !== 'string' || !isNetworkName(name)) throw wrong(origin, name === undefined ? 'has no name' : 'has a name that no network can have', NETWORK_NAMES);
  if (!Array.isArray(plugins)) {
    if (typeof json['type'] !== 'string' || json['type'] === '') throw wrong(origin, 'has neither plugins nor a type', 'a list names its plugins in plugins, the config of a single plugin has its type');
    refuseUnreadable(json, origin, '');
    return { json, extension: 'conf' };
  }
  if (plugins.length === 0) throw wrong(origin, 'names no plugins: plugins is empty');
  for (const [index, each] of (plugins as readonly unknown[]).entries()) {
    if (!isMap(each) || typeof each['type'] !== 'string' || each['type'] === '') throw wrong(origin, `names a plugin without its type: plugins[${index}]`);
    refuseUnreadable({ name, ...each }, origin, `plugins[${index}].`);
  }
  return { json, extension: 'conflist' };
}

/** What names of networks are made of. */
export const NETWORK_NAMES = 'letters, digits, and behind the first also "_", "." and "-"';

/** Whether a network can have a name: it is part of names in the datastore and of files. */
export function isNetworkName(name: string): boolean {
  return /^[a-zA-Z0-9][\w.-]*$/.test(name);
}

/** What our plugin would refuse with every container. */
function refuseUnreadable(config: Data, origin: string, at: string): void {
  if (config['type'] !== 'calico') return;
  try {
    readNetworkConfig(new Fields(config));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw wrong(origin, `has a value that the plugin does not take: ${at}${error.message}`, error.details);
  }
}

/**
 * The line of the first mistake. Node's own words may repeat what stands there, and that may be a password; and they do not always say where it is, so that the
 * text is read up to each line. Values of placeholders have one line each: the line is that of the file.
 */
function placeIn(text: string): string {
  const lines = text.split('\n');
  for (const index of lines.keys()) {
    const mistake = mistakeIn(lines.slice(0, index + 1).join('\n'));
    if (mistake !== undefined) return `: see line ${mistake.line ?? index + 1}`;
  }
  return ': it ends too early';
}

/** What is wrong with the beginning of a text, but that it is only a beginning. */
function mistakeIn(beginning: string): { readonly line: number | undefined } | undefined {
  try {
    JSON.parse(beginning);
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    const position = /position (\d+)/.exec(message)?.[1];
    if (message.includes('end of JSON') || Number(position) >= beginning.length) return undefined;
    return { line: position === undefined ? undefined : beginning.slice(0, Number(position)).split('\n').length };
  }
}

function wrong(origin: string, problem: string, hint?: string): CalicoError {
  return new CalicoError('invalid-document', `${origin} ${problem}`, { hint });
}

/** The plugins that a config names. */
export function pluginsOf({ json }: ReadConfig): readonly Data[] {
  return Array.isArray(json['plugins']) ? (json['plugins'] as Data[]) : [json];
}

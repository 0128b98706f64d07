import { isMap, type Data } from '../../base/data.js';
import { CalicoError } from '../../base/errors.js';
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
  } catch (error) {
    throw wrong(origin, `is not JSON${placeIn(error as Error)}`, 'a placeholder for a text stands in quotes, one for a number does not');
  }
  if (!isMap(json)) throw wrong(origin, 'is not a map of keys');
  if (typeof json['name'] !== 'string' || !/^[a-zA-Z0-9][\w.-]*$/.test(json['name'])) throw wrong(origin, 'has no name, or one that no network can have', 'letters, digits, "_", "." and "-"');
  if (Array.isArray(json['plugins'])) {
    const { plugins } = json as { plugins: readonly unknown[] };
    if (plugins.length === 0 || !plugins.every((each) => isMap(each) && typeof each['type'] === 'string' && each['type'] !== '')) throw wrong(origin, 'has plugins without a type');
    return { json, extension: 'conflist' };
  }
  if (typeof json['type'] !== 'string' || json['type'] === '') throw wrong(origin, 'has neither plugins nor a type');
  return { json, extension: 'conf' };
}

/** Node's own words may repeat what stands there, and that may be a password. */
function placeIn(error: Error): string {
  const position = /position (\d+)/.exec(error.message)?.[1];
  return position === undefined ? '' : `: see character ${Number(position) + 1}`;
}

function wrong(origin: string, problem: string, hint?: string): CalicoError {
  return new CalicoError('invalid-document', `${origin} ${problem}`, { hint });
}

/** The plugins that a config names. */
export function pluginsOf({ json }: ReadConfig): readonly Data[] {
  return Array.isArray(json['plugins']) ? (json['plugins'] as Data[]) : [json];
}

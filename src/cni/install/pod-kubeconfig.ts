import { CalicoError } from '../../base/errors.js';
import { readRegularFile, SETTINGS_LIMIT, whyUnread } from '../../base/regular-file.js';
import { ACCOUNT_FILES } from '../kubernetes/access.js';

/** The account of the pod that this runs in. */
export interface PodAccount {
  readonly server: string;
  readonly authority: Buffer;
  readonly token: string;
}

/**
 * The account of the pod that this runs in; undefined where this is none. Throws CalicoError (`misconfigured`) where its files are not to be read.
 * @param folder where they are
 */
export function podAccount(env: Readonly<Record<string, string | undefined>>, folder = ACCOUNT_FILES): PodAccount | undefined {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '', KUBERNETES_SERVICE_PROTOCOL: protocol = 'https' } = env;
  if (host === '' || port === '') return undefined;
  const read = (name: string): Buffer => {
    try {
      return readRegularFile(`${folder}/${name}`, SETTINGS_LIMIT).bytes;
    } catch (error) {
      throw new CalicoError('misconfigured', `KUBERNETES_SERVICE_HOST is set as in a pod, and ${folder}/${name} ${whyUnread(error)}`, { hint: 'name a kubeconfig with --kubeconfig, or unset KUBERNETES_SERVICE_HOST' });
    }
  };
  return { server: `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`, authority: read('ca.crt'), token: read('token').toString('utf8').trim() };
}

/** A kubeconfig with the account in it: the plugin runs on the host, where the pod's files are not. It is JSON, which is YAML too. */
export function kubeconfigText({ server, authority, token }: PodAccount): string {
  const config = {
    apiVersion: 'v1', kind: 'Config',
    clusters: [{ name: 'local', cluster: { server, 'certificate-authority-data': authority.toString('base64') } }],
    users: [{ name: 'calico', user: { token } }],
    contexts: [{ name: 'calico-context', context: { cluster: 'local', user: 'calico' } }], 'current-context': 'calico-context',
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

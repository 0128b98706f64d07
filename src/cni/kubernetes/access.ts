import { CalicoError, DatastoreError } from '../../base/errors.js';
import { readRegularFile, SETTINGS_LIMIT, whyUnread } from '../../base/regular-file.js';
import type { PemSource } from '../../config/settings.js';
import { loadCredentials } from '../../datastore/etcd/credentials.js';
import { readKubeconfig, type FoundAccess, type FoundSetting } from './kubeconfig.js';

/** What the config of a network says of Kubernetes' API: `kubernetes.kubeconfig`, `k8s_api_root` there and in `policy`, and the other keys of `policy`. */
export interface KubernetesConfig {
  readonly kubernetes?: { readonly kubeconfig?: string | undefined; readonly apiRoot?: string | undefined };
  readonly policy?: {
    readonly apiRoot?: string | undefined;
    readonly authToken?: string | undefined;
    readonly clientCertificate?: string | undefined;
    readonly clientKey?: string | undefined;
    readonly certificateAuthority?: string | undefined;
  };
}

/** How an API is reached and who asks; each with the setting it is from. */
export interface ApiAccess {
  readonly server: URL;
  readonly serverOrigin: string;
  /** The name in the server's certificate where it is not the one in the address. */
  readonly serverName: string | undefined;
  /** Whether the server's certificate is looked at. */
  readonly verified: boolean;
  readonly authority: Pem | undefined;
  readonly client: { readonly certificate: Pem; readonly key: Buffer } | undefined;
  /** The header that says who asks, and where that is from. */
  readonly authorization: { readonly header: string; readonly origin: string } | undefined;
}

interface Pem {
  readonly bytes: Buffer;
  readonly origin: string;
}

/** Where the account of a pod is, for a plugin that runs in one. */
export const ACCOUNT_FILES = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * How Kubernetes' API is reached, of the config of a network, the kubeconfig it names, and else the account of the pod that this runs in
 * (reference/network-plugin 30.1). Throws CalicoError (`misconfigured`) naming file and key.
 * @param accountFiles the folder of the pod's account
 */
export async function apiAccess(config: KubernetesConfig, env: Readonly<Record<string, string | undefined>>, accountFiles = ACCOUNT_FILES): Promise<ApiAccess> {
  const { kubernetes = {}, policy = {} } = config;
  const own = withoutNothing({
    authority: setting(policy.certificateAuthority, 'file', 'policy.k8s_certificate_authority'),
    certificate: setting(policy.clientCertificate, 'file', 'policy.k8s_client_certificate'),
    key: setting(policy.clientKey, 'file', 'policy.k8s_client_key'),
    token: setting(policy.authToken, 'value', 'policy.k8s_auth_token'),
    server: setting(kubernetes.apiRoot, 'value', 'kubernetes.k8s_api_root') ?? setting(policy.apiRoot?.split('/api/')[0], 'value', 'policy.k8s_api_root'),
  });
  const kubeconfig = kubernetes.kubeconfig ?? '';
  const base = kubeconfig !== '' ? await readKubeconfig(kubeconfig) : own.server === undefined ? accountOfPod(env, accountFiles) : {};
  const found: FoundAccess = { ...base, ...own };
  if (found.server === undefined) {
    throw new CalicoError('misconfigured', kubeconfig === '' ? "the network's config does not say where Kubernetes' API is" : `the kubeconfig ${kubeconfig} names no server in its current context`, {
      hint: 'name a kubeconfig in kubernetes.kubeconfig, or the server in kubernetes.k8s_api_root',
    });
  }
  return loaded(found, found.server);
}

function setting(text: string | undefined, as: FoundSetting['as'], key: string): FoundSetting | undefined {
  return text === undefined || text === '' ? undefined : { text, as, origin: `${key} in the network's config` };
}

function withoutNothing(access: { readonly [key in keyof FoundAccess]: FoundSetting | undefined }): FoundAccess {
  return Object.fromEntries(Object.entries(access).filter(([, value]) => value !== undefined));
}

/** What a pod knows of the API of its cluster; nothing where this is none. */
function accountOfPod({ KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' }: Readonly<Record<string, string | undefined>>, folder: string): FoundAccess {
  if (host === '' || port === '') return {};
  const of = (name: string): FoundSetting => ({ text: `${folder}/${name}`, as: 'file', origin: 'the account of this pod' });
  return { server: { text: `https://${host.includes(':') ? `[${host}]` : host}:${port}`, as: 'value', origin: 'KUBERNETES_SERVICE_HOST' }, authority: of('ca.crt'), token: of('token') };
}

function loaded(found: FoundAccess, serverSetting: FoundSetting): ApiAccess {
  const server = serverUrl(serverSetting);
  const verified = found.insecure?.text.toLowerCase() !== 'true';
  const secure = server.protocol === 'https:';
  const [authority, certificate, key] = [verified && secure ? found.authority : undefined, secure ? found.certificate : undefined, secure ? found.key : undefined];
  if ((certificate === undefined) !== (key === undefined)) {
    const [there, missing] = certificate === undefined ? [key, 'certificate'] : [certificate, 'key'];
    throw new CalicoError('misconfigured', `${there?.origin} is set, and no client ${missing} belongs to it`, { hint: 'name both, or neither' });
  }
  const credentials = checkedCredentials(authority, certificate && key && { certificate, key });
  return {
    server, serverOrigin: serverSetting.origin, verified,
    serverName: found.serverName?.text,
    authority: credentials?.rootCertificate && authority && { bytes: credentials.rootCertificate, origin: authority.origin },
    client: credentials?.certChain && credentials.privateKey && certificate && { certificate: { bytes: credentials.certChain, origin: certificate.origin }, key: credentials.privateKey },
    authorization: authorizationOf(found),
  };
}

function serverUrl({ text, origin }: FoundSetting): URL {
  // An address without a scheme is one of http, as it is to Kubernetes' own library.
  const address = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') throw new CalicoError('misconfigured', `${origin} is not the address of an API`, { hint: 'write it as https://HOST:PORT' });
  if (url.username !== '' || url.password !== '') throw new CalicoError('misconfigured', `${origin} has a user in it`, { hint: 'who asks belongs to the users of a kubeconfig' });
  return url;
}

/** Certificates are read and checked as those for etcd: TLS itself says little. */
function checkedCredentials(authority: FoundSetting | undefined, client: { readonly certificate: FoundSetting; readonly key: FoundSetting } | undefined): ReturnType<typeof loadCredentials> {
  try {
    return loadCredentials({ ...(authority && { authority: pemOf(authority) }), ...(client && { client: { certificate: pemOf(client.certificate), key: pemOf(client.key) } }) });
  } catch (error) {
    throw error instanceof DatastoreError ? new CalicoError('misconfigured', `Kubernetes: ${error.message}`, { hint: error.hint }) : error;
  }
}

function pemOf({ text, as, origin }: FoundSetting): PemSource {
  return as === 'file' ? { file: text, origin } : { pem: Buffer.from(text, 'base64').toString('latin1'), origin };
}

function authorizationOf({ token, name, password }: FoundAccess): ApiAccess['authorization'] {
  if (token !== undefined) {
    const text = (token.as === 'file' ? tokenIn(token) : token.text).trim();
    // Anything else would end the header, or the program: Node refuses such texts with the text itself in its words.
    if (!/^[\x21-\x7e]+$/.test(text)) throw new CalicoError('misconfigured', `${token.origin} is not a token`, { hint: 'a token is one word of printable characters' });
    return { header: `Bearer ${text}`, origin: token.origin };
  }
  if (name === undefined) return undefined;
  return { header: `Basic ${Buffer.from(`${name.text}:${password?.text ?? ''}`).toString('base64')}`, origin: name.origin };
}

function tokenIn({ text, origin }: FoundSetting): string {
  try {
    return readRegularFile(text, SETTINGS_LIMIT).bytes.toString('utf8');
  } catch (error) {
    throw new CalicoError('misconfigured', `${text} (${origin}) ${whyUnread(error)}`, { hint: 'check the path, and that this user may read the file' });
  }
}

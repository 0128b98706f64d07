import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionSettings } from '../../config/settings.js';
import { loadCredentials } from '../../datastore/etcd/credentials.js';
import type { WantedFile } from './files.js';
import { launcherText, PLUGIN_WORD, type LaunchedProgram } from './launcher.js';
import { networkList, type CertificatePaths, type NetworkSettings } from './network.js';
import { kubeconfigText, type PodAccount } from './pod-kubeconfig.js';
import { filledIn, placeholderValues, pluginsOf, readConfig, type ReadConfig } from './template.js';

/** The program that the plugins are in: files for this Node, of which the first is started, or one executable that has its own. */
export type PluginProgram = { readonly node: string; readonly folder: string; readonly files: readonly string[] } | { readonly executable: string };

/** What is to be installed, and where. */
export interface InstallRequest {
  readonly confDir: string;
  readonly binDir: string;
  readonly program: PluginProgram;
  readonly version: string;
  readonly connection: ConnectionSettings;
  /** Undefined is the name that fits. */
  readonly network: string | undefined;
  readonly nodeName: string | undefined;
  /** What the node is called where a config asks for it. */
  readonly hostNodeName: string;
  /** A kubeconfig of the host. */
  readonly kubeconfig: string | undefined;
  /** The account of the pod that this runs in. */
  readonly account: PodAccount | undefined;
  /** A config to fill in, in place of ours. */
  readonly template: { readonly text: string; readonly origin: string } | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a plugin is there; ours are. */
  readonly hasPlugin: (name: string) => boolean;
}

export interface InstallPlan {
  /** In the order in which they are put in their places: what refers to others last. */
  readonly files: readonly WantedFile[];
  readonly config: ReadConfig & { readonly path: string };
  /** Sentences about what may not be as it is meant. */
  readonly remarks: readonly string[];
}

const PLUGINS = ['calico', 'calico-ipam'] as const;
/** The folder of what the plugins are in, and of the record of what was installed. */
export const PROGRAM_FOLDER = 'calico.d';
export const CONFIG_NAME = '10-calico';
const KUBECONFIG_NAME = 'calico-kubeconfig';
const TLS_FOLDER = 'calico-tls';

const EXECUTABLE = 0o755;
const PUBLIC = 0o644;
const SECRET = 0o600;

/**
 * Plans what is to be there (reference/network-plugin 31). Throws CalicoError: DatastoreError (`tls`) for certificates that are no use,
 * `invalid-document` for a config that is none.
 */
export function planInstallation(request: InstallRequest): InstallPlan {
  const { confDir, binDir, account } = request;
  const program = programFiles(request);
  const tls = certificateFiles(request);
  const ownKubeconfig = request.kubeconfig === undefined && account !== undefined ? join(confDir, KUBECONFIG_NAME) : undefined;
  const kubeconfig = request.kubeconfig ?? ownKubeconfig;
  const network: NetworkSettings = {
    network: request.network ?? (kubeconfig === undefined ? 'calico' : 'k8s-pod-network'),
    nodeName: request.nodeName, etcd: request.connection, certificates: tls.paths, kubeconfig, portmap: request.hasPlugin('portmap'),
  };
  const { config, unknown } = configOf(request, network);
  const launchers = PLUGINS.map((plugin): WantedFile => ({ path: join(binDir, plugin), mode: EXECUTABLE, content: Buffer.from(launcherText(plugin, program.launched, request.version)) }));
  const path = join(confDir, `${CONFIG_NAME}.${config.extension}`);
  return {
    files: [
      ...program.files, ...launchers, ...tls.files,
      ...(ownKubeconfig === undefined || account === undefined ? [] : [{ path: ownKubeconfig, mode: SECRET, content: Buffer.from(kubeconfigText(account)) }]),
      { path, mode: holdsSecret(config, request) ? SECRET : PUBLIC, content: Buffer.from(`${JSON.stringify(config.json, undefined, 2)}\n`) },
    ],
    config: { ...config, path },
    remarks: remarksOn(request, config, unknown),
  };
}

function programFiles({ program, binDir }: InstallRequest): { readonly files: readonly WantedFile[]; readonly launched: LaunchedProgram } {
  const at = (name: string): string => join(binDir, PROGRAM_FOLDER, name);
  if ('executable' in program) {
    const path = at('calicoctl');
    return { files: [{ path, mode: EXECUTABLE, content: { copyOf: program.executable } }], launched: { words: [path, PLUGIN_WORD], files: [path] } };
  }
  const files = program.files.map((name): WantedFile => ({ path: at(name), mode: PUBLIC, content: { copyOf: join(program.folder, name) } }));
  const paths = files.map(({ path }) => path);
  return { files, launched: { words: [program.node, ...paths.slice(0, 1)], files: [program.node, ...paths] } };
}

/** Certificates are looked at before they are copied: while they are renewed, one of a pair may be the old one. */
function certificateFiles({ confDir, connection }: InstallRequest): { readonly files: readonly WantedFile[]; readonly paths: CertificatePaths } {
  const credentials = loadCredentials(connection);
  const file = (name: string, content: Buffer): WantedFile => ({ path: join(confDir, TLS_FOLDER, name), mode: SECRET, content });
  const authority = credentials && connection.authority && file('etcd-ca', credentials.rootCertificate);
  const certificate = credentials?.certChain && file('etcd-cert', credentials.certChain);
  const key = credentials?.privateKey && file('etcd-key', credentials.privateKey);
  return {
    files: [authority, certificate, key].filter((each) => each !== undefined),
    paths: { ...(authority && { authority: authority.path }), ...(certificate && { certificate: certificate.path }), ...(key && { key: key.path }) },
  };
}

function configOf(request: InstallRequest, network: NetworkSettings): { readonly config: ReadConfig; readonly unknown: readonly string[] } {
  const { template, hostNodeName, env, account } = request;
  if (template === undefined) return { config: { json: networkList(network), extension: 'conflist' }, unknown: [] };
  const { text, unknown } = filledIn(template.text, placeholderValues(network, hostNodeName, env, account?.token ?? ''));
  return { config: readConfig(text, template.origin), unknown };
}

function holdsSecret({ json }: ReadConfig, { connection, account }: InstallRequest): boolean {
  const text = JSON.stringify(json);
  return [connection.user?.password, account?.token].some((secret) => secret !== undefined && secret !== '' && text.includes(JSON.stringify(secret).slice(1, -1)));
}

function remarksOn({ hasPlugin, binDir, template, connection, kubeconfig }: InstallRequest, config: ReadConfig, unknown: readonly string[]): readonly string[] {
  const types = pluginsOf(config).map((each) => String(each['type']));
  const missing = types.filter((type) => !(PLUGINS as readonly string[]).includes(type) && !hasPlugin(type));
  return [
    ...(connection.endpointsOrigin === 'the default' && template?.text.includes('__ETCD_ENDPOINTS__') !== false ? [`no etcd endpoint is configured: ${connection.endpoints.join(',')} is taken`] : []),
    ...unknown.map((placeholder) => `nothing is known that could stand for ${placeholder}: it stays as it is`),
    ...(kubeconfig === undefined || existsSync(kubeconfig) ? [] : [`${kubeconfig} is not there: no pod gets its interface until it is`]),
    ...(types.includes('calico') ? [] : ['the config names no plugin of type calico']),
    ...missing.map((type) => `the plugin ${type} is not in ${binDir}: the runtime cannot use this network without it`),
    ...(template === undefined && !types.includes('portmap') ? [`ports of the host will not lead to containers: the plugin portmap is not in ${binDir}`] : []),
  ];
}

import { CalicoError } from '../base/errors.js';
import { FIRST_FOUND } from '../host/addresses/autodetect.js';
import { CONTAINER, type ContainerCommand, type Mount, type Supervisor, type Variable } from '../host/engine/container.js';
import { DEFAULT_INTERFACE_PREFIX, hostPath, type DockerNetworking, type NodeOptions } from './options.js';

/** PEM text, or the file that holds it; `origin` names the setting. */
interface Credential {
  readonly origin: string;
  readonly file?: string;
}

/** How the container reaches etcd. */
export interface DatastoreAccess {
  readonly endpoints: readonly string[];
  readonly discovery?: { readonly domain: string };
  readonly user?: { readonly name: string; readonly password: string };
  readonly authority?: Credential;
  readonly client?: { readonly certificate: Credential; readonly key: Credential };
}

/** All that decides what the container is started with. */
export interface NodePlan {
  readonly dialect: 'v1' | 'v3';
  readonly options: NodeOptions;
  readonly dockerNetworking: DockerNetworking;
  readonly datastore: DatastoreAccess;
  readonly supervisor: Supervisor;
}

const CERTIFICATES = { authority: '/etc/calico/certs/ca_cert.crt', key: '/etc/calico/certs/key.pem', certificate: '/etc/calico/certs/cert.crt' } as const;

const POLICIES: Readonly<Record<Supervisor, readonly string[]>> = { engine: ['-d', '--restart=always'], 'init-system': ['--rm'], watch: ['-d'] };

/** Puts the command together (reference/node 2). Throws CalicoError where the container cannot be given what the settings hold. */
export function containerCommand(plan: NodePlan): ContainerCommand {
  const environment = environmentOf(plan);
  const mounts = mountsOf(plan);
  const { image } = plan.options;
  return {
    image, environment, mounts, supervisor: plan.supervisor,
    arguments: [
      'run', '--net=host', '--privileged', `--name=${CONTAINER}`, ...POLICIES[plan.supervisor],
      ...environment.flatMap(({ name, value, secret }) => ['-e', secret === true ? name : `${name}=${value}`]),
      ...mounts.flatMap(({ source, target }) => ['-v', `${source}:${target}`]),
      image,
    ],
  };
}

/** First what is always set, then what is asked for, in the order of the official tool (reference/node 2). */
function environmentOf({ dialect, options, dockerNetworking, datastore }: NodePlan): Variable[] {
  const { asNumber, ip, ip6, method, method6 } = options;
  const { endpoints, discovery, authority, client, user } = datastore;
  const { enabled, interfacePrefix, labels } = dockerNetworking;
  const classic = dialect === 'v1';
  const values: readonly (readonly [string, string | undefined])[] = [
    ['NODENAME', options.name],
    ['CALICO_NETWORKING_BACKEND', options.backend],
    classic ? ['CALICO_LIBNETWORK_ENABLED', String(enabled)] : ['CALICO_MANAGE_CNI', 'false'],
    ['ETCD_ENDPOINTS', endpoints.join(',')],
    ['ETCD_DISCOVERY_SRV', discovery?.domain ?? (classic ? undefined : '')],
    ['CALICO_LIBNETWORK_IFPREFIX', enabled && interfacePrefix !== DEFAULT_INTERFACE_PREFIX ? interfacePrefix : undefined],
    ['CALICO_LIBNETWORK_CREATE_PROFILES', labels ? 'false' : undefined],
    ['CALICO_LIBNETWORK_LABEL_ENDPOINTS', labels ? 'true' : undefined],
    ['NO_DEFAULT_POOLS', options.noDefaultPools ? 'true' : undefined],
    ['IP_AUTODETECTION_METHOD', method === FIRST_FOUND ? undefined : method],
    ['IP6_AUTODETECTION_METHOD', method6 === FIRST_FOUND ? undefined : method6],
    ['AS', asNumber === undefined ? undefined : String(asNumber)],
    ['IP', ip],
    ['IP6', ip6],
    ['ETCD_CA_CERT_FILE', authority && CERTIFICATES.authority],
    ['ETCD_KEY_FILE', client && CERTIFICATES.key],
    ['ETCD_CERT_FILE', client && CERTIFICATES.certificate],
    ['ETCD_USERNAME', user?.name],
  ];
  const plain = values.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  return user === undefined ? plain : [...plain, { name: 'ETCD_PASSWORD', value: user.password, secret: true }];
}

function mountsOf({ dialect, options, dockerNetworking, datastore }: NodePlan): Mount[] {
  const same = (path: string, kind: Mount['kind'] = 'folder'): Mount => ({ source: path, target: path, kind });
  return [
    { source: options.logDir, target: '/var/log/calico', kind: 'folder', origin: options.origins.logDir },
    same('/var/run/calico'),
    ...(dialect === 'v3' ? [same('/var/lib/calico')] : []),
    same('/lib/modules'),
    same('/run'),
    ...(dockerNetworking.enabled ? [same('/run/docker/plugins'), same('/var/run/docker.sock', 'socket')] : []),
    ...(options.felixConfig === undefined ? [] : [{ source: options.felixConfig, target: '/etc/calico/felix.cfg', kind: 'file', origin: options.origins.felixConfig } as const]),
    ...certificateMount(datastore.authority, CERTIFICATES.authority),
    ...certificateMount(datastore.client?.key, CERTIFICATES.key),
    ...certificateMount(datastore.client?.certificate, CERTIFICATES.certificate),
  ];
}

function certificateMount(pem: Credential | undefined, target: string): Mount[] {
  if (pem === undefined) return [];
  if (pem.file === undefined) throw new CalicoError('failed', `${pem.origin} holds PEM text, but a container needs files`, { hint: 'write it to a file and name that file in the settings' });
  return [{ source: hostPath(pem.origin, pem.file), target, kind: 'file', origin: pem.origin }];
}

import type { Data } from '../base/data.js';
import { FAILURE, Failure } from './failure.js';
import { Fields } from './fields.js';
import { readResult, type Result } from './result.js';

/** Where a file holds the name of the node, unless the configuration names another. */
export const NODE_NAME_FILE = '/var/lib/calico/nodename';

/** The configuration of a network, as the runtime hands it to each plugin (reference/network-plugin 5). */
export interface NetworkConfig {
  readonly name: string;
  /** The file of the plugin that is called, or of the one that delegates to it. */
  readonly type: string;
  readonly ipam: IpamConfig;
  readonly nodename: string | undefined;
  readonly nodenameFile: string;
  /** Whether to go on without that file. */
  readonly nodenameFileOptional: boolean;
  /** What came before `nodename`. */
  readonly hostname: string | undefined;
  /** A file that whoever changes addresses on this host holds a lock on meanwhile. */
  readonly ipamLockFile: string | undefined;
  readonly mtu: number | undefined;
  /** Whether the file that tells the MTU has to be there. */
  readonly requireMtuFile: boolean;
  readonly queues: number | undefined;
  readonly includeDefaultRoutes: boolean;
  readonly allowIpForwarding: boolean;
  readonly featureControl: { readonly ipAddrsNoIpam: boolean; readonly floatingIps: boolean };
  readonly policy: PolicyConfig;
  readonly kubernetes: KubernetesConfig;
  readonly readinessGates: readonly string[];
  /** For how long an ADD waits until the node says that it has programmed the endpoint; 0 is not at all. */
  readonly policySetupTimeoutSeconds: number;
  readonly endpointStatusDir: string | undefined;
  readonly log: LogConfig;
  readonly etcd: EtcdConfig;
  /** Labels that Mesos sends with a container. */
  readonly mesosLabels: readonly (readonly [key: string, value: string])[];
  /** What the runtime adds for this very container: `dns`, `portMappings`, ... */
  readonly runtimeConfig: Fields | undefined;
  /** For GC: the attachments that are still there. */
  readonly validAttachments: readonly Attachment[] | undefined;
  /** All of it, as it is handed on. */
  readonly data: Data;
}

/** A container and the name of its interface. */
export interface Attachment {
  readonly containerId: string;
  readonly ifname: string;
}

export interface IpamConfig {
  readonly type: string | undefined;
  readonly assignIpv4: boolean;
  readonly assignIpv6: boolean;
  /** Names or networks of pools; empty where any will do. */
  readonly ipv4Pools: readonly string[];
  readonly ipv6Pools: readonly string[];
  readonly subnet: string | undefined;
  /** All of it: other plugins have keys of their own, such as `ranges`. */
  readonly data: Data;
}

export interface PolicyConfig {
  /** `k8s` where policies and profiles are Kubernetes' own. */
  readonly type: string | undefined;
  readonly apiRoot: string | undefined;
  readonly authToken: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly certificateAuthority: string | undefined;
}

export interface KubernetesConfig {
  readonly kubeconfig: string | undefined;
  readonly apiRoot: string | undefined;
  readonly nodeName: string | undefined;
}

export interface LogConfig {
  readonly level: string | undefined;
  readonly file: string | undefined;
  /** In megabytes, days and files. */
  readonly maxSize: number;
  readonly maxAge: number;
  readonly maxCount: number;
}

/** What says how etcd is reached, by the keys that the same has in the files of calicoctl. */
export interface EtcdConfig {
  readonly datastoreType: string | undefined;
  readonly etcdEndpoints: string | undefined;
  readonly etcdDiscoverySrv: string | undefined;
  readonly etcdAuthority: string | undefined;
  readonly etcdScheme: string | undefined;
  readonly etcdUsername: string | undefined;
  readonly etcdPassword: string | undefined;
  readonly etcdKeyFile: string | undefined;
  readonly etcdCertFile: string | undefined;
  readonly etcdCACertFile: string | undefined;
}

/** How the configuration writes each of them. */
export const ETCD_KEYS: Readonly<Record<keyof EtcdConfig, string>> = {
  datastoreType: 'datastore_type',
  etcdEndpoints: 'etcd_endpoints',
  etcdDiscoverySrv: 'etcd_discovery_srv',
  etcdAuthority: 'etcd_authority',
  etcdScheme: 'etcd_scheme',
  etcdUsername: 'etcd_username',
  etcdPassword: 'etcd_password',
  etcdKeyFile: 'etcd_key_file',
  etcdCertFile: 'etcd_cert_file',
  etcdCACertFile: 'etcd_ca_cert_file',
};

/** Reads a configuration. Keys that nobody knows are left alone. Throws Failure that names the key of a value of a wrong form. */
export function readNetworkConfig(fields: Fields): NetworkConfig {
  const feature = fields.map('feature_control');
  return {
    name: fields.text('name') ?? '',
    type: fields.text('type') ?? '',
    ipam: readIpam(fields.map('ipam')),
    nodename: fields.givenText('nodename'),
    nodenameFile: fields.givenText('nodename_file') ?? NODE_NAME_FILE,
    nodenameFileOptional: fields.flag('nodename_file_optional') ?? false,
    hostname: fields.givenText('hostname'),
    ipamLockFile: fields.givenText('ipam_lock_file'),
    mtu: fields.count('mtu') || undefined,
    requireMtuFile: fields.flag('require_mtu_file') ?? false,
    queues: fields.count('num_queues') || undefined,
    includeDefaultRoutes: fields.flag('include_default_routes') ?? false,
    allowIpForwarding: fields.map('container_settings')?.flag('allow_ip_forwarding') ?? false,
    featureControl: { ipAddrsNoIpam: feature?.flag('ip_addrs_no_ipam') ?? false, floatingIps: feature?.flag('floating_ips') ?? false },
    policy: readPolicy(fields.map('policy')),
    kubernetes: readKubernetes(fields.map('kubernetes')),
    readinessGates: fields.texts('readiness_gates') ?? [],
    policySetupTimeoutSeconds: fields.count('policy_setup_timeout_seconds') ?? 0,
    endpointStatusDir: fields.givenText('endpoint_status_dir'),
    log: readLog(fields),
    etcd: Object.fromEntries(Object.entries(ETCD_KEYS).map(([name, key]) => [name, fields.givenText(key)])) as unknown as EtcdConfig,
    mesosLabels: readMesosLabels(fields),
    runtimeConfig: fields.map('runtimeConfig'),
    validAttachments: readAttachments(fields),
    data: fields.data,
  };
}

/**
 * What the ADD led to, as the runtime hands it to CHECK: what other plugins of the chain have made of it is nothing for a DEL to fail at. Throws
 * Failure, also where it is missing.
 */
export function previousResult({ data }: NetworkConfig): Result {
  const previous = new Fields(data).map('prevResult');
  if (previous === undefined) throw new Failure(FAILURE.invalidConfig, 'prevResult is missing: CHECK compares with what ADD answered');
  return readResult(previous);
}

function readIpam(ipam: Fields | undefined): IpamConfig {
  return {
    type: ipam?.givenText('type'),
    assignIpv4: ipam?.flag('assign_ipv4') ?? true,
    assignIpv6: ipam?.flag('assign_ipv6') ?? false,
    ipv4Pools: ipam?.texts('ipv4_pools') ?? [],
    ipv6Pools: ipam?.texts('ipv6_pools') ?? [],
    subnet: ipam?.givenText('subnet'),
    data: ipam?.data ?? {},
  };
}

function readPolicy(policy: Fields | undefined): PolicyConfig {
  return {
    type: policy?.givenText('type'),
    apiRoot: policy?.givenText('k8s_api_root'),
    authToken: policy?.givenText('k8s_auth_token'),
    clientCertificate: policy?.givenText('k8s_client_certificate'),
    clientKey: policy?.givenText('k8s_client_key'),
    certificateAuthority: policy?.givenText('k8s_certificate_authority'),
  };
}

function readKubernetes(kubernetes: Fields | undefined): KubernetesConfig {
  return { kubeconfig: kubernetes?.givenText('kubeconfig'), apiRoot: kubernetes?.givenText('k8s_api_root'), nodeName: kubernetes?.givenText('node_name') };
}

function readLog(fields: Fields): LogConfig {
  return {
    level: fields.givenText('log_level'),
    file: fields.givenText('log_file_path'),
    maxSize: fields.count('log_file_max_size') || 100,
    maxAge: fields.count('log_file_max_age') || 30,
    maxCount: fields.count('log_file_max_count') || 10,
  };
}

function readMesosLabels(fields: Fields): NetworkConfig['mesosLabels'] {
  const labels = fields.map('args')?.map('org.apache.mesos')?.map('network_info')?.map('labels')?.maps('labels') ?? [];
  return labels.map((label) => [label.text('key') ?? '', label.text('value') ?? '']);
}

/** The list had another name before the protocol had GC. Go writes null where it has no element; that it is missing is another thing. */
function readAttachments(fields: Fields): readonly Attachment[] | undefined {
  const key = ['cni.dev/valid-attachments', 'cni.dev/attachments'].find((each) => Object.hasOwn(fields.data, each));
  if (key === undefined) return undefined;
  return (fields.maps(key) ?? []).map((each) => ({ containerId: each.text('containerID') ?? '', ifname: each.text('ifname') ?? '' }));
}

import type { ConnectionSettings } from '../../config/settings.js';
import type { Data } from '../../base/data.js';

/** What a network's config is made of. */
export interface NetworkSettings {
  readonly network: string;
  /** What the node is called; the plugin finds it out where it is left out. */
  readonly nodeName: string | undefined;
  readonly etcd: Pick<ConnectionSettings, 'endpoints' | 'discovery' | 'user'>;
  /** Paths of certificates for etcd. */
  readonly certificates: CertificatePaths;
  /** The kubeconfig for what is asked of Kubernetes; nothing is asked where it is left out. */
  readonly kubeconfig: string | undefined;
  /** Whether ports of the host are to lead to containers, which another plugin does. */
  readonly portmap: boolean;
}

export interface CertificatePaths {
  readonly authority?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** Where the plugin keeps its log. */
export const LOG_FILE = '/var/log/calico/cni/cni.log';

/**
 * The newest version of the protocol that every runtime and plugin of a host is likely to know: those of 2021 and later do
 * (reference/network-plugin 31.2).
 */
const PROTOCOL_VERSION = '1.0.0';

/** The list of plugins of a network, as a container runtime reads it. */
export function networkList(settings: NetworkSettings): Data {
  const { network, nodeName, kubeconfig, portmap } = settings;
  const calico = {
    type: 'calico',
    log_level: 'info',
    log_file_path: LOG_FILE,
    datastore_type: 'etcdv3',
    ...etcdKeys(settings),
    ...(nodeName !== undefined && { nodename: nodeName }),
    ipam: { type: 'calico-ipam' },
    ...(kubeconfig !== undefined && { policy: { type: 'k8s' }, kubernetes: { kubeconfig } }),
  };
  return { name: network, cniVersion: PROTOCOL_VERSION, plugins: [calico, ...(portmap ? [{ type: 'portmap', snat: true, capabilities: { portMappings: true } }] : [])] };
}

function etcdKeys({ etcd: { endpoints, discovery, user }, certificates: { authority, certificate, key } }: NetworkSettings): Data {
  return {
    ...(discovery === undefined ? { etcd_endpoints: endpoints.join(',') } : { etcd_discovery_srv: discovery.domain }),
    ...(authority !== undefined && { etcd_ca_cert_file: authority }),
    ...(certificate !== undefined && { etcd_cert_file: certificate }),
    ...(key !== undefined && { etcd_key_file: key }),
    ...(user !== undefined && { etcd_username: user.name, etcd_password: user.password }),
  };
}

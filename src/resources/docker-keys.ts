/** Where the networks of Docker are kept (reference/libnetwork 4.1). Calico's own tools leave it alone. */
export const DOCKER_PREFIX = '/calico/docker/v1/';
/** What all hosts are to have: a key for each network, by name. */
export const DOCKER_NETWORK_PREFIX = `${DOCKER_PREFIX}network/`;
/** Which networks a host has: a key for each, by node and name. */
const HOST_PREFIX = `${DOCKER_PREFIX}host/`;
/** Which network an endpoint is in: a key for each, by node and id. Its profile says it only where networks have one. */
export const DOCKER_ENDPOINT_PREFIX = `${DOCKER_PREFIX}endpoint/`;

const KINDS: readonly (readonly [prefix: string, kind: string])[] = [[DOCKER_NETWORK_PREFIX, 'Docker network'], [HOST_PREFIX, 'Docker network of a host'], [DOCKER_ENDPOINT_PREFIX, 'Docker endpoint']];

/** What all hosts know of a network. */
export function dockerNetworkKey(name: string): string {
  return DOCKER_NETWORK_PREFIX + name;
}

/** The networks of one host. It ends with a slash: `node-1` is not `node-10`. */
export function dockerHostPrefix(node: string): string {
  return `${HOST_PREFIX}${node}/`;
}

/** One of them. */
export function dockerHostKey(node: string, network: string): string {
  return dockerHostPrefix(node) + network;
}

/** The endpoints of one host, or one of them, by the engine's id. */
export function dockerEndpointKey(node: string, id = ''): string {
  return `${DOCKER_ENDPOINT_PREFIX}${node}/${id}`;
}

/** What a key of Docker's networks stands for, in words and by name; undefined for one that is none. */
export function dockerKeyName(key: string): { readonly kind: string; readonly name: string } | undefined {
  const [prefix = '', kind = ''] = KINDS.find(([each]) => key.startsWith(each) && key !== each) ?? [];
  return prefix === '' ? undefined : { kind, name: key.slice(prefix.length) };
}

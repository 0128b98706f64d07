/** What gRPC's failures begin with where a name could not be resolved. */
export const NAME_FAILED = 'Name resolution failed: ';

/** The scheme of the targets whose names are resolved by named-target.ts. */
export const SCHEME = 'calicoctl';

/** Whether an endpoint has a name where an address could stand. A URL writes addresses in one form each. */
export function hasName(endpoint: string): boolean {
  return !/^(\[.*\]|[\d.]+)$/.test(new URL(endpoint).hostname);
}

/** The endpoint as etcd3 takes it, such that gRPC has its name resolved by named-target.ts; an address stays as it is. */
export function withOwnNames(endpoint: string): string {
  const { protocol, host } = new URL(endpoint);
  return hasName(endpoint) ? `${protocol}//${SCHEME}:${host}` : endpoint;
}

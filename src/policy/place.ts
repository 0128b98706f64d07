import type { Endpoint, KnownObject } from './known-objects.js';

/** Where a packet enters or leaves a host: an interface, or the host itself. */
export type Gate =
  | { readonly kind: 'self' }
  /** A workload's interface; without an endpoint where nobody stored one. */
  | { readonly kind: 'workload'; readonly endpoint: Endpoint | undefined }
  | { readonly kind: 'network'; readonly interfaceName: string };

/** Where an end of a flow is. */
export interface Place {
  readonly node: string;
  readonly gate: Gate;
}

/** The workload endpoint among the objects at an address; the first by identity where several have it. */
export function workloadAmong(objects: readonly KnownObject[]): Endpoint | undefined {
  let found: Endpoint | undefined;
  for (const object of objects) if (isWorkload(object) && (found === undefined || object.identity < found.identity)) found = object;
  return found;
}

function isWorkload(object: KnownObject): object is Endpoint {
  return object.kind === 'workload';
}

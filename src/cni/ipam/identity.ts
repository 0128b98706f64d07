import { endpointOwner } from '../../ipam/cluster/owners.js';
import type { Owner } from '../../ipam/records/block.js';
import { KNOWN_ARGUMENTS, podOf, readArguments } from '../arguments.js';
import type { AttachmentCall } from '../call.js';

/** By what the addresses of a container are found again (reference/network-plugin 6.1). */
export interface Identity {
  /** Whose the addresses become. */
  readonly owner: Owner;
  /** The handle, `NETWORK.CONTAINER`. */
  readonly handle: string;
  /** The handle that version 2 assigned them by. */
  readonly formerHandle: string;
  /** The namespace of a pod; undefined for what is none. */
  readonly namespace: string | undefined;
}

/** Who is called for. Throws Failure for arguments that cannot be read. */
export function identityOf({ args, config, containerId }: AttachmentCall, node: string, now: Date): Identity {
  const pod = podOf(readArguments(args, KNOWN_ARGUMENTS));
  const owner = endpointOwner({ namespace: pod?.namespace ?? 'default', node, orchestrator: pod === undefined ? 'cni' : 'k8s', pod: pod?.name ?? '', containerID: containerId }, config.name, now);
  return { owner, namespace: pod?.namespace, handle: handleOf(config.name, containerId), formerHandle: pod === undefined ? containerId : `${pod.namespace}.${pod.name}` };
}

export function handleOf(network: string, containerId: string): string {
  return `${network}.${containerId}`;
}

/** The container that a handle of a network is for; undefined for handles of another form, such as those of version 2. */
export function containerOf(handle: string, network: string): string | undefined {
  const rest = handle.startsWith(`${network}.`) ? handle.slice(network.length + 1) : '';
  return rest === '' || rest.includes('.') ? undefined : rest;
}

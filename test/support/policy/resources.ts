import type { StoredObject } from '../../../src/resources/kind.js';

/** A resource as it is stored. */
export const resource = (kind: string, name: string, spec: object, metadata: object = {}): StoredObject => ({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...metadata }, spec: { ...spec } });

/** A workload endpoint on host n1, whose label `role` is its name. */
export const workload = (name: string, address: string | undefined, more: object = {}, labels: object = { role: name }): StoredObject =>
  resource('WorkloadEndpoint', `n1-k8s-${name}-eth0`, { orchestrator: 'k8s', node: 'n1', pod: name, endpoint: 'eth0', interfaceName: `cali${name}`, ipNetworks: address === undefined ? [] : [address], ...more }, { namespace: 'shop', labels });

/** A global policy for ingress. */
export const policy = (name: string, spec: object, metadata: object = {}): StoredObject => resource('GlobalNetworkPolicy', name, { tier: 'default', types: ['Ingress'], ...spec }, metadata);

/** The tier that every network has. */
export const TIER = resource('Tier', 'default', { order: 1_000_000, defaultAction: 'Deny' });

/** A profile that allows everything. */
export const OPEN = resource('Profile', 'open', { ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] });

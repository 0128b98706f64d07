import type { Data } from '../../base/data.js';
import { API_VERSION } from '../../resources/v3/document.js';

/**
 * The profile of a network, which workloads have where nothing else decides about them (reference/network-plugin 1.2).
 * @param isOfPods whether it is made for a pod: Kubernetes lets everything in before there are policies
 */
export function networkProfile(network: string, isOfPods: boolean): Data {
  return {
    kind: 'Profile',
    apiVersion: API_VERSION,
    metadata: { name: network },
    spec: {
      ingress: [isOfPods ? { action: 'Allow' } : { action: 'Allow', source: { selector: `has(${network})` } }],
      egress: [{ action: 'Allow' }],
      labelsToApply: { [network]: '' },
    },
  };
}

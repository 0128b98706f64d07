import { mapsIn } from '../stored.js';
import type { BirdFacts } from './facts.js';
import { inOrder, networkText } from './text.js';

/** Nodes with this label keep out of the way of services. */
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';

/** Networks of services, of one family, in order (reference/bird 4.2). */
export interface ServiceRanges {
  /** Those for which the node answers. */
  readonly advertised: readonly string[];
  /** Those of which no route gets into the kernel. */
  readonly kept: readonly string[];
  /** Those of load balancers, which a route reflector passes on. */
  readonly loadBalancers: readonly string[];
}

/** What the BGPConfiguration says of services. Which services there are nobody says in etcd. */
export function serviceRanges({ family, shared, settings, node }: BirdFacts): ServiceRanges {
  const networks = (value: unknown): string[] => mapsIn(value).flatMap(({ cidr }) => networkText(cidr, family) ?? []);
  const clusterIps = settings.clusterIps === undefined ? networks(shared.serviceClusterIPs) : networks([{ cidr: settings.clusterIps }]);
  const loadBalancers = networks(shared.serviceLoadBalancerIPs);
  const kept = inOrder([...clusterIps, ...networks(shared.serviceExternalIPs), ...(shared.serviceLoadBalancerAggregation === 'Disabled' ? [] : loadBalancers)]);
  return { advertised: node.labels[EXCLUDED] === 'true' ? [] : kept, kept, loadBalancers };
}

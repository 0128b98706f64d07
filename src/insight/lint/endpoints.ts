import { groupedBy } from '../../base/grouped-by.js';
import { containsIp, formatCidr, formatIp, parseCidr, type Cidr } from '../../net/address.js';
import type { Endpoint } from '../../policy/known-objects.js';
import { texts } from '../../policy/known-objects.js';
import type { Model } from '../../policy/model.js';
import { endpointTraps } from '../traps.js';
import type { Finding } from './finding.js';
import type { StoredObjects } from './stored-objects.js';

/** What there is to say of endpoints, apart from policies. */
export function endpointFindings(model: Model, stored: StoredObjects): readonly Finding[] {
  const { endpoints } = model.parts;
  return [...unknownNodes(endpoints, stored), ...duplicates(endpoints, stored), ...outsidePools(endpoints, stored), ...traps(model, stored)];
}

/** Endpoints on hosts that no Node stands for; where no Node is stored at all nothing is known of hosts. */
function unknownNodes(endpoints: readonly Endpoint[], stored: StoredObjects): readonly Finding[] {
  const nodes = new Set(stored.all.filter(({ kind }) => kind === 'Node').map(({ metadata }) => metadata.name));
  if (nodes.size === 0) return [];
  const lost = groupedBy(endpoints.filter(({ node }) => !nodes.has(node)), ({ node }) => node);
  return [...lost].flatMap(([node, those]) => stored.groupOf(those, 'unknown-node').map((place) => ({ code: 'unknown-node', ...place, node })));
}

/** Addresses that several endpoints have. Host endpoints of one host may share theirs. */
function duplicates(endpoints: readonly Endpoint[], stored: StoredObjects): readonly Finding[] {
  const having = groupedBy(endpoints.flatMap((endpoint) => endpoint.nets.map((net) => ({ endpoint, address: formatCidr(net) }))), ({ address }) => address);
  return [...having].flatMap(([address, those]) => {
    const owners = [...new Set(those.map(({ endpoint }) => endpoint))];
    if (owners.length < 2 || new Set(owners.map(({ kind, id, node }) => (kind === 'host' ? `host ${node}` : id))).size < 2) return [];
    return stored.groupOf(owners, 'duplicate-address').filter(({ others }) => others.length > 0).map((place) => ({ code: 'duplicate-address', ...place, address: withoutLength(address) }));
  });
}

function withoutLength(address: string): string {
  return address.replace(/\/(?:32|128)$/, '');
}

/** Workloads whose addresses no pool holds, where there are pools of the family. */
function outsidePools(endpoints: readonly Endpoint[], stored: StoredObjects): readonly Finding[] {
  const pools = stored.all.filter(({ kind }) => kind === 'IPPool').flatMap(({ spec }) => parseCidr(texts([spec['cidr']])[0] ?? '') ?? []);
  const lost = (endpoint: Endpoint): Cidr | undefined => endpoint.nets.find(({ address }) => {
    const ofFamily = pools.filter((pool) => pool.address.version === address.version);
    return ofFamily.length > 0 && !ofFamily.some((pool) => containsIp(pool, address));
  });
  const outside = endpoints.filter(({ kind }) => kind === 'workload').flatMap((endpoint) => (lost(endpoint) === undefined ? [] : [endpoint]));
  return stored.groupOf(outside, 'outside-pools').map((place) => {
    const first = outside.find((endpoint) => stored.of(endpoint) === place.at)!;
    return { code: 'outside-pools', ...place, address: formatIp(lost(first)!.address) };
  });
}

/** What `policy trace` notes of endpoints too. */
function traps(model: Model, stored: StoredObjects): readonly Finding[] {
  const found = model.parts.endpoints.flatMap((endpoint) => endpointTraps(model, endpoint));
  const of = (code: (typeof found)[number]['code']): readonly Endpoint[] => found.filter((trap) => trap.code === code).map(({ endpoint }) => endpoint);
  return [
    ...stored.groupOf(of('no-interface'), 'no-interface').map((place) => ({ code: 'no-interface' as const, ...place })),
    ...stored.groupOf(of('governs-nothing'), 'governs-nothing').map((place) => ({ code: 'governs-nothing' as const, ...place })),
    ...[...groupedBy(found.filter((trap) => trap.code === 'shared-interface'), ({ other }) => other)].flatMap(([other, sharing]) =>
      stored.groupOf(sharing.map(({ endpoint }) => endpoint), 'shared-interface').map((place) => ({
        code: 'shared-interface' as const, ...place, other: stored.of(other), interfaceName: other.interfaceName, node: other.node,
      }))),
  ];
}

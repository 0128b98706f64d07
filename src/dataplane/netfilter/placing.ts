import { givenInterfaces, Host } from '../../policy/host.js';
import type { Link } from '../input.js';
import type { EndpointChains } from './endpoints.js';
import { ANY_INTERFACE } from './names.js';
import type { LocalEndpoint } from './state/local.js';
import type { PlacedEndpoints } from './tables.js';
import type { Terms } from './terms.js';

/**
 * Puts the endpoints of a host on its interfaces: of workloads the first by identity has an interface, which need not be there yet; of host
 * endpoints the one that governs it (reference/policy 7), once it is there.
 */
export function placeEndpoints(terms: Terms, locals: Iterable<LocalEndpoint>, links: readonly Link[], chains: EndpointChains): PlacedEndpoints & { readonly placedWorkloads: readonly LocalEndpoint[] } {
  const byInterface = new Map<string, LocalEndpoint>();
  const hosts: LocalEndpoint[] = [];
  for (const local of locals) {
    const { kind, interfaceName, identity } = local.endpoint;
    if (kind === 'host') hosts.push(local);
    else {
      const other = byInterface.get(interfaceName);
      if (interfaceName !== '' && (other === undefined || identity < other.endpoint.identity)) byInterface.set(interfaceName, local);
    }
  }
  const placedWorkloads = [...byInterface.values()].sort((left, right) => (left.endpoint.interfaceName < right.endpoint.interfaceName ? -1 : 1));
  return {
    placedWorkloads,
    workloads: placedWorkloads.map((local) => ({ interfaceName: local.endpoint.interfaceName, chains: chains.workload(local) })),
    ...placeHosts(terms, hosts, links, chains),
  };
}

function placeHosts({ settings: { node, interfacePrefix, interfaceExclude } }: Terms, locals: readonly LocalEndpoint[], links: readonly Link[], chains: EndpointChains): Pick<PlacedEndpoints, 'hosts' | 'wildcard'> {
  if (locals.length === 0) return { hosts: [], wildcard: undefined };
  const own = links.filter(({ name }) => !interfacePrefix.some((prefix) => name.startsWith(prefix)) && !interfaceExclude.some((pattern) => pattern.test(name)));
  const byEndpoint = new Map(locals.map((local) => [local.endpoint, local]));
  const interfaces = givenInterfaces({ interfaces: Object.fromEntries(own.map(({ name, addresses }) => [name, addresses])) });
  const host = new Host(node, interfaces, [...byEndpoint.keys()]);
  const hosts = [...interfaces.keys()].flatMap((interfaceName) => {
    const governing = host.governs(interfaceName);
    return governing === undefined || governing === host.wildcard ? [] : [{ interfaceName, chains: chains.host(byEndpoint.get(governing)!, interfaceName) }];
  });
  return { hosts, wildcard: host.wildcard === undefined ? undefined : chains.host(byEndpoint.get(host.wildcard)!, ANY_INTERFACE) };
}

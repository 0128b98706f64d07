import { isMap, type Data } from '../base/data.js';
import { CalicoError } from '../base/errors.js';
import { formatIp } from '../net/address.js';
import type { DriverContext } from './context.js';
import { deleteEndpoint, readStoredEndpoint, writeEndpoint, type DockerEndpoint } from './endpoint-objects.js';
import { CONTAINER_MAC, joinAnswer, makeInterfaces, removeInterfaces } from './interface.js';
import { labelEndpoint } from './labels.js';
import type { NetworkKeeper } from './networks/keeper.js';
import type { PluginInterface } from './plugin-server.js';
import { address, id, map, maps, text } from './request.js';
import { currentMtu } from './settings.js';

/** How a network says that its addresses are Calico's: the gateway that our IPAM driver answers with. */
const NO_GATEWAY = { IPv4Data: '0.0.0.0/0', IPv6Data: '::/0' } as const;
/** Options that the engine adds by itself. */
const USUAL_OPTIONS: readonly string[] = ['com.docker.network.enable_ipv6', 'com.docker.network.enable_ipv4'];
const OPTION_PREFIX = 'com.docker.network.';

/** Docker's network driver `calico` (reference/libnetwork 4 and 5). */
export function networkDriver(context: DriverContext, networks: NetworkKeeper): PluginInterface {
  return {
    name: 'NetworkDriver',
    methods: {
      // An engine without a store of its own for all hosts knows no network of global scope; who is reached is everybody all the same.
      GetCapabilities: () => ({ Scope: 'local', ConnectivityScope: 'global' }),
      CreateNetwork: createNetwork,
      DeleteNetwork: async (request) => (await networks.removed(id(request, 'NetworkID')), {}),
      AllocateNetwork: () => ({ Options: {} }),
      FreeNetwork: () => ({}),
      CreateEndpoint: (request) => createEndpoint(context, networks, request),
      EndpointOperInfo: () => ({ Value: {} }),
      DeleteEndpoint: (request) => removeEndpoint(context, request),
      Join: (request) => join(context, request),
      Leave: async ({ ...request }) => (await removeInterfaces(context.host, id(request, 'EndpointID')), {}),
      ProgramExternalConnectivity: () => ({}),
      RevokeExternalConnectivity: () => ({}),
      DiscoverNew: () => ({}),
      DiscoverDelete: () => ({}),
    },
  };
}

/** A network is the engine's; all that can be wrong with it is what was asked of it. */
function createNetwork(request: Data): object {
  const asked = Object.entries(map(request, 'Options')).flatMap(([name, value]) => refusedFlags(name, value));
  if (asked.length > 0) throw new CalicoError('invalid-request', `Calico driver does not support the ${asked.length > 1 ? 'flags' : 'flag'} ${asked.join(', ')}.`);
  for (const [family, gateway] of Object.entries(NO_GATEWAY)) {
    if (maps(request, family).some((each) => text(each, 'Gateway') !== gateway)) throw new CalicoError('invalid-request', 'Non-Calico IPAM driver is used');
  }
  return {};
}

/** What was asked for that there is not, as flags of `docker network create`: `--internal`, what is given with `--opt`. */
function refusedFlags(name: string, value: unknown): readonly string[] {
  if (USUAL_OPTIONS.includes(name) || value === false) return [];
  if (isMap(value)) return Object.keys(value).sort();
  return value === true ? [`--${name.replace(OPTION_PREFIX, '')}`] : [`${name} (${String(value)})`];
}

async function createEndpoint(context: DriverContext, networks: NetworkKeeper, request: Data): Promise<object> {
  const { node, settings, withStore, sources } = context;
  const endpointId = id(request, 'EndpointID');
  const given = map(request, 'Interface');
  const addresses = [address(text(given, 'Address')), address(text(given, 'AddressIPv6'))].filter((each) => each !== undefined);
  if (addresses.length === 0) throw new CalicoError('invalid-request', 'No address assigned for endpoint');
  const mac = text(given, 'MacAddress');
  const networkId = id(request, 'NetworkID');
  const network = await networks.nameOf(networkId);
  const endpoint: DockerEndpoint = { id: endpointId, node, network, mac: mac === '' ? CONTAINER_MAC : mac, networks: addresses.map((each) => `${formatIp(each)}/${each.version === 4 ? 32 : 128}`), hasProfile: settings.createProfiles };
  await withStore((store) => writeEndpoint(store, endpoint, sources));
  if (settings.labelEndpoints) void labelEndpoint(context, networkId, endpoint);
  // An address that the user chose is not said again: the engine refuses that.
  return { Interface: mac === '' ? { MacAddress: CONTAINER_MAC } : {} };
}

async function removeEndpoint({ node, withStore, host }: DriverContext, request: Data): Promise<object> {
  const endpoint = id(request, 'EndpointID');
  await withStore((store) => deleteEndpoint(store, node, endpoint));
  await removeInterfaces(host, endpoint);
  return {};
}

async function join({ node, settings, withStore, host }: DriverContext, request: Data): Promise<object> {
  const endpoint = id(request, 'EndpointID');
  const stored = await withStore((store) => readStoredEndpoint(store, node, endpoint));
  if (stored === undefined) throw new CalicoError('missing', `the datastore has no endpoint ${endpoint} on node ${node}`);
  const addresses = stored.addresses.map(address).filter((each) => each !== undefined);
  await makeInterfaces(host, endpoint, { addresses, mtu: await currentMtu(settings) });
  return joinAnswer(endpoint, stored.addresses, settings.interfacePrefix);
}

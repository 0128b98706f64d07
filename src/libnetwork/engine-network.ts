import { isMap, type Data } from '../base/data.js';

/** What a network is on every host; its id is the engine's own on each. */
export interface NetworkSpec {
  readonly name: string;
  /** Pools of Calico that it is confined to, in the order in which they are tried; none for any. */
  readonly subnets: readonly string[];
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** A network of our driver as an engine has it. */
export interface EngineNetwork {
  readonly id: string;
  /** When it was made, as the engine says it. */
  readonly created: string;
  readonly spec: NetworkSpec;
  /** Addresses that are set aside in it (`--aux-address`). */
  readonly reserved: readonly string[];
  readonly endpoints: readonly EngineEndpoint[];
}

/** An endpoint of a network. */
export interface EngineEndpoint {
  readonly id: string;
  /** The container it is in; undefined for one that is being made, or that an engine left behind. */
  readonly container?: string;
  /** Without the lengths of networks. */
  readonly addresses: readonly string[];
}

/** What an engine says of a network to which no subnet was given. */
const ANY = ['0.0.0.0/0', '::/0'];
/** How the engine lists endpoints that are in no container. */
const NO_CONTAINER = 'ep-';
const IPAM_DRIVER = 'calico-ipam';

/** Reads a network as the engine shows it. Fields that an older engine has not count as usual. */
export function readEngineNetwork(shown: Data): EngineNetwork {
  const ipam = isMap(shown['IPAM']) ? shown['IPAM'] : {};
  const configs = Array.isArray(ipam['Config']) ? ipam['Config'].filter(isMap) : [];
  const subnets = configs.flatMap(({ Subnet: subnet }) => (typeof subnet === 'string' && subnet !== '' && !ANY.includes(subnet) ? [subnet] : []));
  const reserved = configs.flatMap(({ AuxiliaryAddresses: auxiliary }) => texts(auxiliary)).map(([, value]) => value);
  const spec = { name: String(shown['Name']), subnets, ipv4: shown['EnableIPv4'] !== false, ipv6: shown['EnableIPv6'] === true, labels: Object.fromEntries(texts(shown['Labels'])) };
  const endpoints = Object.entries(isMap(shown['Containers']) ? shown['Containers'] : {}).map(([container, endpoint]) => readEndpoint(container, isMap(endpoint) ? endpoint : {}));
  return { id: String(shown['Id']), created: String(shown['Created']), spec, reserved, endpoints };
}

function readEndpoint(container: string, { EndpointID: id, IPv4Address: ipv4, IPv6Address: ipv6 }: Data): EngineEndpoint {
  const addresses = [ipv4, ipv6].flatMap((each) => (typeof each === 'string' && each !== '' ? [each.replace(/\/\d+$/, '')] : []));
  return { id: String(id), ...(!container.startsWith(NO_CONTAINER) && { container }), addresses };
}

/** The body of the request that makes a network. Reserved addresses are Calico's already, from the host where the network was made first. */
export function specToCreate({ name, subnets, ipv4, ipv6, labels }: NetworkSpec): object {
  return {
    Name: name, Driver: 'calico', CheckDuplicate: true, EnableIPv6: ipv6, ...(!ipv4 && { EnableIPv4: false }),
    IPAM: { Driver: IPAM_DRIVER, Config: subnets.map((subnet) => ({ Subnet: subnet })) }, Labels: labels,
  };
}

function texts(value: unknown): [string, string][] {
  return Object.entries(isMap(value) ? value : {}).flatMap(([name, each]): [string, string][] => (typeof each === 'string' ? [[name, each]] : []));
}

import { isMap } from '../../base/data.js';
import { listOf } from '../fields/collections.js';
import { describe, field, reportedUnder, type AsStored, type Of } from '../fields/field.js';
import { asNumber } from '../fields/network.js';
import { objectOf } from '../fields/object.js';
import { text } from '../fields/scalars.js';
import type { Column } from '../column.js';
import type { StoredKind, StoredObject } from '../kind.js';
import { plainText } from '../plain-text.js';
import { ipText, interfaceAddress, macText } from './addresses.js';
import { nameColumn } from './columns.js';
import { subdomainProblem } from './names.js';
import { STORED_AS } from './stored-as.js';

const ipv4 = ipText({ version: 4 });
const ipv6 = ipText({ version: 6 });

const bgp = objectOf(
  'the bgp of a Node',
  [
    field('asNumber', asNumber, { write: 'given', goName: 'ASNumber', mistakenFor: ['as', 'asn'] }),
    field('ipv4Address', interfaceAddress(4), { goName: 'IPv4Address', mistakenFor: ['ip', 'ipv4'] }),
    field('ipv6Address', interfaceAddress(6), { goName: 'IPv6Address', mistakenFor: ['ip6', 'ipv6'] }),
    field('ipv4IPIPTunnelAddr', ipv4, { goName: 'IPv4IPIPTunnelAddr' }),
    field('routeReflectorClusterID', ipv4),
  ],
  {
    check(value, path, to) {
      if (Object.keys(value).length > 0 || reportedUnder(path, to)) return;
      to.problems.add('rule', path, 'bgp is empty', { hint: 'give one of its fields, or leave bgp out' });
    },
  },
);

/** How a node speaks BGP. */
export type NodeBgp = Of<typeof bgp>;

const WIREGUARD_KEY = /^[A-Za-z0-9+/]{43}=$/;

const wireguardKey = text({
  name: 'a WireGuard key',
  json: { pattern: WIREGUARD_KEY.source },
  problem: (value) => (WIREGUARD_KEY.test(value) ? undefined : `${describe(value)} is not a WireGuard key: 32 bytes in base64 are expected`),
});

const wireguard = objectOf('the wireguard of a Node', [field('interfaceIPv4Address', ipv4), field('interfaceIPv6Address', ipv6)]);

/** The addresses of a node's WireGuard interface. */
export type NodeWireguard = Of<typeof wireguard>;

const spec = objectOf('the spec of a Node', [
  field('bgp', bgp, { goName: 'BGP' }),
  field('ipv4VXLANTunnelAddr', ipv4, { goName: 'IPv4VXLANTunnelAddr' }),
  field('vxlanTunnelMACAddr', macText, { goName: 'VXLANTunnelMACAddr' }),
  field('ipv6VXLANTunnelAddr', ipv6, { goName: 'IPv6VXLANTunnelAddr' }),
  field('vxlanTunnelMACAddrV6', macText, { goName: 'VXLANTunnelMACAddrV6' }),
  field('orchRefs', listOf(objectOf('a reference to an orchestrator', [field('nodeName', text()), field('orchestrator', text(), { write: 'always' })]))),
  field('wireguard', wireguard),
  field('addresses', listOf(objectOf('an address of a Node', [field('address', text(), { write: 'always' }), field('type', text())]))),
  field('interfaces', listOf(objectOf('an interface of a Node', [field('name', text()), field('addresses', listOf(text()))]))),
]);

/** The spec of a node (reference/storage 3.3). */
export type NodeSpec = Of<typeof spec>;

const status = objectOf('the status of a Node', [
  field('wireguardPublicKey', wireguardKey),
  field('wireguardPublicKeyV6', wireguardKey),
  field('podCIDRs', listOf(text())),
]);

/** How a stored node speaks BGP, where it says so. */
export function bgpOf({ spec: { bgp } }: StoredObject<NodeSpec>): AsStored<NodeBgp> | undefined {
  return isMap(bgp) ? bgp : undefined;
}

/** A node without an AS number of its own has the global one, shown in parentheses (reference/storage 5.3). */
const ASN: Column<StoredObject<NodeSpec>> = {
  heading: 'ASN',
  cell(object, { globalAsNumber }) {
    const own = bgpOf(object);
    return own === undefined ? '' : plainText(own.asNumber, `(${globalAsNumber})`);
  },
};

/** Node: a host of the network (reference/storage 3.3). */
export const node: StoredKind<NodeSpec> = {
  dialect: 'v3',
  ...STORED_AS.Node,
  words: ['node', 'nodes', 'no', 'nos'],
  spec,
  status,
  nameProblem: subdomainProblem,
  columns: {
    ps: [nameColumn],
    wide: [
      nameColumn,
      ASN,
      { heading: 'IPV4', cell: (object) => plainText(bgpOf(object)?.ipv4Address) },
      { heading: 'IPV6', cell: (object) => plainText(bgpOf(object)?.ipv6Address) },
    ],
  },
};

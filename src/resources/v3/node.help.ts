import { varies, type AnyHelps, type HelpOf, type KindHelp } from '../field-help.js';
import { metadataHelp } from './metadata.help.js';
import type { NodeSpec } from './node.js';

const spec: HelpOf<NodeSpec> = {
  bgp: {
    help: 'How the node speaks BGP, and its addresses; without it Calico takes the node for one without BGP.',
    example: { ipv4Address: '10.0.0.5/24' },
    fields: {
      asNumber: ['The AS number of the node.', 64512, varies('the asNumber of the BGPConfiguration "default", else 64512')],
      ipv4Address: ['The IPv4 address of the node, with the length of its subnet.', '10.0.0.5/24'],
      ipv6Address: ['The IPv6 address of the node, with the length of its subnet.', 'fd00::5/64'],
      ipv4IPIPTunnelAddr: ["The address of the node's IPIP tunnel, which Calico assigns.", '10.0.0.64'],
      routeReflectorClusterID: ['Makes the node a route reflector with this cluster id, written like an IPv4 address.', '244.0.0.1', varies('no route reflector')],
    },
  },
  ipv4VXLANTunnelAddr: ["The IPv4 address of the node's VXLAN tunnel, which Calico assigns.", '10.0.0.65'],
  vxlanTunnelMACAddr: ["The MAC address of the node's VXLAN tunnel for IPv4, which Felix reports.", '66:cf:22:df:51:89'],
  ipv6VXLANTunnelAddr: ["The IPv6 address of the node's VXLAN tunnel, which Calico assigns.", 'fd00:10::65'],
  vxlanTunnelMACAddrV6: ["The MAC address of the node's VXLAN tunnel for IPv6, which Felix reports.", '66:cf:22:df:51:8a'],
  orchRefs: {
    help: 'The nodes of orchestrators that this one is.',
    example: [{ nodeName: 'host1', orchestrator: 'k8s' }],
    fields: {
      nodeName: ['What the orchestrator calls the node.', 'host1'],
      orchestrator: ['The orchestrator, such as k8s.', 'k8s'],
    },
  },
  wireguard: {
    help: "The addresses of the node's WireGuard interfaces, which Calico assigns.",
    example: { interfaceIPv4Address: '10.0.0.66' },
    fields: {
      interfaceIPv4Address: ['The address of the WireGuard interface for IPv4.', '10.0.0.66'],
      interfaceIPv6Address: ['The address of the WireGuard interface for IPv6.', 'fd00:10::66'],
    },
  },
  addresses: {
    help: 'All addresses of the node that Calico and the orchestrator know.',
    example: [{ address: '10.0.0.5/24', type: 'CalicoNodeIP' }],
    fields: {
      address: ['The address.', '10.0.0.5/24'],
      type: ['Whose address it is: CalicoNodeIP, InternalIP or ExternalIP.', 'CalicoNodeIP'],
    },
  },
  interfaces: {
    help: 'The interfaces of the node and their addresses.',
    example: [{ name: 'eth0', addresses: ['10.0.0.5/24'] }],
    fields: {
      name: ['The name of the interface.', 'eth0'],
      addresses: ['The addresses of the interface.', ['10.0.0.5/24']],
    },
  },
};

const status: AnyHelps = {
  wireguardPublicKey: ["The node's public WireGuard key for IPv4, in base64.", 'jlkVyQYooZYzI2wFfNhSZez5eWh44yfq1wKVjLvSXgY='],
  wireguardPublicKeyV6: ["The node's public WireGuard key for IPv6, in base64.", 'jlkVyQYooZYzI2wFfNhSZez5eWh44yfq1wKVjLvSXgY='],
  podCIDRs: ['The networks that Kubernetes gave the node for its pods.', ['10.244.1.0/24']],
};

/** Help for Node. */
export const nodeHelp: KindHelp = {
  help: 'A host of the network. Calico makes it when the host starts.',
  example: { metadata: { name: 'host1' }, spec: { bgp: { ipv4Address: '10.0.0.5/24' } } },
  metadata: metadataHelp,
  spec,
  status,
};

import { varies, type HelpOf, type KindHelp } from '../field-help.js';
import type { Of } from '../fields/field.js';
import type { node } from './node.js';

const metadata: HelpOf<Of<typeof node.metadata>> = { name: ['The name of the node, as a rule that of the host.', 'host1'] };

const spec: HelpOf<Of<typeof node.spec>> = {
  bgp: {
    help: 'How the node speaks BGP; it needs an address.',
    example: { ipv4Address: '10.0.0.5/24' },
    fields: {
      asNumber: ['The AS number of the node.', 64512, varies('the global one, 64512 unless it is set')],
      ipv4Address: ['The IPv4 address of the node, with the length of its subnet.', '10.0.0.5/24'],
      ipv6Address: ['The IPv6 address of the node, with the length of its subnet.', 'fd00::5/64'],
    },
  },
  orchRefs: {
    help: 'The nodes of orchestrators that this one is.',
    example: [{ nodeName: 'host1', orchestrator: 'k8s' }],
    fields: {
      nodeName: ['What the orchestrator calls the node.', 'host1'],
      orchestrator: ['The orchestrator, such as k8s.', 'k8s'],
    },
  },
};

/** Help for node. */
export const nodeHelp: KindHelp = {
  help: 'A host of the network. Calico makes it when the host starts.',
  example: { metadata: { name: 'host1' }, spec: { bgp: { ipv4Address: '10.0.0.5/24' } } },
  metadata,
  spec,
};

import { varies, type HelpOf, type KindHelp } from '../field-help.js';
import type { Of } from '../fields/field.js';
import type { hostEndpoint } from './host-endpoint.js';

const metadata: HelpOf<Of<typeof hostEndpoint.metadata>> = {
  name: ['The name of the endpoint, one of its kind on the node.', 'eth0'],
  node: ['The node that the interface belongs to.', 'host1'],
  labels: ['Labels, by which policies choose the endpoint.', { role: 'gateway' }],
};

const spec: HelpOf<Of<typeof hostEndpoint.spec>> = {
  interfaceName: ['The name of the interface; "*" stands for all of the host, without those of workloads.', 'eth0', varies('the interface that has one of the expectedIPs')],
  expectedIPs: ['Addresses of the interface, by which it is found, and for which selectors stand in the rules of others.', ['10.0.0.5']],
  profiles: ['Names of the profiles of the endpoint, which count where no policy decides.', ['host-default']],
};

/** Help for hostEndpoint. */
export const hostEndpointHelp: KindHelp = {
  help: 'An interface of a host, or all of them, to which policies apply; identified by node and name.',
  example: { metadata: { name: 'eth0', node: 'host1', labels: { role: 'gateway' } }, spec: { interfaceName: 'eth0', expectedIPs: ['10.0.0.5'] } },
  metadata,
  spec,
};

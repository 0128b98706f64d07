import { varies, type HelpOf, type KindHelp } from '../field-help.js';
import type { HostEndpointSpec } from './host-endpoint.js';
import { metadataHelp } from './metadata.help.js';
import { portHelp } from './ports.help.js';

const spec: HelpOf<HostEndpointSpec> = {
  node: ['The node that the interface belongs to.', 'host1'],
  interfaceName: ['The name of the interface; "*" stands for all of the host, without those of workloads.', 'eth0', varies('the interface that has one of the expectedIPs')],
  expectedIPs: ['Addresses of the interface, by which it is found, and for which selectors stand in the rules of others.', ['10.0.0.5']],
  profiles: ['Names of the profiles of the endpoint, which count where no policy decides.', ['host-default']],
  ports: { help: 'Names for ports of the host, which rules may use.', example: [{ name: 'http', protocol: 'TCP', port: 8080 }], fields: portHelp },
};

/** Help for HostEndpoint. */
export const hostEndpointHelp: KindHelp = {
  help: 'An interface of a host, or all of them, to which policies apply.',
  example: { metadata: { name: 'host1-eth0', labels: { role: 'gateway' } }, spec: { node: 'host1', interfaceName: 'eth0', expectedIPs: ['10.0.0.5'] } },
  metadata: metadataHelp,
  spec,
};

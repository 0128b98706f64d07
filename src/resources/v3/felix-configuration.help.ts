import type { HelpOf, KindHelp } from '../field-help.js';
import { bpfHelp } from './felix-bpf.help.js';
import type { FelixConfigurationSpec } from './felix-configuration.js';
import { hostHelp } from './felix-host.help.js';
import { networkHelp } from './felix-network.help.js';
import { routeHelp } from './felix-routes.help.js';
import { metadataHelp } from './metadata.help.js';

const spec: HelpOf<FelixConfigurationSpec> = { ...hostHelp, ...networkHelp, ...bpfHelp, ...routeHelp };

/** Help for FelixConfiguration. */
export const felixConfigurationHelp: KindHelp = {
  help: 'Settings of Felix, which programs the kernel: for the cluster ("default"), for one node ("node.NAME"), or for the nodes that nodeSelector chooses.',
  example: { metadata: { name: 'default' }, spec: { logSeverityScreen: 'Info', reportingInterval: '30s' } },
  metadata: metadataHelp,
  spec,
};

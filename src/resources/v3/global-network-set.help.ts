import type { KindHelp } from '../field-help.js';
import { metadataHelp } from './metadata.help.js';
import { networkSetSpecHelp } from './network-set-spec.help.js';

/** Help for GlobalNetworkSet. */
export const globalNetworkSetHelp: KindHelp = {
  help: 'Networks with labels, for the selectors of rules in policies of any namespace.',
  example: { metadata: { name: 'partners', labels: { role: 'partner' } }, spec: { nets: ['192.0.2.0/24'] } },
  metadata: metadataHelp,
  spec: networkSetSpecHelp,
};

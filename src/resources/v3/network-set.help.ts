import type { KindHelp } from '../field-help.js';
import { metadataHelp } from './metadata.help.js';
import { networkSetSpecHelp } from './network-set-spec.help.js';

/** Help for NetworkSet. */
export const networkSetHelp: KindHelp = {
  help: 'Networks with labels, for the selectors of rules in the policies of a namespace.',
  example: { metadata: { name: 'partners', namespace: 'production', labels: { role: 'partner' } }, spec: { nets: ['192.0.2.0/24'] } },
  metadata: metadataHelp,
  spec: networkSetSpecHelp,
};

import type { HelpOf } from '../field-help.js';
import type { NetworkSetSpec } from './network-set-spec.js';

/** Help for the spec of network sets. */
export const networkSetSpecHelp: HelpOf<NetworkSetSpec> = {
  nets: ['The networks and addresses of the set; rules choose the set by its labels.', ['192.0.2.0/24', '203.0.113.7']],
};

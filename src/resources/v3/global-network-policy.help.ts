import type { KindHelp } from '../field-help.js';
import { metadataHelp } from './metadata.help.js';
import { globalPolicyHelp } from './policy.help.js';
import { RULES } from './rules.help.js';

/** Help for GlobalNetworkPolicy. */
export const globalNetworkPolicyHelp: KindHelp = {
  help: 'Rules for the traffic of endpoints in any namespace or none, workloads and hosts alike.',
  example: { metadata: { name: 'allow-https' }, spec: { order: 100, selector: "role == 'web'", types: ['Ingress'], ingress: RULES } },
  metadata: metadataHelp,
  spec: globalPolicyHelp,
};

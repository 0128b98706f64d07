import type { KindHelp } from '../field-help.js';
import { metadataHelp } from './metadata.help.js';
import { namespacedPolicyHelp } from './policy.help.js';
import { RULES } from './rules.help.js';

/** Help for NetworkPolicy. */
export const networkPolicyHelp: KindHelp = {
  help: 'Rules for the traffic of the workloads of one namespace.',
  example: { metadata: { name: 'allow-https', namespace: 'production' }, spec: { order: 100, selector: "role == 'web'", types: ['Ingress'], ingress: RULES } },
  metadata: metadataHelp,
  spec: namespacedPolicyHelp,
};

import type { KindHelp } from '../field-help.js';
import { networkPolicyHelp } from './network-policy.help.js';
import { namespacedPolicyHelp } from './policy.help.js';
import { stagedActionHelp } from './staged-policy.help.js';

/** Help for StagedNetworkPolicy. */
export const stagedNetworkPolicyHelp: KindHelp = {
  ...networkPolicyHelp,
  help: 'A NetworkPolicy that flow logs report on and that is not enforced yet.',
  spec: { stagedAction: stagedActionHelp, ...namespacedPolicyHelp },
};

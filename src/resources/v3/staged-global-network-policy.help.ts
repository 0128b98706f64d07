import type { KindHelp } from '../field-help.js';
import { globalNetworkPolicyHelp } from './global-network-policy.help.js';
import { globalPolicyHelp } from './policy.help.js';
import { stagedActionHelp } from './staged-policy.help.js';

/** Help for StagedGlobalNetworkPolicy. */
export const stagedGlobalNetworkPolicyHelp: KindHelp = {
  ...globalNetworkPolicyHelp,
  help: 'A GlobalNetworkPolicy that flow logs report on and that is not enforced yet.',
  spec: { stagedAction: stagedActionHelp, ...globalPolicyHelp },
};

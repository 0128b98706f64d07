import { varies, type HelpOf } from '../field-help.js';
import type { PolicySpec } from './policy.js';
import { directionsHelp } from './rules.help.js';

type GlobalOnly = 'doNotTrack' | 'preDNAT' | 'applyOnForward' | 'namespaceSelector';

/** Help for policies of a namespace. */
export const namespacedPolicyHelp: HelpOf<Omit<PolicySpec, GlobalOnly>> = {
  tier: ['The tier that the policy belongs to; it has to exist.', 'default'],
  order: ['Where among the policies of its tier the policy stands: lower ones first, those of equal order by name.', 100, varies('after all that have one')],
  ...directionsHelp,
  selector: ['Chooses the endpoints that the policy is for, by their labels.', "role == 'web'", varies('all endpoints')],
  types: ['For which directions the policy is: where none of its rules fits, packets of these are denied.', ['Ingress', 'Egress'], varies('follows from the rules given: Ingress, Egress or both')],
  serviceAccountSelector: ['Limits the policy to workloads whose Kubernetes service account has these labels.', "team == 'web'", varies('all')],
  performanceHints: ['Hints for Felix: AssumeNeededOnEveryNode has it prepare the policy before an endpoint needs it.', ['AssumeNeededOnEveryNode'], varies('none')],
};

/** Help for global policies. */
export const globalPolicyHelp: HelpOf<PolicySpec> = {
  ...namespacedPolicyHelp,
  doNotTrack: ['Whether the rules of host endpoints are applied before connection tracking, to packets of either direction by themselves; it needs applyOnForward.', true, false],
  preDNAT: ['Whether the ingress rules of host endpoints are applied before addresses of services are translated; it needs applyOnForward.', true, false],
  applyOnForward: ['Whether the rules of host endpoints count for packets that the host forwards as well.', true, false],
  namespaceSelector: ['Limits the policy to workloads in namespaces with these labels.', "environment == 'production'", varies('all')],
};

import { varies, type HelpOf, type KindHelp } from '../field-help.js';
import type { Of } from '../fields/field.js';
import type { policy } from './policy.js';
import { directionsHelp, RULES } from './rules.help.js';

const metadata: HelpOf<Of<typeof policy.metadata>> = {
  name: ['The name of the policy.', 'allow-https'],
  annotations: ['Notes for people and programs.', { owner: 'team-network' }],
};

const spec: HelpOf<Of<typeof policy.spec>> = {
  order: ['Where among the policies this one stands: lower ones first, those of equal order by name.', 100, varies('after all that have one')],
  ...directionsHelp,
  selector: ['Chooses the endpoints that the policy is for, by their labels.', "role == 'web'", varies('all endpoints')],
  doNotTrack: ['Whether the rules of host endpoints are applied before connection tracking, to packets of either direction by themselves.', true, false],
  preDNAT: ['Whether the ingress rules of host endpoints are applied before addresses are translated; not beside egress rules.', true, false],
  types: ['For which directions the policy is: where none of its rules fits, packets of these are denied.', ['ingress', 'egress'], varies('follows from the rules given: ingress, egress or both')],
};

/** Help for policy. */
export const policyHelp: KindHelp = {
  help: 'Rules for the traffic of the endpoints that a selector chooses; stored as a GlobalNetworkPolicy.',
  example: { metadata: { name: 'allow-https' }, spec: { order: 100, selector: "role == 'web'", types: ['ingress'], ingress: RULES } },
  metadata,
  spec,
};

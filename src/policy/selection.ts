import { isMap } from '../base/data.js';
import type { StoredObject } from '../resources/kind.js';
import type { PolicySpec } from '../resources/v3/policy.js';
import { stagedKubernetesNetworkPolicy } from '../resources/v3/staged-kubernetes-network-policy.js';
import { matches } from '../selector/matches.js';
import type { Selector } from '../selector/selector.js';
import type { Labels } from './effective-labels.js';
import { policySelector, sideObjects } from './effective-selector.js';
import { podSelector } from './pod-selector.js';

/** Which endpoints a policy is for. */
export interface PolicySelection {
  /** Whether it selects an endpoint that has these labels in truth (effective-labels.ts). */
  selects(labels: Labels): boolean;
  /** Whether one of its rules names by labels something that has these. */
  rulesMatch(labels: Labels): boolean;
}

/** Which endpoints a stored policy is for; of one of Kubernetes its podSelector says it. */
export function endpointsOf({ kind, metadata: { namespace }, spec }: StoredObject): Selector {
  return kind === stagedKubernetesNetworkPolicy.kind ? podSelector(spec['podSelector'], namespace) : policySelector(spec, namespace);
}

/**
 * Reads the selectors of a policy as Felix does (effective-selector.ts); of one of Kubernetes its podSelector. Rules of Kubernetes
 * name pods, which are no network sets.
 */
export function selectionOf(policy: StoredObject<PolicySpec>): PolicySelection {
  const own = endpointsOf(policy);
  const rules = ruleSelectors(policy.spec, policy.metadata.namespace);
  return {
    selects: (labels) => matches(own, labels),
    rulesMatch: (labels) => rules.some((selector) => matches(selector, labels)),
  };
}

function ruleSelectors({ ingress, egress }: StoredObject<PolicySpec>['spec'], namespace: string | undefined): readonly Selector[] {
  const rules = [ingress, egress].flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : [])).filter(isMap);
  const sides = rules.flatMap(({ source, destination }) => [source, destination]).filter(isMap);
  return sides.flatMap((side) => sideObjects(side, namespace).selector ?? []);
}

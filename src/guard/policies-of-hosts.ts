import { effectiveLabels, ProfileLabels, type Labels } from '../policy/effective-labels.js';
import { policySelector } from '../policy/effective-selector.js';
import type { StoredObject } from '../resources/kind.js';
import { globalNetworkPolicy } from '../resources/v3/global-network-policy.js';
import { hostEndpoint } from '../resources/v3/host-endpoint.js';
import { profile } from '../resources/v3/profile.js';
import { matches } from '../selector/matches.js';
import type { NetworkChange } from './change.js';

/** The same change without the policies that select no host endpoint, before or after it: most are about workloads, and there may be thousands. */
export function policiesOfHosts({ before, after }: NetworkChange): NetworkChange {
  const labels = [...labelsOfEndpoints(before), ...labelsOfEndpoints(after)];
  const known = new Map<string, boolean>();
  const isKept = ({ kind, spec }: StoredObject): boolean => {
    if (kind !== globalNetworkPolicy.kind) return true;
    const text = JSON.stringify([spec['selector'], spec['namespaceSelector'], spec['serviceAccountSelector']]);
    let kept = known.get(text);
    if (kept === undefined) {
      const selector = policySelector(spec, undefined);
      known.set(text, (kept = labels.some((each) => matches(selector, each))));
    }
    return kept;
  };
  return { before: before.filter(isKept), after: after.filter(isKept) };
}

/** Each set of labels once: most hosts have the same ones. */
function labelsOfEndpoints(resources: readonly StoredObject[]): Iterable<Labels> {
  const profiles = new ProfileLabels(resources.filter(({ kind }) => kind === profile.kind));
  const found = resources.filter(({ kind }) => kind === hostEndpoint.kind).map((endpoint) => effectiveLabels(endpoint, profiles));
  return new Map(found.map((labels) => [JSON.stringify(Object.entries(labels).sort()), labels])).values();
}

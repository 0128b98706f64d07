import { effectiveLabels, ProfileLabels, type Labels } from '../policy/effective-labels.js';
import { readSelector } from '../policy/effective-selector.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { globalNetworkSet } from '../resources/v3/global-network-set.js';
import { hostEndpoint } from '../resources/v3/host-endpoint.js';
import { networkSet } from '../resources/v3/network-set.js';
import { profile } from '../resources/v3/profile.js';
import { workloadEndpoint } from '../resources/v3/workload-endpoint.js';
import { matches } from '../selector/matches.js';
import { reasonsOf } from '../selector/reasons.js';
import type { Selector } from '../selector/selector.js';
import { engineId } from './directory.js';
import { labelOrigins, type LabelOrigin } from './labels.js';

const SELECTED: readonly StoredKind[] = [workloadEndpoint, hostEndpoint, globalNetworkSet, networkSet];

/** What has to be read to evaluate a selector. */
export const SELECTOR_KINDS: readonly StoredKind[] = [...SELECTED, profile];

/** An endpoint or a set that a selector matches. */
export interface Matched {
  readonly id: string;
  readonly labels: Labels;
  /** The labels that decided, with where they come from. */
  readonly because: readonly LabelOrigin[];
}

/** What a selector came to. */
export interface Evaluated {
  readonly selector: Selector;
  readonly matched: readonly Matched[];
  /** How many there are in all. */
  readonly of: number;
}

/** The endpoints and network sets that a selector matches in a rule of a global policy, by the labels that they have in truth, in the order of the resources. */
export function evaluated(text: string, resources: readonly StoredObject[]): Evaluated {
  // In a rule a selector without text is none, and does not limit it.
  const selector = readSelector(text) ?? { kind: 'all' };
  const profiles = new ProfileLabels(resources.filter(({ kind }) => kind === profile.kind));
  const objects = resources.filter(({ kind }) => SELECTED.some((each) => each.kind === kind));
  const matched = objects.flatMap((object) => {
    const labels = effectiveLabels(object, profiles);
    return matches(selector, labels) ? [{ id: engineId(object)!, labels, because: deciding(selector, labels, labelOrigins(object, labels, profiles)) }] : [];
  });
  return { selector, matched, of: objects.length };
}

function deciding(selector: Selector, labels: Labels, origins: readonly LabelOrigin[]): readonly LabelOrigin[] {
  const asked = reasonsOf(selector, labels).flatMap(({ condition }) => ('label' in condition ? condition.label : []));
  return origins.filter(({ key }) => asked.includes(key));
}

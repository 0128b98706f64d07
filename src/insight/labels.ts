import type { ProfileLabels, Labels } from '../policy/effective-labels.js';
import { ACCOUNT_LABEL, NAMESPACE_LABEL } from '../resources/field-labels.js';
import type { StoredObject } from '../resources/kind.js';

/** A label that selectors see, and where it comes from. */
export interface LabelOrigin {
  readonly key: string;
  readonly value: string;
  /** `own`, a field of the resource, or the profile that gives it. */
  readonly from: { readonly kind: 'own' } | { readonly kind: 'field'; readonly field: string } | { readonly kind: 'profile'; readonly name: string };
}

/** Where each of an object's effective labels comes from (effective-labels.ts), sorted by key. */
export function labelOrigins(object: StoredObject, labels: Labels, profiles: ProfileLabels): readonly LabelOrigin[] {
  return Object.keys(labels).sort().map((key) => ({ key, value: labels[key]!, from: originOf(object, key, labels[key]!, profiles) }));
}

function originOf({ kind, metadata, spec }: StoredObject, key: string, value: string, profiles: ProfileLabels): LabelOrigin['from'] {
  if (kind === 'WorkloadEndpoint' && key === ACCOUNT_LABEL && spec['serviceAccountName'] === value) return { kind: 'field', field: 'spec.serviceAccountName' };
  if (kind === 'NetworkSet' && key === NAMESPACE_LABEL) return { kind: 'field', field: 'metadata.namespace' };
  // The own label counts, except of workloads those that only profiles may give: those of equal value are told as own.
  const own = metadata.labels?.[key];
  if (own === value && !(kind === 'WorkloadEndpoint' && /^(?:pcns|pcsa)\./.test(key))) return { kind: 'own' };
  const parents = kind === 'NetworkSet' ? [`kns.${metadata.namespace ?? ''}`] : Array.isArray(spec['profiles']) ? spec['profiles'].map(String) : [];
  const name = parents.find((each) => profiles.of(each)?.[key] !== undefined);
  return name === undefined ? { kind: 'own' } : { kind: 'profile', name };
}

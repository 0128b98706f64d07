import { isMap } from '../../base/data.js';
import { goJsonString, sortKeys } from '../../go/json.js';
import type { StoredKind, StoredObject } from '../kind.js';
import { DEFAULT_TIER } from './policy.js';

/** The label by which the policies of a tier are found (reference/storage 1.5). */
export const TIER_LABEL = 'projectcalico.org/tier';

/** The labels of policies that Calico makes of fields. */
export const POLICY_LABELS: NonNullable<StoredKind['fieldLabels']> = { [TIER_LABEL]: 'spec.tier' };

/** The annotation in which Calico keeps the name that a policy has for its users (reference/storage 1.5). */
export const NAME_ANNOTATION = 'projectcalico.org/metadata';

const LEGACY_PREFIX = `${DEFAULT_TIER}.`;

/** What storing a policy adds: the label of its tier and its name once more; and what reading takes away. */
export const policyStorage: NonNullable<StoredKind['storage']> = {
  toStore(object) {
    const { labels, annotations, ...metadata } = object.metadata;
    object.metadata = {
      ...metadata,
      name: object.metadata.name,
      labels: sortKeys({ ...labels, [TIER_LABEL]: tierOf(object) }),
      annotations: sortKeys({ ...annotations, [NAME_ANNOTATION]: `{"name":${goJsonString(object.metadata.name)}}` }),
    };
  },
  fromStore(object) {
    const { labels, annotations = {}, ...metadata } = object.metadata;
    const { [NAME_ANNOTATION]: recorded, ...others } = annotations;
    object.metadata = {
      ...metadata,
      name: recorded === undefined ? withoutLegacyPrefix(object) : (recordedName(recorded) ?? object.metadata.name),
      labels: labels?.[TIER_LABEL] === undefined ? sortKeys({ ...labels, [TIER_LABEL]: tierOf(object) }) : labels,
      ...(Object.keys(others).length > 0 ? { annotations: others } : {}),
    };
  },
};

function tierOf({ spec: { tier } }: StoredObject): string {
  return (tier as string | undefined) ?? DEFAULT_TIER;
}

/** The name of a policy stored before 3.30, as its users know it. */
function withoutLegacyPrefix(object: StoredObject): string {
  const { name } = object.metadata;
  return tierOf(object) === DEFAULT_TIER && name.startsWith(LEGACY_PREFIX) ? name.slice(LEGACY_PREFIX.length) : name;
}

/** The name in the annotation, or undefined where somebody wrote something else there. */
function recordedName(annotation: string): string | undefined {
  try {
    const recorded: unknown = JSON.parse(annotation);
    return isMap(recorded) && typeof recorded['name'] === 'string' && recorded['name'] !== '' ? recorded['name'] : undefined;
  } catch {
    return undefined;
  }
}

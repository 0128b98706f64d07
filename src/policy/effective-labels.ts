import { isMap } from '../base/data.js';
import { givesLabels } from './accepted.js';
import { ACCOUNT_LABEL, NAMESPACE_LABEL } from '../resources/field-labels.js';
import type { AsStored } from '../resources/fields/field.js';
import type { StoredObject } from '../resources/kind.js';
import type { HostEndpointSpec } from '../resources/v3/host-endpoint.js';
import type { ProfileSpec } from '../resources/v3/profile.js';
import type { WorkloadEndpointSpec } from '../resources/v3/workload-endpoint.js';

/** Labels by key. A map without a prototype, so that a label may have any key. */
export type Labels = Readonly<Record<string, string>>;

/** What only the profile of a namespace or of a service account can say of a workload. */
const FROM_PROFILES_ONLY = /^(?:pcns|pcsa)\./;

/** The labels that profiles give to the endpoints that name them (`labelsToApply`), by the names of the profiles. */
export class ProfileLabels {
  private readonly byName = new Map<string, StoredObject<ProfileSpec>>();
  private readonly labels = new Map<string, Labels>();

  /** Takes profiles as they are stored. */
  constructor(profiles: Iterable<StoredObject> = []) {
    for (const profile of profiles) this.set(profile);
  }

  /** Takes a profile, instead of the one of the same name. */
  set(profile: StoredObject<ProfileSpec>): void {
    this.byName.set(profile.metadata.name, profile);
    this.labels.delete(profile.metadata.name);
  }

  delete(name: string): void {
    this.byName.delete(name);
    this.labels.delete(name);
  }

  /** The labels that a profile gives; undefined where there is none of the name that Felix takes, which gives none. */
  of(name: string): Labels | undefined {
    const known = this.labels.get(name);
    const profile = this.byName.get(name);
    if (known !== undefined || profile === undefined) return known;
    const labels = givesLabels(profile) ? labelsIn(profile.spec.labelsToApply) : labelsIn(undefined);
    this.labels.set(name, labels);
    return labels;
  }
}

/** Whether objects of a stored kind get labels from profiles. */
export function inheritsLabels(kind: string): boolean {
  return kind === 'WorkloadEndpoint' || kind === 'HostEndpoint' || kind === 'NetworkSet';
}

/**
 * The labels that an object has for selectors, as Felix 3.32 computes them: its own, then those of its profiles in their order,
 * the first that has a key. Profiles that do not exist give nothing. A workload cannot claim labels of namespaces and service
 * accounts (`pcns.`, `pcsa.`), and has one for its `serviceAccountName`; a NetworkSet has that of its namespace and those of
 * the profile `kns.NAMESPACE`. The labels of a workload's namespace and orchestrator are stored ones: nothing computes them.
 */
export function effectiveLabels(object: StoredObject, profiles: ProfileLabels): Labels {
  const labels = labelsIn(object.metadata.labels, object.kind === 'WorkloadEndpoint' ? (key) => !FROM_PROFILES_ONLY.test(key) : undefined);
  const { namespace } = object.metadata;
  switch (object.kind) {
    case 'WorkloadEndpoint': {
      const { serviceAccountName: account, profiles: parents }: AsStored<WorkloadEndpointSpec> = object.spec;
      if (typeof account === 'string' && account !== '') labels[ACCOUNT_LABEL] = account;
      return withInherited(labels, parents, profiles);
    }
    case 'HostEndpoint': {
      const { profiles: parents }: AsStored<HostEndpointSpec> = object.spec;
      return withInherited(labels, parents, profiles);
    }
    case 'NetworkSet':
      if (namespace === undefined) return labels;
      labels[NAMESPACE_LABEL] = namespace;
      return withInherited(labels, [`kns.${namespace}`], profiles);
    default:
      return labels;
  }
}

function withInherited(labels: Record<string, string>, parents: unknown, profiles: ProfileLabels): Labels {
  if (!Array.isArray(parents)) return labels;
  for (const parent of parents as readonly unknown[]) {
    const given = typeof parent === 'string' ? profiles.of(parent) : undefined;
    for (const key in given) labels[key] ??= given[key] as string;
  }
  return labels;
}

/** A copy of what is stored as labels; what is no text is none. */
function labelsIn(stored: unknown, isKept?: (key: string) => boolean): Record<string, string> {
  const labels = Object.create(null) as Record<string, string>;
  if (!isMap(stored)) return labels;
  for (const key of Object.keys(stored)) {
    const value = stored[key];
    if (typeof value === 'string' && (isKept === undefined || isKept(key))) labels[key] = value;
  }
  return labels;
}

import { matches } from '../selector/matches.js';
import type { Selector } from '../selector/selector.js';
import { classicOf } from '../resources/registry.js';
import { prefixOf } from '../resources/keys.js';
import type { Kind, StoredObject } from '../resources/kind.js';
import { decodeStored, isCorrupt, type StoredEntry } from '../resources/stored-value.js';
import { profile } from '../resources/v3/profile.js';
import { effectiveLabels, inheritsLabels, ProfileLabels, type Labels } from './effective-labels.js';

/** The prefix of the keys that `readProfiles` wants the entries of. */
export const PROFILES_PREFIX = prefixOf(profile);

/** The labels that stored profiles give. One that cannot be read gives none, as for Felix. */
export function readProfiles(entries: Iterable<StoredEntry>): ProfileLabels {
  const profiles = new ProfileLabels();
  for (const entry of entries) {
    const object = decodeStored(profile, entry);
    if (!isCorrupt(object)) profiles.set(object);
  }
  return profiles;
}

/** Chooses resources by their labels: of endpoints and network sets those they have in truth, of all others their own. */
export class LabelFilter {
  constructor(
    private readonly selector: Selector,
    private profiles = new ProfileLabels(),
  ) {}

  /** Takes the profiles as of which it decides from now on. */
  setProfiles(profiles: ProfileLabels): void {
    this.profiles = profiles;
  }

  /** Whether it has to know the profiles to decide about resources of the kind. */
  needsProfiles(kind: Kind): boolean {
    return inheritsLabels(kind.dialect === 'v1' ? kind.stored.kind : kind.kind);
  }

  /** Whether the selector is true for a resource that is shown as one of `kind`. */
  accepts(kind: Kind, object: StoredObject): boolean {
    return matches(this.selector, this.labelsOf(kind, object));
  }

  /** The labels of a classic profile are those it gives to endpoints. */
  private labelsOf(kind: Kind, object: StoredObject): Labels {
    const labels = effectiveLabels(object, this.profiles);
    if (kind.dialect === 'v3' || kind !== classicOf(profile)) return labels;
    return Object.assign(Object.create(null) as Record<string, string>, labels, new ProfileLabels([object]).of(object.metadata.name));
  }
}

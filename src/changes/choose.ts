import { PROFILES_PREFIX, readProfiles, type LabelFilter } from '../policy/label-filter.js';
import { prefixOf } from '../resources/keys.js';
import type { ClassicDocument, Kind, StoredObject } from '../resources/kind.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { classicIdentityTarget, storedTarget, type Target } from '../objects/target.js';
import { matchesIdentity, storedKindOf, viewObject } from '../objects/view.js';
import type { Choice, Chosen } from './amend.js';
import { readOnlyReason } from './plan.js';
import type { Needs, World } from './world.js';

/** Which resources of a kind are meant. */
export interface Wanted {
  readonly kind: Kind;
  /** The namespace they are in; undefined for all. */
  readonly namespace?: string | undefined;
  /** Classic metadata with which theirs agree; what is missing matches anything. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly labels?: LabelFilter | undefined;
}

/** All resources that are as wanted, but for those that nobody may change: one that cannot be read is chosen, and will be refused. */
export function allOf(wanted: Wanted): Choice {
  const stored = storedKindOf(wanted.kind);
  const prefix = prefixOf(stored, wanted.namespace);
  return {
    needs(needs: Needs): void {
      needs.prefix(prefix);
      if (wanted.labels?.needsProfiles(wanted.kind) === true) needs.prefix(PROFILES_PREFIX);
    },
    chosen(world: World): readonly Chosen[] {
      wanted.labels?.setProfiles(readProfiles(world.below(PROFILES_PREFIX)));
      return [...world.below(prefix)].flatMap((entry): readonly Chosen[] => {
        const object = decodeStored(stored, entry);
        if (isCorrupt(object)) return [{ target: nameless(wanted.kind, entry.key), found: { entry, object: { kind: stored.kind, apiVersion: 'projectcalico.org/v3', metadata: { name: entry.key }, spec: {} } } }];
        if (!isWanted(wanted, object)) return [];
        const target = targetOf(wanted.kind, object);
        return readOnlyReason(target, 'replace') === undefined ? [{ target, found: { entry, object } }] : [];
      });
    },
  };
}

function isWanted({ kind, metadata, labels }: Wanted, object: StoredObject): boolean {
  if (kind.dialect === 'v1' && metadata !== undefined && !matchesIdentity(kind, viewObject(kind, object, 'rows'), metadata)) return false;
  return labels?.accepts(kind, object) !== false;
}

function targetOf(kind: Kind, object: StoredObject): Target {
  if (kind.dialect === 'v1') return classicIdentityTarget(kind, (viewObject(kind, object, 'rows').row as ClassicDocument).metadata);
  const { name, namespace } = object.metadata;
  return storedTarget(kind, { kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, spec: {} });
}

/** What stands under a key and cannot be read: nobody knows what it is about. */
function nameless(kind: Kind, key: string): Target {
  return storedTarget(storedKindOf(kind), { kind: storedKindOf(kind).kind, apiVersion: 'projectcalico.org/v3', metadata: { name: key }, spec: {} });
}

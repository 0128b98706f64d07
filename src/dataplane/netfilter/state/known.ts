import type { StoredObject } from '../../../resources/kind.js';
import { ProfileLabels } from '../../../policy/effective-labels.js';
import { knownObject, type Endpoint, type KnownObject } from '../../../policy/known-objects.js';
import type { ObjectsByKind } from '../../input.js';
import { ObjectList } from './changed-objects.js';

const KNOWN_KINDS = ['WorkloadEndpoint', 'HostEndpoint', 'GlobalNetworkSet', 'NetworkSet'] as const;

/** An endpoint or network set, and what is stored of it. */
export interface Known {
  readonly known: KnownObject | Endpoint;
  readonly object: StoredObject;
}

/** Objects that came and went; one that is another now is in both. */
export interface ChangedKnown {
  readonly added: readonly Known[];
  readonly removed: readonly Known[];
}

/** Groups are for asking many objects at once; here each is asked by itself. */
const UNGROUPED = { groupOf: () => 0 };

/** Endpoints and network sets with the labels that they have in truth, made anew only where they or their profiles changed. */
export class KnownObjects {
  private readonly lists = KNOWN_KINDS.map((kind) => ({ kind, list: new ObjectList() }));
  private readonly profiles = new ProfileLabels();
  private readonly profileList = new ObjectList();
  private readonly known = new Map<StoredObject, Known>();
  /** The objects that have labels of each profile, if there is such a profile. */
  private readonly heirs = new Map<string, Set<StoredObject>>();

  /** @param isTaken says of an object whether it counts */
  constructor(private readonly isTaken: (object: StoredObject) => boolean) {}

  /** Takes the next objects. */
  take(objects: ObjectsByKind): ChangedKnown {
    const added: Known[] = [];
    const removed: Known[] = [];
    const drop = (object: StoredObject): void => {
      const known = this.known.get(object);
      if (known === undefined) return;
      this.known.delete(object);
      removed.push(known);
    };
    const relabelled = this.takeProfiles(objects);
    const changes = this.lists.map(({ kind, list }) => list.take(objects.get(kind)));
    for (const object of changes.flatMap((each) => each.removed)) {
      drop(object);
      for (const name of parentsOf(object)) this.heirs.get(name)?.delete(object);
    }
    const next = new Set(changes.flatMap((each) => each.added));
    for (const object of next) for (const name of parentsOf(object)) this.heirs.set(name, (this.heirs.get(name) ?? new Set()).add(object));
    for (const name of relabelled) for (const object of this.heirs.get(name) ?? []) next.add(object);
    for (const object of next) {
      drop(object);
      const known = this.isTaken(object) ? knownObject(object, this.profiles, UNGROUPED) : undefined;
      if (known === undefined) continue;
      const both = { known, object };
      this.known.set(object, both);
      added.push(both);
    }
    return { added, removed };
  }

  /** The names of profiles whose labels may be others now. */
  private takeProfiles(objects: ObjectsByKind): ReadonlySet<string> {
    const { added, removed } = this.profileList.take(objects.get('Profile'));
    const names = new Set<string>();
    for (const { metadata: { name } } of removed) {
      this.profiles.delete(name);
      names.add(name);
    }
    for (const object of added) {
      this.profiles.set(object);
      names.add(object.metadata.name);
    }
    return names;
  }
}

function parentsOf({ kind, metadata: { namespace }, spec }: StoredObject): readonly string[] {
  if (kind === 'NetworkSet') return namespace === undefined ? [] : [`kns.${namespace}`];
  const { profiles } = spec;
  return Array.isArray(profiles) ? profiles.filter((name) => typeof name === 'string') : [];
}

import type { Entry, Store } from '../datastore/store.js';
import type { View } from '../objects/view.js';
import { PROFILES_PREFIX, readProfiles, type LabelFilter } from '../policy/label-filter.js';
import type { FieldTest } from './fields.js';
import type { Kind, StoredObject } from '../resources/kind.js';

/** Which of the resources of a selection are wanted. */
export class Filter {
  private preparedAt: string | undefined;

  constructor(
    private readonly labels: LabelFilter | undefined,
    private readonly fields: readonly FieldTest[] = [],
  ) {}

  /** Reads what it takes to decide about resources of a kind as of a revision: the profiles, where they give labels. Throws DatastoreError. */
  async prepare(store: Store, kind: Kind, revision: string): Promise<void> {
    if (!this.needsProfiles(kind) || this.preparedAt === revision) return;
    const { ranges } = await store.snapshot([{ prefix: PROFILES_PREFIX }], { revision });
    this.takeProfiles(ranges.flat());
    this.preparedAt = revision;
  }

  /** Whether profiles decide about resources of a kind. */
  needsProfiles(kind: Kind): boolean {
    return this.labels?.needsProfiles(kind) === true;
  }

  /** Takes the profiles as of which it decides from now on, for whoever has read them. */
  takeProfiles(entries: readonly Entry[]): void {
    this.labels?.setProfiles(readProfiles(entries.filter(({ invalid }) => invalid !== true)));
  }

  /** Whether an object may be wanted, before it is shown. */
  accepts(kind: Kind, object: StoredObject): boolean {
    return this.labels?.accepts(kind, object) !== false;
  }

  /** Whether an object that may be wanted is, as it is shown. */
  wants(view: View): boolean {
    return this.fields.every((test) => test(view));
  }
}

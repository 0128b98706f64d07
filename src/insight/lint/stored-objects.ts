import type { KnownObject } from '../../policy/known-objects.js';
import type { StoredObject } from '../../resources/kind.js';
import { engineId } from '../directory.js';
import type { LintCode } from './codes.js';
import { isSuppressed } from './suppression.js';

/** The resources of a network, by the ids of the engine. */
export class StoredObjects {
  private readonly byId = new Map<string, StoredObject>();
  /** How often a resource's annotation kept it out of a finding about several. */
  suppressed = 0;

  constructor(readonly all: readonly StoredObject[]) {
    for (const object of all) {
      const id = engineId(object);
      if (id !== undefined) this.byId.set(id, object);
    }
  }

  /** What is stored of an endpoint or a set that the model made of it. */
  of({ id }: Pick<KnownObject, 'id'>): StoredObject {
    return this.byId.get(id)!;
  }

  /** The place of one finding about several resources, without those that suppress it: none where all do. */
  groupOf(objects: readonly Pick<KnownObject, 'id'>[], code: LintCode): readonly { readonly at: StoredObject; readonly others: readonly StoredObject[] }[] {
    const told = objects.map((object) => this.of(object)).filter((object) => !isSuppressed(object, code));
    this.suppressed += objects.length - told.length;
    const [at, ...others] = told;
    return at === undefined ? [] : [{ at, others }];
  }
}

import type { Entry, Operation } from '../datastore/store.js';
import type { StoredObject } from '../resources/kind.js';
import { encodeStored } from '../resources/stored-value.js';
import { foundAgain } from './find.js';
import type { Identity } from './initialize.js';
import { created, replaced } from './joined.js';
import type { Packed } from './packed.js';
import type { Target } from '../objects/target.js';

/** What is to happen to one resource. */
export interface Step {
  readonly target: Target;
  readonly key: string;
  readonly result: 'created' | 'replaced' | 'unchanged' | 'skipped' | 'deleted';
  /** Why it was passed over, where nobody asked for that. */
  readonly leftAs?: string;
  /** What is written; empty where nothing is. */
  readonly operations: readonly Operation[];
  /** Keys that must be as they were read. */
  readonly reliesOn: readonly Operation[];
}

/** Whether anything is written. */
export function writes({ result }: Pick<Step, 'result'>): boolean {
  return result !== 'unchanged' && result !== 'skipped';
}

/** No operations. There may be very many steps without any. */
export const NOTHING: readonly Operation[] = [];

/** What a resource is written onto: the identity of a new one, or the entry of what is stored. */
export type Onto = Identity | Entry;

/**
 * The step that writes a resource. A batch may hold very many: what is written is worked out again whenever it is asked for, the
 * same each time.
 */
export class WriteStep implements Step {
  readonly result: 'created' | 'replaced';
  reliesOn = NOTHING;
  private readonly place: number;

  /** @param kept where all steps of a batch keep what they are written onto */
  constructor(
    readonly target: Target,
    readonly key: string,
    onto: Onto,
    private readonly kept: Packed<Onto>,
  ) {
    this.result = 'uid' in onto ? 'created' : 'replaced';
    this.place = kept.add(onto);
  }

  /** The entry that is replaced, where there is one. */
  get replaces(): Entry | undefined {
    const onto = this.kept.at(this.place);
    return 'uid' in onto ? undefined : onto;
  }

  /** The object as it is to be written, and as it is now, where there is one. */
  get objects(): { readonly object: StoredObject; readonly before?: StoredObject } {
    return this.objectsOnto(this.kept.at(this.place));
  }

  get operations(): readonly Operation[] {
    const { target, key } = this;
    const onto = this.kept.at(this.place);
    const put = (expect: string): Operation => ({ action: 'put', key, expect, value: encodeStored(target.stored, this.objectsOnto(onto).object) });
    if ('uid' in onto) return [put('0')];
    if (onto.key === key) return [put(onto.modRevision)];
    return [{ action: 'delete', key: onto.key, expect: onto.modRevision }, put('0')];
  }

  private objectsOnto(onto: Onto): { readonly object: StoredObject; readonly before?: StoredObject } {
    const { target } = this;
    if ('uid' in onto) return { object: created(target, onto) };
    const found = foundAgain(target, onto);
    return { object: replaced(target, found), before: found.object };
  }
}

/** The step that deletes a key which is as it was read. */
export class DeleteStep implements Step {
  readonly result = 'deleted';

  /** @param expect the modification revision that was read */
  constructor(
    readonly target: Target,
    readonly key: string,
    private readonly expect: string,
  ) {}

  get reliesOn(): readonly Operation[] {
    return NOTHING;
  }

  get operations(): readonly Operation[] {
    return [{ action: 'delete', key: this.key, expect: this.expect }];
  }
}

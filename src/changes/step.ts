import type { Entry, Operation } from '../datastore/store.js';
import type { StoredObject } from '../resources/kind.js';
import { encodeStored } from '../resources/stored-value.js';
import { foundAgain } from './find.js';
import type { Identity } from './initialize.js';
import { created, replaced } from './joined.js';
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

/**
 * The step that writes a resource. A batch may hold very many: what is written is worked out anew whenever it is asked for, the
 * same each time.
 */
export class WriteStep implements Step {
  reliesOn = NOTHING;

  /** Writes a new object with the identity given, or one in place of what is stored in the entry given. */
  constructor(
    readonly target: Target,
    readonly key: string,
    private readonly onto: Identity | Entry,
  ) {}

  get result(): 'created' | 'replaced' {
    return 'uid' in this.onto ? 'created' : 'replaced';
  }

  /** The object as it is to be written, and as it is now, where there is one. */
  get objects(): { readonly object: StoredObject; readonly before?: StoredObject } {
    const { target, onto } = this;
    if ('uid' in onto) return { object: created(target, onto) };
    const found = foundAgain(target, onto);
    return { object: replaced(target, found), before: found.object };
  }

  get operations(): readonly Operation[] {
    const { target, key, onto } = this;
    const put = (expect: string): Operation => ({ action: 'put', key, expect, value: encodeStored(target.stored, this.objects.object) });
    if ('uid' in onto) return [put('0')];
    if (onto.key === key) return [put(onto.modRevision)];
    return [{ action: 'delete', key: onto.key, expect: onto.modRevision }, put('0')];
  }
}

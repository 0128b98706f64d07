import type { Writing } from '../changes/guard.js';
import { writes } from '../changes/step.js';
import type { Store } from '../datastore/store.js';
import { Directory } from '../insight/directory.js';
import { largeEffects, type LargeEffects } from '../insight/large-effects.js';
import { compileAll } from '../policy/compile.js';
import type { Model } from '../policy/model.js';
import { POLICY_KINDS } from '../policy/stored-network.js';
import type { Dialect } from '../resources/kind.js';
import { node } from '../resources/v3/node.js';
import { workloadEndpoint } from '../resources/v3/workload-endpoint.js';
import { changeOf } from './change.js';

/** How long may be looked for them, of the processor's time: a write is not to wait for a remark, and a busy machine is not to change what is said. */
const LONGEST_MS = 400;
/** So many of all pairs of a sender and a receiver are worth a remark. */
const LARGE_SHARE = 0.5;

/** Kinds that decide about many: a workload or a node decides about itself. */
const DECIDING = POLICY_KINDS.filter((kind) => kind !== workloadEndpoint && kind !== node);

/** Whether a write may have large effects. */
export function mayBeLarge({ steps }: Writing): boolean {
  return steps.some((step) => writes(step) && DECIDING.includes(step.target.stored));
}

export interface Asking {
  readonly dialect: Dialect;
  /** The processor's time that was spent so far. */
  readonly processorMs: () => number;
}

/** What a write does to many: undefined where that is nothing worth a remark, as far as there was time to find out. Throws DatastoreError. */
export async function effectsOfWriting(store: Store, writing: Writing, { dialect, processorMs }: Asking): Promise<LargeEffects | undefined> {
  const { before, after } = await changeOf(store, writing, POLICY_KINDS);
  const [was, is] = compileAll([before, after]) as [Model, Model];
  const effects = largeEffects(was, is, new Directory(after, dialect), { milliseconds: LONGEST_MS, now: processorMs });
  return effects.cutOff.length > 0 || (effects.changedShare ?? 0) > LARGE_SHARE ? effects : undefined;
}

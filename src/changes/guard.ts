import type { Store } from '../datastore/store.js';
import type { Step } from './step.js';

/** Everything that a command is about to write. */
export interface Writing {
  readonly steps: readonly Step[];
  /** As of which it was decided, where that is known. */
  readonly revision?: string | undefined;
}

/** Looks at what is about to be written, before anything of it is; throws where it may not be. */
export type Guard = (store: Store, writing: Writing) => Promise<void>;

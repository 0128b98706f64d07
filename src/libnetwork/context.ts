import type { Sources } from '../changes/initialize.js';
import type { Store } from '../datastore/store.js';
import type { Log } from '../text/log.js';
import type { Side } from '../host/workload/side.js';
import type { Engine } from './engine.js';
import type { LibnetworkSettings } from './settings.js';

/** What Docker's drivers work with. */
export interface DriverContext {
  /** The name of this node. */
  readonly node: string;
  readonly settings: LibnetworkSettings;
  readonly log: Log;
  /** Aborted when the drivers are to end. */
  readonly signal: AbortSignal;
  readonly engine: Engine;
  /** Works with the datastore in answer to one request, within a time limit. Throws CalicoError. */
  readonly withStore: <T>(work: (store: Store) => Promise<T>) => Promise<T>;
  readonly sources: Sources;
  /** The network of the host. */
  readonly host: Side;
}

/** Whether the signal is aborted: asked anew after every wait. */
export function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

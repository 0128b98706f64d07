import { randomUUID } from 'node:crypto';
import { CalicoError } from '../../base/errors.js';
import { withDatastore } from '../datastore.js';
import type { AgentContext, Part } from '../part.js';
import { Overtaken, repeated } from '../repeat.js';
import { thisHost, type Host } from '../startup/host.js';
import { keepAddresses } from '../startup/monitor.js';
import { nodeName } from '../startup/node-name.js';
import type { Sources } from '../../changes/initialize.js';
import { keepTunnels } from './keep.js';
import { settleTunnels } from './settle.js';

const EXIT_USAGE = 2;

/** What the addresses of tunnels are kept with; a test has a machine and sources of its own. */
export interface TunnelsContext extends Pick<AgentContext, 'env' | 'log' | 'signal' | 'args'> {
  readonly host: Host;
  readonly sources: Sources;
}

/**
 * Gives this node the addresses of its tunnels: with `--once` now, else now and whenever they change, and its own addresses too
 * where they are to be found by themselves. Returns the exit code.
 */
export async function runTunnels(context: TunnelsContext): Promise<number> {
  const { args, log } = context;
  if (args.some((word) => word !== '--once')) {
    log.error(`${JSON.stringify(args.join(' '))} cannot be followed; --once is all that may be given`);
    return EXIT_USAGE;
  }
  const name = await nodeName(context, context.host);
  if (args.length > 0) return once(context, name);
  try {
    await Promise.all([withDatastore(context, (store, onRead) => keepTunnels({ ...context, store, name, onRead })), keepAddresses({ ...context, name })]);
    log.error('the watch of the datastore ended');
    return 1;
  } catch (error) {
    return context.signal.aborted ? 0 : ending(context, error);
  }
}

async function once(context: TunnelsContext, name: string): Promise<number> {
  try {
    await withDatastore(context, (store) => repeated(context, () => settleTunnels({ ...context, store, name })));
    return 0;
  } catch (error) {
    return ending(context, error);
  }
}

function ending({ log, signal }: TunnelsContext, error: unknown): number {
  if (signal.aborted) log.warning('interrupted');
  else if (error instanceof CalicoError || error instanceof Overtaken) log.error(error.message);
  else throw error;
  return 1;
}

/** The part that keeps the addresses of the tunnels of this node. */
export const tunnelAddresses: Part = (context) => runTunnels({ ...context, host: thisHost, sources: { now: () => new Date(), uuid: randomUUID } });

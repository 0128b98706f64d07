import { CALICO_VERSION } from '../../base/calico-version.js';
import { CalicoError } from '../../base/errors.js';
import { UnfitFileError } from '../../base/regular-file.js';
import type { Sources } from '../../changes/initialize.js';
import { withDatastore } from '../datastore.js';
import type { AgentContext } from '../part.js';
import { Overtaken, repeated } from '../repeat.js';
import { writeDefaults } from './defaults.js';
import { FOLDERS, NODE_NAME_FILE, type Host } from './host.js';
import { nodeName } from './node-name.js';
import { writeOwnNode, type NodeContext } from './own-node.js';
import { makePools } from './pools.js';
import { setLogLevel } from './variables.js';

/** What the start of a node uses; a test has a machine and sources of its own. */
export interface StartupContext extends Pick<AgentContext, 'env' | 'log' | 'signal' | 'version'> {
  readonly host: Host;
  readonly sources: Sources;
}

/**
 * Makes a node of this host, in the order of reference/node-agent 1: its Node, the pools, what else nodes write into a datastore,
 * and last the file with its name. What was written when it fails, or is killed, stays, and the next start goes on from there.
 * Returns the exit code.
 */
export async function startUp(context: StartupContext): Promise<number> {
  const { log, env, host, version } = context;
  setLogLevel(log, env);
  try {
    const name = await nodeName(context, host);
    log.info(`starting node ${name} as Calico ${CALICO_VERSION}, agent ${version}`);
    await withDatastore(context, (store) => writeNode({ ...context, store, name }));
    await host.write(NODE_NAME_FILE, name);
    log.info(`Using node name: ${name}`);
    return 0;
  } catch (error) {
    if (context.signal.aborted) return interrupted(context);
    const message = messageOf(error);
    if (message === undefined) throw error;
    log.error(message);
    log.warning('the node was not started');
    return 1;
  }
}

/** What writing all that makes a node needs. */
export type WriteContext = NodeContext & Pick<StartupContext, 'host'>;

/** Writes all that makes a node, but for the file with its name. Where somebody else is faster, all of it is found out again. Throws CalicoError, or Overtaken in the end. */
export async function writeNode(context: WriteContext): Promise<void> {
  await repeated(context, () => steps(context));
}

async function steps(context: WriteContext): Promise<void> {
  await writeOwnNode(context);
  for (const folder of FOLDERS) context.host.makeFolder(folder);
  await makePools(context);
  await writeDefaults(context);
}

function interrupted({ log }: StartupContext): number {
  log.warning('the start was interrupted');
  return 1;
}

/** What to say of a failure that somebody can act on: of the request, the datastore or the machine. Undefined for a bug of ours. */
function messageOf(error: unknown): string | undefined {
  if (error instanceof CalicoError || error instanceof Overtaken) return error.message;
  if (error instanceof UnfitFileError) return `${NODE_NAME_FILE} ${error.message}`;
  return error instanceof Error && 'syscall' in error ? error.message : undefined;
}

import { join } from 'node:path';
import type { DriverContext } from './context.js';
import { ipamDriver } from './ipam-driver.js';
import { keepTidy } from './leftovers.js';
import { networkDriver } from './network-driver.js';
import { NetworkKeeper } from './networks/keeper.js';
import { pluginServer } from './plugin-server.js';
import { keepListening } from './socket.js';

/** Where the engine looks for drivers by name (reference/libnetwork 1). */
export const PLUGIN_FOLDER = '/run/docker/plugins';

/**
 * Serves Docker's network and IPAM drivers at their sockets, keeps its networks the same on all hosts, and takes away what containers
 * left, until the signal of the context is aborted. Never throws but for bugs.
 */
export async function runDrivers(context: DriverContext, folder = PLUGIN_FOLDER): Promise<void> {
  const networks = new NetworkKeeper(context);
  const serve = (name: string, plugin: Parameters<typeof pluginServer>[0]): Promise<void> => keepListening(join(folder, `${name}.sock`), () => pluginServer(plugin, context.log), context);
  await Promise.all([serve('calico', networkDriver(context, networks)), serve('calico-ipam', ipamDriver(context)), networks.run(), keepTidy(context)]);
}

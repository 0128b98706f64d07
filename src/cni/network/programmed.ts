import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { statusFileName } from '../../resources/endpoint-status.js';
import type { NetworkConfig } from '../network-config.js';
import type { PluginContext } from '../plugin.js';
import { orchestratorOf, type Workload } from './identity.js';

/** Where the node says which endpoints are programmed, unless the configuration names another folder. */
const FOLDER = '/var/run/calico/endpoint-status';
const LOOKED_AFTER_MS = 50;

/**
 * Waits until the node says that it has programmed an endpoint, for as long as the configuration wants; then the workload starts without
 * (reference/network-plugin 12.4).
 */
export async function waitUntilProgrammed(workload: Workload, ifname: string, { policySetupTimeoutSeconds: seconds, endpointStatusDir = FOLDER }: Pick<NetworkConfig, 'policySetupTimeoutSeconds' | 'endpointStatusDir'>, { log, signal }: Pick<PluginContext, 'log' | 'signal'>): Promise<void> {
  if (seconds === 0) return;
  const file = join(endpointStatusDir, statusFileName(orchestratorOf(workload), `${workload.namespace}/${workload.pod ?? workload.containerId}`, ifname));
  const deadline = performance.now() + seconds * 1000;
  while (!existsSync(file)) {
    if (performance.now() >= deadline) {
      log.warning(`the node has not programmed the endpoint within ${seconds} s, the container starts without: ${file} is not there`);
      return;
    }
    await sleep(LOOKED_AFTER_MS, undefined, { signal });
  }
}

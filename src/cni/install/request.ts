import { resolve } from 'node:path';
import { NODE_NAME_FILE } from '../network-config.js';
import { nodeNameOf } from '../node-name.js';
import { isExecutable } from './install.js';
import type { InstallRequest } from './plan.js';
import { podAccount } from './pod-kubeconfig.js';

/** What somebody asked for; paths may be relative. */
export interface GivenInstallation {
  readonly 'conf-dir': string;
  readonly 'bin-dir': string;
  readonly network?: string | undefined;
  readonly name?: string | undefined;
  readonly kubeconfig?: string | undefined;
}

/** What is asked for, together with what this host says. Throws CalicoError where the account of the pod that this runs in is not to be read. */
export function installRequest(given: GivenInstallation, known: Pick<InstallRequest, 'connection' | 'program' | 'version' | 'template' | 'env'>): InstallRequest {
  const binDir = resolve(given['bin-dir']);
  return {
    ...known,
    confDir: resolve(given['conf-dir']), binDir,
    network: given.network, nodeName: given.name,
    hostNodeName: nodeNameOf({ nodename: undefined, nodenameFile: NODE_NAME_FILE, hostname: undefined }, known.env),
    ...(given.kubeconfig === undefined ? { kubeconfig: undefined, account: podAccount(known.env) } : { kubeconfig: resolve(given.kubeconfig), account: undefined }),
    hasPlugin: (name) => isExecutable(binDir, name),
  };
}

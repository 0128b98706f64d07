import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Environment } from './call.js';
import type { NetworkConfig } from './network-config.js';

/**
 * What this node is called (reference/network-plugin 5.2): as the configuration says, else as the file that the node wrote when it
 * started, else as the variable NODENAME, else as the machine.
 */
export function nodeNameOf({ nodename, nodenameFile, hostname: former }: Pick<NetworkConfig, 'nodename' | 'nodenameFile' | 'hostname'>, env: Environment): string {
  return nodename ?? (fileText(nodenameFile) || former || (env['NODENAME'] ?? '').trim() || hostname().trim().toLowerCase());
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

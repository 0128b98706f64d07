import type { AgentContext } from '../part.js';
import { NODE_NAME_FILE, type Host } from './host.js';

/**
 * What this node is called (reference/node-agent 2): by NODENAME, else as at the last start, else by HOSTNAME, else as the machine
 * is. Whether a node may be called so is found out when something is stored under the name.
 */
export async function nodeName({ env, log }: Pick<AgentContext, 'env' | 'log'>, host: Pick<Host, 'name' | 'read'>): Promise<string> {
  const given = (env['NODENAME'] ?? '').trim();
  if (given !== '') return given;
  const kept = ((await host.read(NODE_NAME_FILE)) ?? '').trim();
  if (kept !== '') return kept;
  const variable = (env['HOSTNAME'] ?? '').trim().toLowerCase();
  if (variable !== '') return variable;
  log.warning('no name is given, so that the node is called as the machine is: NODENAME should say it');
  return host.name().trim().toLowerCase();
}

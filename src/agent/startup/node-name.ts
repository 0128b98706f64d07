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
  const name = host.name().trim().toLowerCase();
  log.warning(`NODENAME is not set: the node is called ${name}, as the machine is`);
  return name;
}

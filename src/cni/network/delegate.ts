import { isMap, type Data } from '../../base/data.js';
import { findProgram, runProgram } from '../../host/program.js';
import type { AttachmentCall, NetworkCall } from '../call.js';
import { FAILURE, Failure, type FailureCode } from '../failure.js';
import { Fields } from '../fields.js';
import type { NetworkConfig } from '../network-config.js';
import { ipam } from '../ipam/plugin.js';
import type { Plugin, PluginContext } from '../plugin.js';
import { readResult, type Result } from '../result.js';
import { environmentFor } from './attachment.js';

/** Our own address management, which needs no process of its own. */
export const OWN_IPAM = 'calico-ipam';

/** For how long another plugin is waited for. */
const LIMIT_MS = 60_000;

/** The plugin that manages addresses for a network, by `ipam.type` (reference/network-plugin 11.1). Throws Failure where there is none. */
export function addressManagement({ config, path }: NetworkCall): Plugin {
  const { type } = config.ipam;
  if (type === OWN_IPAM) return ipam;
  if (type === undefined) throw new Failure(FAILURE.invalidConfig, 'ipam.type is missing', `write ${OWN_IPAM}, or the name of another plugin that manages addresses`);
  if (!/^[\w][\w.-]*$/.test(type)) throw new Failure(FAILURE.invalidConfig, `ipam.type must be the name of a plugin, not ${JSON.stringify(type)}`);
  const file = findProgram(type, path);
  if (file === undefined) throw new Failure(FAILURE.other, `failed to find plugin ${JSON.stringify(type)} in path [${path.split(':').join(' ')}]`);
  return other(type, file);
}

/** A plugin as a child, by its file (reference/network-plugin 11.2). */
function other(type: string, file: string): Plugin {
  const run = async (command: string, call: NetworkCall, { env, signal }: PluginContext): Promise<string> => {
    const about = { containerId: '', ifname: '', netns: '', args: '', ...(call as Partial<AttachmentCall>), path: call.path };
    const end = await runProgram(file, [], { env: environmentFor(command, about, env), input: JSON.stringify(call.config.data), whole: true, timeoutMs: LIMIT_MS, signal }).catch((error: unknown) => {
      throw new Failure(FAILURE.other, `the plugin ${type} cannot be started: ${(error as Error).message}`);
    });
    if (end.code === 0) return end.stdout;
    throw failureOfPlugin(type, { ...end, stdout: withoutSecrets(end.stdout, call.config), stderr: withoutSecrets(end.stderr, call.config) });
  };
  const quiet = (command: string) => async (call: NetworkCall, context: PluginContext): Promise<void> => {
    await run(command, call, context);
  };
  return { add: async (call, context) => resultOfPlugin(type, await run('ADD', call, context)), del: quiet('DEL'), check: quiet('CHECK'), gc: quiet('GC'), status: quiet('STATUS') };
}

function resultOfPlugin(type: string, stdout: string): Result {
  const data = parsed(stdout);
  if (data === undefined) throw new Failure(FAILURE.undecodable, `the plugin ${type} printed no result`);
  return readResult(new Fields(data));
}

/** What another plugin says went wrong, in its own words; they are the words of the network's administrator, who chose it. */
function failureOfPlugin(type: string, { code, stdout, stderr }: { readonly code: number | null; readonly stdout: string; readonly stderr: string }): Failure {
  const data = parsed(stdout);
  const said = data?.['msg'];
  const number = data?.['code'];
  if (typeof said !== 'string') return new Failure(FAILURE.other, `the plugin ${type} ${code === null ? 'was ended by a signal' : `ended with ${code}`}${stderr.trim() === '' ? '' : `: ${stderr.trim().slice(-500)}`}`);
  const details = data?.['details'];
  const whose = `so says the plugin ${type}`;
  return new Failure(typeof number === 'number' ? (number as FailureCode) : FAILURE.other, said, typeof details === 'string' && details !== '' ? `${details}; ${whose}` : whose);
}

/** Another plugin reads the whole configuration, and may say what it has read. */
function withoutSecrets(text: string, { etcd, policy }: NetworkConfig): string {
  const secrets = [etcd.etcdPassword, policy.authToken].filter((each) => each !== undefined);
  // As it is, and as it stands in JSON.
  return secrets.flatMap((each) => [JSON.stringify(each).slice(1, -1), each]).reduce((left, secret) => left.replaceAll(secret, '***'), text);
}

function parsed(text: string): Data | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

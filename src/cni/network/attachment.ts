import { existsSync, readFileSync } from 'node:fs';
import { KNOWN_ARGUMENTS, podOf, readArguments } from '../arguments.js';
import type { AttachmentCall, Environment } from '../call.js';
import { FAILURE, Failure } from '../failure.js';
import type { NetworkConfig } from '../network-config.js';
import type { PluginContext } from '../plugin.js';
import { hostInterfaceName, type Workload } from './identity.js';
import { ofMesosLabels } from './mesos-labels.js';

/** Where the node writes the size of packets that its network carries. */
const MTU_FILE = '/var/lib/calico/mtu';
/** What an interface of the kind that workloads have can carry, in bytes. */
const MTU_RANGE = { least: 68, most: 65_535 } as const;
/** Letters that `ip -batch` does not take as they are. */
const UNSAFE_IN_NAME = /[#"'\\]/;

/** A container in a network, as a call names it. */
export interface Attachment {
  readonly workload: Workload;
  /** The name of the interface inside. */
  readonly ifname: string;
  /** The name of its end on the host. */
  readonly hostName: string;
  /** The labels of a container that is no pod. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * What a call is about (reference/network-plugin 10.1). Throws Failure where the node has not started yet, and for arguments that cannot be read.
 */
export function attachmentOf(call: AttachmentCall, context: Pick<PluginContext, 'env' | 'nodeName'>): Attachment {
  const { config, containerId, ifname } = call;
  requireNode(config, FAILURE.tryAgain);
  if (UNSAFE_IN_NAME.test(ifname)) throw new Failure(FAILURE.environment, 'interface name contains a character that no interface is given here', `CNI_IFNAME is ${JSON.stringify(ifname)}`);
  const given = readArguments(argumentsFor(call.args), [...KNOWN_ARGUMENTS, 'CNI_TEST_NAMESPACE']);
  const pod = podOf(given);
  const mesos = ofMesosLabels(config.mesosLabels);
  const namespace = pod?.namespace ?? mesos.namespace ?? (given.get('CNI_TEST_NAMESPACE') || 'default');
  const workload = { node: context.nodeName(), namespace, containerId, pod: pod?.name };
  return { workload, ifname, hostName: hostInterfaceName(workload, context.env['FELIX_INTERFACEPREFIX']), labels: pod === undefined ? mesos.labels : {} };
}

/** CNI_ARGS for us and whoever we call: what we do not know is for others (reference/network-plugin 4.3). */
export function argumentsFor(args: string): string {
  return args === '' ? 'IgnoreUnknown=1' : `IgnoreUnknown=1;${args}`;
}

/** Throws Failure where the file with the node's name is not there yet, though the configuration wants it. */
export function requireNode({ nodenameFile, nodenameFileOptional }: NetworkConfig, code: typeof FAILURE.tryAgain | typeof FAILURE.unavailable): void {
  if (nodenameFileOptional || existsSync(nodenameFile)) return;
  throw new Failure(code, `${nodenameFile} is not there: the node has not started on this host`, 'check that calico-node runs here and shares /var/lib/calico with the host; or set nodename_file_optional');
}

/** The size of packets that a workload's interface has (reference/network-plugin 2); undefined where it is the kernel's. Throws Failure. */
export function mtuOf({ mtu, requireMtuFile }: Pick<NetworkConfig, 'mtu' | 'requireMtuFile'>, file = MTU_FILE): number | undefined {
  const text = fileText(file);
  if (text === undefined && requireMtuFile) throw new Failure(FAILURE.tryAgain, `${file} is not there, and the configuration wants it`, 'the node writes it when it starts');
  const found = text === undefined ? 0 : Number(text);
  if (!Number.isSafeInteger(found) || found < 0) throw new Failure(FAILURE.other, `${file} holds no number: ${JSON.stringify(text?.slice(0, 40))}`);
  const size = mtu ?? (found || undefined);
  if (size !== undefined && (size < MTU_RANGE.least || size > MTU_RANGE.most)) throw new Failure(FAILURE.invalidConfig, `${mtu === undefined ? file : 'mtu'} must be from ${MTU_RANGE.least} to ${MTU_RANGE.most}, not ${size}`);
  return size;
}

function fileText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Failure(FAILURE.other, `${file} cannot be read: ${(error as Error).message}`);
  }
}

/** What the environment of the process is for whoever we call in its place. */
export function environmentFor(command: string, call: Pick<AttachmentCall, 'containerId' | 'ifname' | 'netns' | 'args' | 'path'>, env: Environment): Environment {
  return { ...env, CNI_COMMAND: command, CNI_CONTAINERID: call.containerId, CNI_NETNS: call.netns, CNI_IFNAME: call.ifname, CNI_ARGS: argumentsFor(call.args), CNI_PATH: call.path };
}

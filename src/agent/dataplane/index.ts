import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { dirname } from 'node:path';
import { makeFolder } from '../../base/make-folder.js';
import { writeNewFile } from '../../base/new-file.js';
import { settingsOfEnvironment, settingsOfFile, type LocalSettings } from '../../dataplane/settings/local.js';
import { usesNftables } from '../../dataplane/settings/settings.js';
import { runProgram } from '../../host/program.js';
import type { AgentContext, Part } from '../part.js';
import { setKernel } from '../kernel/interface-settings.js';
import { thisHost } from '../startup/host.js';
import { nodeName } from '../startup/node-name.js';
import { Dataplane, type DataplaneParts } from './dataplane.js';
import { IptablesDataplane } from './iptables-dataplane.js';
import { NftDataplane } from './nft-dataplane.js';
import { Programmer } from './programmer.js';

const CONFIG_FILE = '/etc/calico/felix.cfg';
const MTU_FILE = '/var/lib/calico/mtu';
const SOURCE_CHECK = '/proc/sys/net/ipv4/conf/default/rp_filter';
const IPVS_INTERFACE = 'kube-ipvs0';

/** The part that programs the kernel of this host: rules, sets, routes and devices, as Felix does. */
export const dataplane: Part = async (context) => {
  const environment = settingsOfEnvironment(context.env);
  const given = environment.others.get('felixhostname') ?? '';
  const node = given === '' ? await nodeName(context, thisHost) : given;
  return new Dataplane({ context, node, local: [environment, ...fileSettings()], programmer: programmerFor(context), writeMtu }).run();
};

/** A file that is not there has no settings. */
function fileSettings(): readonly LocalSettings[] {
  try {
    return [settingsOfFile(readFileSync(CONFIG_FILE, 'utf8'), CONFIG_FILE)];
  } catch {
    return [];
  }
}

function programmerFor({ env, log }: AgentContext): DataplaneParts['programmer'] {
  return async (settings, interfaces, metrics) => {
    const sourceCheck = readFileSync(SOURCE_CHECK, 'utf8').trim();
    const usesIpvs = interfaces.links?.some(({ name }) => name === IPVS_INTERFACE) ?? false;
    const parts = { settings, usesIpvs, kernelRelease: release(), searchPath: env['PATH'] ?? '', run: runProgram, log, metrics };
    const netfilter = await (usesNftables(settings) ? NftDataplane : IptablesDataplane).start(parts);
    return new Programmer({ settings, netfilter, sourceCheck, writeSetting: setKernel, log, metrics });
  };
}

async function writeMtu(mtu: number): Promise<void> {
  makeFolder(dirname(MTU_FILE));
  await writeNewFile(MTU_FILE, [String(mtu)]);
}

import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Etcd } from '../support/etcd.js';
import { measure, runNode, type Measured, type Run } from './measure.js';
import type { Place, Row } from './rows.js';

const MEMORY_MB = 150;
const NAMESPACE = 'calicoctl-bench';
const KEYS = '/calico/resources/v3/projectcalico.org';

/** One call of a plugin from start to end, as a container runtime makes them; `calico` needs root, for the namespace. */
export const CNI_ROWS: readonly Row[] = [row('cni: ADD of calico-ipam', 'calico-ipam', 5), ...(process.geteuid?.() === 0 ? [row('cni: ADD of calico', 'calico', 7)] : [])];

interface Plugin {
  readonly file: string;
  readonly etcd: Etcd;
  readonly folder: string;
}

function row(work: string, name: string, limit: number): Row {
  return {
    work, limit, official: '', memoryLimit: MEMORY_MB,
    measure: async (place) => {
      const folder = mkdtempSync(join(tmpdir(), 'calicoctl-bench-cni-'));
      ip('netns', 'add', NAMESPACE);
      try {
        return await measureAdds({ file: join(import.meta.dirname, `../../bin/${name}`), etcd: await prepared(place), folder }, place.rounds);
      } finally {
        ip('netns', 'del', NAMESPACE);
        rmSync(folder, { recursive: true });
      }
    },
  };
}

async function prepared(place: Place): Promise<Etcd> {
  const etcd = await place.freshEtcd();
  await etcd.etcdctl('put', `${KEYS}/clusterinformations/default`, JSON.stringify({ kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default' }, spec: { clusterGUID: '1f2d5b1f9a5e4c6f8f7b4a3c2d1e0f9a', datastoreReady: true } }));
  await etcd.etcdctl('put', `${KEYS}/nodes/node-a`, JSON.stringify({ kind: 'Node', apiVersion: 'projectcalico.org/v3', metadata: { name: 'node-a' }, spec: {} }));
  await etcd.etcdctl('put', `${KEYS}/ippools/four`, JSON.stringify({ kind: 'IPPool', apiVersion: 'projectcalico.org/v3', metadata: { name: 'four' }, spec: { cidr: '10.1.0.0/16' } }));
  return etcd;
}

/** Each ADD has a container of its own. The first leaves the code caches behind that the others use; what is measured leaves none. */
async function measureAdds(plugin: Plugin, rounds: number): Promise<Measured> {
  const call = (command: 'ADD' | 'DEL', container: string): Promise<Run> => withCall(plugin, command, container, (env, stdin) => runNode([plugin.file], env, undefined, 0, stdin));
  for (const command of ['ADD', 'DEL'] as const) await withCall(plugin, command, 'first', async (env, stdin) => spawnSync(process.execPath, [plugin.file], { env: { ...process.env, ...env }, stdio: [stdin, 'ignore', 'ignore'] }));
  let number = 0;
  const removeLast = async (): Promise<void> => {
    if (number > 0) await call('DEL', `c${number}`);
  };
  return measure(rounds, () => call('ADD', `c${++number}`), removeLast);
}

async function withCall<T>({ etcd, folder }: Plugin, command: string, container: string, work: (env: Readonly<Record<string, string>>, stdin: number) => Promise<T>): Promise<T> {
  const config = join(folder, 'config');
  writeFileSync(config, JSON.stringify({ cniVersion: '1.0.0', name: 'bench', type: 'calico', nodename: 'node-a', nodename_file_optional: true, etcd_endpoints: etcd.endpoint, ipam_lock_file: join(folder, 'ipam.lock'), ipam: { type: 'calico-ipam' } }));
  const stdin = openSync(config, 'r');
  try {
    return await work({ CNI_COMMAND: command, CNI_CONTAINERID: container, CNI_IFNAME: 'eth0', CNI_NETNS: `/var/run/netns/${NAMESPACE}`, CNI_PATH: '/opt/cni/bin', CNI_ARGS: '', XDG_CACHE_HOME: folder }, stdin);
  } finally {
    closeSync(stdin);
  }
}

/** Where there is no such namespace, or nobody may make one, the plugin says so if it needs one. */
function ip(...args: readonly string[]): void {
  spawnSync('ip', args, { stdio: 'ignore' });
}

import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { CalicoError } from '../../base/errors.js';
import { holdNetwork, type Held } from '../../host/namespaces/hold.js';
import { entering, namespacesOf } from '../../host/namespaces/namespaces.js';
import { runIn, type Run } from '../../host/run.js';
import { Service } from '../../host/service.js';
import { IP_BATCH } from '../../host/workload/side.js';
import type { LabFolder } from '../folder.js';
import { BRIDGE, bridgeAddresses, etcdEndpoint, type LabPlan } from '../plan.js';
import { startForwarder } from './forwarder.js';

/** The name of etcd's socket in its folder: a file is reached from every network namespace. */
const SOCKET = 'client:1';
const PEER_SOCKET = 'peer:1';
const ETCD_READY_MS = 15_000;

/** What is between the hosts: a bridge in a namespace of its own, with etcd, which the machine reaches through a port of its loopback. */
export interface Underlay {
  readonly pid: number;
  readonly run: Run;
  readonly etcd: Service;
  readonly port: number;
}

/** Makes it, and returns once etcd answers. Throws CalicoError. */
export async function makeUnderlay(folder: LabFolder, plan: LabPlan): Promise<Underlay> {
  const held: Held = await holdNetwork();
  const run = runIn({ net: namespacesOf(held.pid).net });
  const { ipv4, ipv6 } = bridgeAddresses(plan);
  const { name: bridge, length4, length6 } = BRIDGE;
  await run(IP_BATCH, [
    'link set lo up',
    `link add ${bridge} type bridge`,
    `address add ${ipv4}/${length4} dev ${bridge}`,
    `address add ${ipv6}/${length6} dev ${bridge} nodad`,
    `link set ${bridge} up`,
    '',
  ].join('\n'));
  const etcd = startEtcd(folder, plan, held.pid);
  await etcdAnswers(folder);
  return { pid: held.pid, run, etcd, port: await startForwarder(`${folder.etcd}/${SOCKET}`) };
}

/** It answers hosts on the bridge and the machine on a socket; nothing is kept when the machine ends, so that nothing is flushed. */
function startEtcd(folder: LabFolder, plan: LabPlan, pid: number): Service {
  const endpoint = etcdEndpoint(plan);
  const words = [
    'etcd', '--name', 'lab', '--data-dir', `${folder.etcd}/data`,
    '--listen-client-urls', `${endpoint},unix://${SOCKET}`, '--advertise-client-urls', endpoint,
    '--listen-peer-urls', `unix://${PEER_SOCKET}`, '--initial-advertise-peer-urls', `unix://${PEER_SOCKET}`, '--initial-cluster', `lab=unix://${PEER_SOCKET}`,
    '--heartbeat-interval', '40', '--election-timeout', '200', '--unsafe-no-fsync', '--logger', 'zap', '--log-level', 'error',
  ];
  // An etcd that was killed leaves its sockets, and the next one does not take them over.
  const prepare = (): void => [SOCKET, PEER_SOCKET].forEach((name) => rmSync(`${folder.etcd}/${name}`, { force: true }));
  return new Service({ words: entering({ net: namespacesOf(pid).net }, words), env: { PATH: plan.searchPath }, log: folder.etcdLog, cwd: folder.etcd, prepare });
}

async function etcdAnswers(folder: LabFolder): Promise<void> {
  const deadline = performance.now() + ETCD_READY_MS;
  while (!(await isHealthy(`${folder.etcd}/${SOCKET}`))) {
    if (performance.now() > deadline) throw new CalicoError('failed', `etcd did not answer in ${ETCD_READY_MS / 1000} s`, { hint: `it logs to ${folder.etcdLog}` });
    await sleep(30);
  }
}

function isHealthy(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ socketPath, path: '/health', timeout: 1000 }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString())).on('end', () => resolve(body.includes('"true"')));
    });
    call.on('timeout', () => call.destroy()).on('error', () => resolve(false)).end();
  });
}

import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from '../../src/datastore/etcd/connect.js';
import { policyChainName, PREFIX, shortName } from '../../src/dataplane/netfilter/names.js';
import type { Operation, Store } from '../../src/datastore/store.js';
import { startEtcd } from '../support/etcd.js';
import { eventually } from '../support/wait.js';
import { keysOf, loadStore, localInterfaces, localPolicies, NODE, relabelled } from './store.js';

/**
 * What the agent's dataplane takes in a large network: `node --import tsx scripts/agent-load/index.ts [SECONDS]`, as root. Everything
 * happens in a network namespace that ends with the run. SECONDS is how long endpoints change, 60 unless given.
 */
const INSIDE = 'CALICOCTL_LOAD_INSIDE';
const AGENT = fileURLToPath(new URL('../../bin/agent.js', import.meta.url));
const ROUNDS = 40;
const CHANGES_A_SECOND = 200;
const IDLE_MS = 60_000;
const RESOURCES = '/calico/resources/v3/projectcalico.org/';
/** Of every endpoint: where its rules are, all that was written before is. */
const LAST = { kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default.last' }, spec: { tier: 'default', selector: 'all()', types: ['Ingress'], ingress: [{ action: 'Allow' }] } };
const LAST_CHAIN = shortName(PREFIX.policyIn, policyChainName(LAST.kind, 'last', undefined));

async function main(): Promise<void> {
  const etcd = await startEtcd();
  const store = await connect({ endpoints: [etcd.endpoint], endpointsOrigin: 'the load' }, { timeoutMs: 600_000 });
  const content = loadStore();
  try {
    await fill(store, content);
    makeInterfaces(localInterfaces(content));
    const agent = await measureStart(etcd.endpoint);
    await measurePolicies(store, content);
    await measureEndpoints(store, content, agent);
    await measureIdle(agent);
    agent.kill('SIGTERM');
  } finally {
    store.close();
    await etcd.stop();
  }
}

async function fill(store: Store, content: ReadonlyMap<string, string>): Promise<void> {
  const operations = [...content].map(([key, value]): Operation => ({ action: 'put', key, value, expect: '0' }));
  for (let at = 0; at < operations.length; at += 100) await store.commit(operations.slice(at, at + 100));
  console.log(`${operations.length} keys`);
}

function makeInterfaces(names: readonly string[]): void {
  const lines = names.flatMap((name) => [`link add ${name} address ee:ee:ee:ee:ee:ee type veth peer name p${name}`, `link set p${name} up`, `link set ${name} up`]);
  execFileSync('ip', ['-batch', '-'], { input: lines.join('\n') });
  console.log(`${names.length} local endpoints`);
}

async function measureStart(endpoint: string): Promise<ChildProcess> {
  const began = performance.now();
  const env = { PATH: process.env['PATH'], NODENAME: NODE, FELIX_FELIXHOSTNAME: NODE, DATASTORE_TYPE: 'etcdv3', ETCD_ENDPOINTS: endpoint, FELIX_HEALTHENABLED: 'true', FELIX_IPTABLESBACKEND: 'NFT' };
  const child = spawn(process.execPath, [AGENT, 'dataplane'], { env, stdio: ['ignore', process.env['LOAD_VERBOSE'] === undefined ? 'ignore' : 'inherit', 'inherit'] });
  await eventually('the agent is ready', async () => {
    if (child.exitCode !== null) throw new Error(`the agent ended with ${child.exitCode}`);
    return isReady();
  }, 120_000);
  const rules = execFileSync('iptables-save', { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n').filter((line) => line.startsWith('-A')).length;
  console.log(`from start to in sync: ${((performance.now() - began) / 1000).toFixed(2)} s, ${cpuMs(child)} ms of processor time, ${memory(child)}; ${rules} rules for IPv4`);
  return child;
}

function isReady(): Promise<boolean> {
  return new Promise((resolve) => {
    get('http://127.0.0.1:9099/readiness', (answer) => resolve(answer.resume().statusCode === 200)).on('error', () => resolve(false));
  });
}

/** From a policy's write to the rule in the kernel. */
async function measurePolicies(store: Store, content: ReadonlyMap<string, string>): Promise<void> {
  const monitor = spawn('nft', ['monitor', 'rules'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let seen: (() => void) | undefined;
  createInterface({ input: monitor.stdout }).on('line', () => seen?.());
  await sleep(500);
  const keys = localPolicies(content);
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const key = keys[(round * 7) % keys.length]!;
    const object = JSON.parse(content.get(key)!) as { spec: { ingress: object[] } };
    object.spec.ingress.unshift({ action: 'Allow', protocol: 'TCP', destination: { ports: [20_000 + round] } });
    const current = await store.get(key);
    const began = performance.now();
    const changed = new Promise<boolean>((resolve) => (seen = () => resolve(true)));
    await store.commit([{ action: 'put', key, value: JSON.stringify(object), expect: current!.modRevision }]);
    if (await Promise.race([changed, sleep(5000).then(() => false)])) took.push(performance.now() - began);
    await sleep(300);
  }
  monitor.kill();
  took.sort((left, right) => left - right);
  console.log(`from a policy's write to the kernel: median ${took[took.length >> 1]?.toFixed(0)} ms, p99 ${took[Math.floor(took.length * 0.99)]?.toFixed(0)} ms, ${took.length} of ${ROUNDS} seen`);
}

async function measureEndpoints(store: Store, content: ReadonlyMap<string, string>, agent: ChildProcess): Promise<void> {
  const seconds = Number(process.argv[2] ?? 60);
  const keys = keysOf(content, 'workloadendpoints');
  const before = cpuMs(agent);
  const began = performance.now();
  let changes = 0;
  const worker = async (own: number): Promise<void> => {
    for (let round = 0; performance.now() - began < seconds * 1000; round++) {
      const due = began + ((round * 4 + own) * 1000) / CHANGES_A_SECOND;
      await sleep(Math.max(0, due - performance.now()));
      const key = keys[(round * 4 + own) % keys.length]!;
      const current = await store.get(key);
      await store.commit([{ action: 'put', key, value: relabelled(content, key, { app: `app-${(round + own) % 400}` }), expect: current!.modRevision }]);
      changes++;
      if (own === 0 && round % 500 === 499) console.log(`  after ${changes} changes: ${memory(agent)}`);
    }
  };
  await Promise.all([0, 1, 2, 3].map(worker));
  const written = performance.now();
  const last = `${RESOURCES}globalnetworkpolicies/default.last`;
  await store.commit([{ action: 'put', key: last, value: JSON.stringify(LAST), expect: '0' }]);
  await eventually('the kernel has the last policy', async () => {
    await sleep(200);
    return hasChain(LAST_CHAIN);
  }, 120_000);
  console.log(`${changes} endpoint changes in ${((written - began) / 1000).toFixed(0)} s: ${((cpuMs(agent) - before) / changes).toFixed(1)} ms of processor time each, ${((performance.now() - written) / 1000).toFixed(2)} s behind, ${memory(agent)}`);
}

/** The names of chains are all that is printed: reading rules would take the time that the agent needs. */
function hasChain(name: string): boolean {
  return execFileSync('nft', ['list', 'chains', 'ip'], { encoding: 'utf8', maxBuffer: 1 << 28 }).includes(`chain ${name} {`);
}

async function measureIdle(agent: ChildProcess): Promise<void> {
  // What was written is looked at again after 5, 10, 20 and 40 seconds.
  await sleep(90_000);
  const before = cpuMs(agent);
  await sleep(IDLE_MS);
  console.log(`idle: ${(((cpuMs(agent) - before) / IDLE_MS) * 100).toFixed(2)} % of a core, ${memory(agent)}`);
}

/** Of the process and the programs that it has waited for. */
function cpuMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
}

function memory({ pid }: ChildProcess): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [now, peak] = ['VmRSS', 'VmHWM'].map((name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024));
  return `${now} MB (at most ${peak})`;
}

if (process.env[INSIDE] === undefined) {
  const again = [process.execPath, ...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const { status } = spawnSync('unshare', ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-ec', 'ip link set lo up; for folder in /run /var/lib; do mount -t tmpfs tmpfs $folder; done; exec "$@"', 'sh', ...again], { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } });
  process.exitCode = status ?? 1;
} else {
  await main();
  process.exit(0);
}

import { expect } from 'chai';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { isMap, type Data } from '../../../src/base/data.js';
import { ipam } from '../../../src/cni/ipam/plugin.js';
import { network } from '../../../src/cni/network/plugin.js';
import { callEnvironment, runHere } from '../../support/cni.js';
import { MemoryStore } from '../../support/memory-store.js';
import { Random } from '../../support/policy/random.js';

/** More of them by hand: CNI_FUZZ=1000000 CNI_SEED=7. */
const CALLS = Number(process.env['CNI_FUZZ'] ?? 10_000);
const SEED = Number(process.env['CNI_SEED'] ?? 1);
/** One call, on a machine that is busy. */
const LONGEST_MS = 5000;

const folder = mkdtempSync(join(tmpdir(), 'calicoctl-fuzz-'));
after(() => rmSync(folder, { recursive: true }));

const RESOURCES = '/calico/resources/v3/projectcalico.org';
const resource = (kind: string, metadata: object, spec: object): string => JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata, spec });
const STORE = {
  [`${RESOURCES}/clusterinformations/default`]: resource('ClusterInformation', { name: 'default' }, { datastoreReady: true }),
  [`${RESOURCES}/nodes/node-a`]: resource('Node', { name: 'node-a' }, {}),
  [`${RESOURCES}/ippools/four`]: resource('IPPool', { name: 'four' }, { cidr: '10.0.0.0/24', blockSize: 26 }),
  [`${RESOURCES}/workloadendpoints/default/node--a-cni-other-eth0`]: resource('WorkloadEndpoint', { name: 'node--a-cni-other-eth0', namespace: 'default' }, { orchestrator: 'cni', node: 'node-a', containerID: 'other', endpoint: 'eth0', ipNetworks: ['10.0.0.9/32'], profiles: ['another-network'], interfaceName: 'caliother' }),
};

/** A configuration with every key that there is; of a file or a server only such as lead nowhere. */
const CONFIG: Data = {
  cniVersion: '1.1.0', name: 'net1', type: 'calico', nodename: 'node-a', nodename_file: join(folder, 'nodename'), nodename_file_optional: true, hostname: 'h', mtu: 1400, num_queues: 1,
  require_mtu_file: false, include_default_routes: true, log_level: 'debug', log_file_path: '/dev/null/log', log_file_max_size: 1, log_file_max_age: 1, log_file_max_count: 1,
  ipam_lock_file: join(folder, 'ipam.lock'), etcd_endpoints: 'http://127.0.0.1:1', etcd_scheme: 'http', etcd_authority: '127.0.0.1:1', datastore_type: 'etcdv3',
  ipam: { type: 'calico-ipam', assign_ipv4: 'true', assign_ipv6: 'false', ipv4_pools: ['four'], ipv6_pools: [], subnet: 'usePodCidr', ranges: [[{ subnet: 'usePodCidr' }]], routes: [{ dst: '0.0.0.0/0' }] },
  policy: { type: 'k8s', k8s_api_root: 'http://127.0.0.1:1', k8s_auth_token: 'secret' }, kubernetes: { kubeconfig: '/no/such/file', node_name: 'n' },
  feature_control: { ip_addrs_no_ipam: false, floating_ips: true }, container_settings: { allow_ip_forwarding: true }, readiness_gates: [], policy_setup_timeout_seconds: 0, endpoint_status_dir: folder,
  args: { 'org.apache.mesos': { network_info: { labels: { labels: [{ key: 'k', value: 'v' }] } } } }, runtimeConfig: { portMappings: [] }, dataplane_options: { type: 'linux' },
  prevResult: { cniVersion: '1.1.0', interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:01', sandbox: '/none' }], ips: [{ address: '10.0.0.1/32', interface: 0 }], routes: [{ dst: '0.0.0.0/0' }] },
  'cni.dev/valid-attachments': [{ containerID: 'x', ifname: 'eth0' }],
};

const WORDS = ['', ' ', 'x', '-', '.', '..', '/', '../../etc/passwd', '\0', '\u0007\u001b[31m', 'ü'.repeat(300), 'x'.repeat(5000), 'constructor', '__proto__', '1.1.0', '9.9.9', '0.3.1', '300.1.1.1/24', '10.0.0.0/8', 'fd00::/200', 'true', 'FALSE', '-1', 'etcdv3', 'kubernetes', 'host-local', 'calico-ipam', 'http://', 'http://127.0.0.1:1', 'IP=1.2.3', 'A=B=C', ';;;'];
const NUMBERS = [0, -1, 1, 1.5, 1e308, -0, 2 ** 53, 70_000];

function junk(random: Random, depth = 0): unknown {
  const kind = random.below(depth > 3 ? 4 : 7);
  if (kind === 0) return null;
  if (kind === 1) return random.one(NUMBERS);
  if (kind <= 3) return random.chance(0.2) ? random.chance(0.5) : random.one(WORDS);
  if (kind === 4) return random.times(random.below(4), () => junk(random, depth + 1));
  if (kind === 5) return Object.fromEntries(random.times(random.below(4), () => [random.one(WORDS), junk(random, depth + 1)]));
  return nested(random.one([50, 500]));
}

function nested(depth: number): unknown {
  let value: unknown = 'end';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { deeper: value };
  return value;
}

/** The same with something else at one place, somewhere. */
function mutated(value: unknown, random: Random): unknown {
  if (random.chance(0.25)) return junk(random);
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    const at = random.below(list.length + 1);
    return random.chance(0.3) ? list.filter((_, index) => index !== at) : [...list.slice(0, at), mutated(list[at], random), ...list.slice(at + 1)];
  }
  if (!isMap(value)) return junk(random);
  const keys = Object.keys(value);
  const key = keys.length === 0 || random.chance(0.05) ? random.one(WORDS) : random.one(keys);
  if (random.chance(0.15)) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  return { ...value, [key]: mutated(value[key], random) };
}

/** A log or a lock where the configuration wants it is nothing wrong: these are asked for where none can be. */
function withoutFiles(config: unknown): unknown {
  if (!isMap(config)) return config;
  const safe = (key: string, path: string): Data => (typeof config[key] === 'string' ? { [key]: path } : {});
  return { ...config, ...safe('log_file_path', '/dev/null/log'), ...safe('ipam_lock_file', join(folder, 'ipam.lock')) };
}

/** What stands on stdin: mostly JSON, and mostly of some meaning. */
function stdinOf(random: Random): string {
  let config: unknown = CONFIG;
  for (let change = random.below(4); change > 0; change--) config = mutated(config, random);
  const text = JSON.stringify(withoutFiles(config)) ?? '';
  if (random.chance(0.9)) return text;
  if (random.chance(0.5)) return text.slice(0, random.below(text.length));
  return random.one(['', '{', 'null', '[]', '"x"', '\ufeff{}', `{"name":"net1","cniVersion":"1.0.0"}{}`, '\0\0\0', '{"name":1e999}', `{"name":"net1","ipam":${'['.repeat(200_000)}${']'.repeat(200_000)}}`]);
}

/** CHECK looks at the kernel, which takes a process each time. */
const COMMANDS = ['ADD', 'ADD', 'ADD', 'DEL', 'DEL', 'DEL', 'CHECK', 'GC', 'GC', 'STATUS', 'STATUS', 'VERSION'];

/** No namespace that there is but our own: nothing is ever made. */
const NAMESPACES = ['/run/netns/never-made', '/etc/hostname', '/proc/self/ns/net', '/proc/self/ns', '/', 'relative', '/dev/null', ...WORDS];

function environmentOf(random: Random): Record<string, string> {
  const command = random.chance(0.9) ? random.one(COMMANDS) : random.one(WORDS);
  const env: Record<string, string> = { ...callEnvironment(command, { CNI_NETNS: random.one(NAMESPACES), CNI_PATH: '/no/such/folder', CNI_CONTAINERID: 'x' }) };
  if (random.chance(0.3)) env['CNI_ARGS'] = random.one(['IgnoreUnknown=1;K8S_POD_NAMESPACE=prod;K8S_POD_NAME=web-1', 'K8S_POD_NAMESPACE=;K8S_POD_NAME=-', 'IP=10.0.0.1', 'UNKNOWN=1', ...WORDS]);
  if (random.chance(0.3)) {
    const name = random.one(['CNI_CONTAINERID', 'CNI_IFNAME', 'CNI_ARGS', 'CNI_PATH', 'CNI_NETNS', 'FELIX_INTERFACEPREFIX', 'ETCD_ENDPOINTS', 'DATASTORE_TYPE', 'NODENAME']);
    if (random.chance(0.3)) Reflect.deleteProperty(env, name);
    else env[name] = random.one(WORDS);
  }
  return env;
}

describe('calls of the plugins, of any kind', function () {
  this.timeout(300_000);

  it(`end with an answer that a runtime can read, and with nothing written (${CALLS} calls, seed ${SEED})`, async () => {
    const random = new Random(SEED);
    const memory = new MemoryStore(STORE);
    const ended: Record<string, number> = {};
    for (let call = 0; call < CALLS; call++) {
      const [name, plugin] = random.one([['calico', network], ['calico-ipam', ipam]] as const);
      // With a namespace that is none the plugin for addresses alone would assign one; that is no malformed call.
      const drawn = environmentOf(random);
      const env = name === 'calico-ipam' && drawn['CNI_COMMAND'] === 'ADD' ? { ...drawn, CNI_COMMAND: 'DEL' } : drawn;
      const stdin = stdinOf(random);
      const title = `call ${call} of ${name}: ${JSON.stringify(env)} ${stdin.slice(0, 3000)}`;
      const began = performance.now();
      const { code, stdout } = await runHere(plugin, { env, stdin, store: memory });
      expect(performance.now() - began, title).to.be.below(LONGEST_MS);
      if (code === 0) expect(stdout === '' || env['CNI_COMMAND'] === 'VERSION', title).to.equal(true);
      else expectFailure(stdout, title);
      const key = `${env['CNI_COMMAND'] ?? ''} ${code === 0 ? 0 : (JSON.parse(stdout) as { code: number }).code}`;
      ended[key] = (ended[key] ?? 0) + 1;
    }
    expect(memory.content()).to.deep.equal(STORE);
    expect(readdirSync(folder).filter((file) => file !== 'ipam.lock')).to.deep.equal([]);
    for (const key of ['ADD 4', 'ADD 6', 'ADD 7', 'ADD 8', 'DEL 0', 'CHECK 999', 'GC 0', 'STATUS 0', 'VERSION 0']) expect(ended[key], `${key}: ${JSON.stringify(ended)}`).to.be.above(CALLS / 2000);
  });
});

function expectFailure(stdout: string, title: string): void {
  const { code, msg, details, ...more } = JSON.parse(stdout) as { code: unknown; msg: unknown; details?: unknown };
  expect(more, title).to.deep.equal({});
  expect(Number.isInteger(code) && (code as number) > 0, title).to.equal(true);
  expect(typeof msg === 'string' && msg !== '' && !msg.includes('bug of the plugin') && !/^\s+at /m.test(msg), `${title}\n${String(msg)}`).to.equal(true);
  expect(['string', 'undefined'], title).to.include(typeof details);
}

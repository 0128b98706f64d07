import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Data } from '../../src/base/data.js';
import type { Store } from '../../src/datastore/store.js';
import { entering } from '../../src/host/namespaces/namespaces.js';
import { runIn, type Run } from '../../src/host/run.js';
import { etcdEndpoint, hostAddresses } from '../../src/lab/plan.js';
import { prefixOf } from '../../src/resources/keys.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { workloadEndpoint } from '../../src/resources/v3/workload-endpoint.js';
import { calicoctl, ROOT, startProgram, type Ended, type Running } from '../../scripts/support/calicoctl.js';
import { eventually } from '../../scripts/support/wait.js';
import { unpackedPackage } from '../../scripts/support/unpacked.js';
import { callEnvironment } from './cni.js';
import { startLab, type TestLab } from './lab-run.js';

/** What stands in for the runtime's own folder of plugins. */
export const CNI_PLUGINS = join(unpackedPackage('containernetworking-plugins'), 'usr/lib/cni');

const API_PORT = 6443;
/** Hosts of a lab do not reach the test's own process. */
const OBJECT_SERVER = `const objects = JSON.parse(process.argv[1]); require('http').createServer(({ url }, response) => (objects[url] ? response.end(JSON.stringify(objects[url])) : response.writeHead(404).end('{}'))).listen(${API_PORT}, '127.0.0.1')`;

/** What a plugin printed, as data. */
export interface Answer extends Ended {
  readonly data: Data;
}

/** What is different from the usual call. */
export interface CallOptions {
  readonly plugin?: string;
  readonly ifname?: string;
  readonly args?: string;
  readonly netns?: string;
  /** Keys of the configuration beside the usual ones. */
  readonly config?: Data;
}

/** Two hosts of a lab with agents and pools of both families, on which a runtime would call the plugins. */
export class CniLab {
  private constructor(
    private readonly running: TestLab,
    /** For what plugins keep on the machine. */
    readonly folder: string,
  ) {}

  static async start(name: string): Promise<CniLab> {
    const folder = mkdtempSync(join(tmpdir(), 'calicoctl-cni-lab-'));
    const pool = (cidr: string, blockSize: number): object => ({ apiVersion: 'projectcalico.org/v3', kind: 'IPPool', metadata: { name: cidr.includes(':') ? 'six' : 'four' }, spec: { cidr, blockSize, ipipMode: 'Never', vxlanMode: 'Always', natOutgoing: true } });
    const file = join(folder, 'pools.yaml');
    writeFileSync(file, [pool('10.65.0.0/20', 26), pool('fd65::/112', 122)].map((each) => `---\n${JSON.stringify(each)}\n`).join(''));
    return new CniLab(await startLab(name, '--nodes', '2', '--vxlan', '--from', file), folder);
  }

  get store(): Store {
    return this.running.store;
  }

  /** How the machine reaches etcd. */
  get endpoint(): string {
    return this.running.lab.endpoint;
  }

  get names(): readonly string[] {
    return this.running.lab.plan.hosts.map(({ name }) => name);
  }

  /** The IPv4 address of a host. */
  address(host: string): string {
    const { plan } = this.running.lab;
    return hostAddresses(plan, plan.hosts.find(({ name }) => name === host)!).ipv4;
  }

  /** Runs commands on a host. */
  on(host: string): Run {
    return runIn(this.running.lab.host(host));
  }

  /** A small API of Kubernetes on a host, with objects by path. Returns its address and what ends it. */
  async kubernetes(host: string, objects: Readonly<Record<string, object>>): Promise<{ readonly url: string; stop(): void }> {
    const { net } = this.running.lab.host(host);
    const server = startProgram(entering({ net }, [process.execPath, '-e', OBJECT_SERVER, JSON.stringify(objects)]), {});
    await eventually('the API answers', () => this.on(host)([process.execPath, '-e', `require('net').connect(${API_PORT}, '127.0.0.1').on('connect', () => process.exit()).on('error', () => process.exit(1))`]).then(() => true, () => false));
    return { url: `http://127.0.0.1:${API_PORT}`, stop: () => server.kill('SIGKILL') };
  }

  /** Makes an empty namespace for a container on a host. Returns its path, as the machine sees it. */
  async sandbox(host: string, name: string): Promise<string> {
    await this.on(host)(['ip', 'netns', 'add', name]);
    return this.sandboxPath(host, name);
  }

  sandboxPath(host: string, name: string): string {
    return this.path(host, `/run/netns/${name}`);
  }

  /** A file of a host, as the machine sees it. */
  path(host: string, file: string): string {
    return `${this.running.lab.host(host).net.replace(/\/ns\/net$/, '')}/root${file}`;
  }

  /** The usual configuration of a network, for a host. */
  config(host: string, more: Data = {}): Data {
    return {
      cniVersion: '1.1.0', name: 'net1', type: 'calico', nodename: host, nodename_file_optional: true, log_level: 'error', mtu: 1400,
      etcd_endpoints: etcdEndpoint(this.running.lab.plan), ipam_lock_file: join(this.folder, `${host}.lock`), ipam: { type: 'calico-ipam' }, ...more,
    };
  }

  /** Calls a plugin on a host, as a runtime does. */
  begin(host: string, command: string, container: string, { plugin = 'calico', ifname = 'eth0', args = '', netns = '', config = {} }: CallOptions = {}): Running {
    const { net } = this.running.lab.host(host);
    const env = callEnvironment(command, { CNI_CONTAINERID: container, CNI_IFNAME: ifname, CNI_ARGS: args, CNI_NETNS: netns, CNI_PATH: CNI_PLUGINS });
    const words = plugin.startsWith('calico') ? [process.execPath, join(ROOT, 'bin/cni.js'), plugin] : [join(CNI_PLUGINS, plugin)];
    return startProgram(entering({ net }, words), { env, stdin: JSON.stringify(this.config(host, config)) });
  }

  async call(host: string, command: string, container: string, options: CallOptions = {}): Promise<Answer> {
    const ended = await this.begin(host, command, container, options).ended;
    return { ...ended, data: ended.stdout.startsWith('{') ? (JSON.parse(ended.stdout) as Data) : {} };
  }

  /** The same where it has to go well. */
  async must(...words: Parameters<CniLab['call']>): Promise<Data> {
    const { code, data, stdout, stderr } = await this.call(...words);
    if (code !== 0) throw new Error(`${words[1]} of ${words[2]} ended with ${code}: ${stdout}${stderr}`);
    return data;
  }

  /** The endpoints that are stored. */
  async endpoints(): Promise<readonly StoredObject[]> {
    const { ranges } = await this.store.snapshot([{ prefix: prefixOf(workloadEndpoint) }]);
    return (ranges[0] ?? []).map(({ value }) => JSON.parse(value) as StoredObject);
  }

  /** The interfaces of workloads on a host. */
  async interfaces(host: string): Promise<readonly string[]> {
    const shown = await this.on(host)(['ip', '-json', 'link', 'show', 'type', 'veth']);
    return (JSON.parse(shown === '' ? '[]' : shown) as { readonly ifname?: string }[]).flatMap(({ ifname = '' }) => (ifname.startsWith('cali') ? [ifname] : []));
  }

  /** Throws where address management has to say anything. */
  async expectClean(): Promise<void> {
    const { code, stdout, stderr } = await calicoctl(['ipam', 'check'], { env: { ETCD_ENDPOINTS: this.endpoint, DATASTORE_TYPE: 'etcdv3' } });
    expect(code, `${stdout}${stderr}`).to.equal(0);
  }

  /** Throws where anything of a container is left. */
  async expectNothing(): Promise<void> {
    expect(await this.endpoints()).to.deep.equal([]);
    for (const host of this.names) expect(await this.interfaces(host)).to.deep.equal([]);
    await this.expectClean();
  }

  async stop(): Promise<void> {
    await this.running.stop();
    rmSync(this.folder, { recursive: true });
  }
}

/** CNI_ARGS for a pod, as a kubelet has them. */
export function podArgs(namespace: string, pod: string): string {
  return `IgnoreUnknown=1;K8S_POD_NAMESPACE=${namespace};K8S_POD_NAME=${pod};K8S_POD_INFRA_CONTAINER_ID=x`;
}

/** The addresses of a result, without their lengths. */
export function addressesIn({ ips }: Data): readonly string[] {
  return (ips as readonly { readonly address: string }[]).map(({ address }) => address.replace(/\/\d+$/, ''));
}

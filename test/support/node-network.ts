import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sources } from '../../src/changes/initialize.js';
import { connect } from '../../src/datastore/etcd/connect.js';
import type { Store } from '../../src/datastore/store.js';
import { namespacesOf, type Namespaces } from '../../src/host/namespaces/namespaces.js';
import { runIn } from '../../src/host/run.js';
import { attachWorkload } from '../../src/host/workload/attach.js';
import { sideOf } from '../../src/host/workload/side.js';
import { addWorkload, writeBasics } from '../../src/lab/fill.js';
import { LabFolder } from '../../src/lab/folder.js';
import { makeUnderlay, type Underlay } from '../../src/lab/keeper/underlay.js';
import { BRIDGE, etcdEndpoint, type LabPlan } from '../../src/lab/plan.js';
import type { TenantWorkload } from '../../src/lab/tenant.js';
import { workloadOf } from '../../src/lab/workloads.js';
import { parseIp } from '../../src/net/address.js';
import { SimulatedHost } from './simulated-host.js';

const SOURCES: Sources = { now: () => new Date(), uuid: randomUUID };
/** Hosts are numbered from here on. */
const FIRST_NUMBER = 11;

/** A workload, and where it is. */
export interface PlacedWorkload {
  readonly address: string;
  readonly address6: string;
  readonly interfaceName: string;
  readonly host: SimulatedHost;
  readonly inside: Namespaces;
}

/** Simulated hosts with a Docker engine each, on one wire with an etcd. The wire is that of a lab; what runs on the hosts is up to the test. */
export class NodeNetwork {
  readonly hosts: SimulatedHost[] = [];
  private workloads = 0;

  private constructor(
    private readonly folder: string,
    private readonly underlay: Underlay,
    /** Where the hosts find etcd. */
    readonly etcd: string,
    /** The same etcd, as this process reaches it. */
    private readonly store: Store,
  ) {}

  /** Where this process finds etcd. */
  get endpoint(): string {
    return `http://127.0.0.1:${this.underlay.port}`;
  }

  /**
   * Makes it, with hosts of these names at 192.168.40.11 and so on, and the pool and the profile of a lab in the store, unless it is to be
   * `empty`.
   * @param docker further words for the engine of a host
   */
  static async start(names: readonly string[], { empty = false, docker = (_name: string): readonly string[] => [] } = {}): Promise<NodeNetwork> {
    const folder = mkdtempSync(join(tmpdir(), 'calicoctl-wire-'));
    const files = new LabFolder('wire', folder);
    mkdirSync(files.etcd, { recursive: true, mode: 0o700 });
    const plan: LabPlan = { name: 'wire', id: 'wire', begun: SOURCES.now().toISOString(), encapsulation: 'routed', network: '192.168.40', hosts: [], program: [], searchPath: process.env['PATH'] ?? '' };
    const underlay = await makeUnderlay(files, plan);
    const store = await connect({ endpoints: [`http://127.0.0.1:${underlay.port}`], endpointsOrigin: 'the test' }, { timeoutMs: 60_000 });
    const network = new NodeNetwork(folder, underlay, etcdEndpoint(plan), store);
    try {
      if (!empty) await writeBasics(store, plan, SOURCES);
      for (const [at, name] of names.entries()) network.hosts.push(await network.startHost(name, FIRST_NUMBER + at));
      await Promise.all(network.hosts.map((host, at) => host.startDocker(docker(names[at]!))));
    } catch (error) {
      await network.stop();
      throw error;
    }
    return network;
  }

  private startHost(name: string, number: number): Promise<SimulatedHost> {
    const { pid, run } = this.underlay;
    const plug = async (port: string): Promise<void> => {
      await run(['ip', 'link', 'set', port, 'master', BRIDGE.name, 'up']);
    };
    return SimulatedHost.start({ name, number, wire: { pid, plug } });
  }

  /** Gives a host a workload, as a network plugin does: an address of the host's blocks in each family, the endpoint, a namespace with an interface. */
  async addWorkload(host: SimulatedHost, node: string, workload: TenantWorkload): Promise<PlacedWorkload> {
    const [endpoint] = await addWorkload(this.store, workload, { host: node, number: ++this.workloads, sources: SOURCES, families: [4, 6] });
    const { interfaceName, addresses } = workloadOf(endpoint!);
    const onHost = runIn(namespacesOf(host.pid));
    await onHost(['ip', 'netns', 'add', interfaceName]);
    const inside: Namespaces = { net: `/proc/${host.pid}/root/run/netns/${interfaceName}` };
    await attachWorkload(sideOf(onHost), sideOf(runIn(inside)), { hostName: interfaceName, name: 'eth0', namespace: interfaceName, addresses: addresses.map((each) => parseIp(each)!), mac: String(endpoint!.spec['mac']) });
    const [address = '', address6 = ''] = addresses;
    return { address, address6, interfaceName, host, inside };
  }

  /** Ends everything in it, and removes its files. */
  async stop(): Promise<void> {
    this.store.close();
    await Promise.all(this.hosts.map((host) => host.stop()));
    this.underlay.etcd.stop();
    // It leads a process group: what it waits with would stay, and hold our streams.
    process.kill(-this.underlay.pid, 'SIGKILL');
    rmSync(this.folder, { recursive: true });
  }
}

import { existsSync } from 'node:fs';
import { makeFolder } from '../../base/make-folder.js';
import { holdHost, type Held } from '../../host/namespaces/hold.js';
import { entering, namespacesOf } from '../../host/namespaces/namespaces.js';
import { runIn, type Run } from '../../host/run.js';
import { Service } from '../../host/service.js';
import { IP_BATCH } from '../../host/workload/side.js';
import type { LabFolder } from '../folder.js';
import { BRIDGE, bridgeAddresses, etcdEndpoint, hostAddresses, portOf, type LabHost, type LabPlan } from '../plan.js';
import type { HostState } from '../requests.js';

/** Folders of the machine that a host sees with what it writes itself on top, by the name of what it writes. */
const LAYERS: Readonly<Record<string, string>> = { etc: '/etc', lib: '/var/lib' };
const BIRD_FOLDER = '/etc/calico/confd/config';

/** A host of a lab: what a machine with a cable is to Calico, made of namespaces. */
export class Machine {
  private held: Held | undefined;
  private services: readonly (readonly [name: string, service: Service])[] = [];

  constructor(
    readonly host: LabHost,
    private readonly folder: LabFolder,
    private readonly plan: LabPlan,
    /** Runs commands where the bridge is. */
    private readonly underlay: Run,
  ) {}

  get state(): HostState {
    return { name: this.host.name, pid: this.held?.pid, services: this.services.map(([name, { pid, starts }]) => ({ name, runs: pid !== undefined, starts })) };
  }

  /** Turns it on, and starts what runs on it. Harmless where it is on. Throws CalicoError. */
  async start(): Promise<void> {
    if (this.held !== undefined) return;
    const held = (this.held = await holdHost());
    const run = runIn(namespacesOf(held.pid));
    await this.mount(run);
    await this.connect(run, held.pid);
    this.services = this.startServices(held.pid);
  }

  /** Has it fail as if its power were cut: nothing that it does at its end reaches the others. */
  async stop(): Promise<void> {
    const { held, services } = this;
    if (held === undefined) return;
    await this.underlay(['ip', 'link', 'del', portOf(this.host)]);
    this.held = undefined;
    this.services = [];
    for (const [, service] of services) service.stop();
    await held.end();
  }

  /** A file system on which nothing that the host writes reaches the machine, and what it wrote before it was stopped is there. */
  private async mount(run: Run): Promise<void> {
    const { path, log } = this.folder.ofHost(this.host.name);
    for (const folder of [log, ...Object.keys(LAYERS).flatMap((name) => [`${path}/${name}/upper`, `${path}/${name}/work`])]) makeFolder(folder);
    for (const [name, folder] of Object.entries(LAYERS)) {
      await run(['mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=${folder},upperdir=${path}/${name}/upper,workdir=${path}/${name}/work`, folder]);
    }
    await run(['mount', '--bind', log, '/var/log']);
    await run(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run']);
    await run(['mount', '-t', 'proc', 'proc', '/proc']);
    await run(['mount', '-t', 'sysfs', 'sysfs', '/sys']);
    await run(['mkdir', '-p', '/var/log/calico', '/var/run/calico', '/var/lib/calico', BIRD_FOLDER]);
    await run(['hostname', this.host.name]);
  }

  private async connect(run: Run, pid: number): Promise<void> {
    const { ipv4, ipv6 } = hostAddresses(this.plan, this.host);
    const outside = bridgeAddresses(this.plan);
    const port = portOf(this.host);
    await this.underlay(IP_BATCH, `link add ${port} type veth peer name eth0 netns ${pid}\nlink set ${port} master ${BRIDGE.name} up\n`);
    await run(IP_BATCH, [
      'link set lo up',
      `address add ${ipv4}/${BRIDGE.length4} dev eth0`,
      `address add ${ipv6}/${BRIDGE.length6} dev eth0 nodad`,
      'link set eth0 up',
      `route add default via ${outside.ipv4}`,
      `route add default via ${outside.ipv6}`,
      '',
    ].join('\n'));
  }

  private startServices(pid: number): [string, Service][] {
    const { log } = this.folder.ofHost(this.host.name);
    const service = (name: string, words: readonly string[], when?: () => boolean): [string, Service] => [
      name,
      new Service({ words: entering(namespacesOf(pid), words), env: this.environment(), log: `${log}/${name}.log`, ...(when && { when }) }),
    ];
    const agent = service('agent', [...this.plan.program, '__agent']);
    if (this.plan.encapsulation === 'vxlan') return [agent];
    const bird = (name: string): [string, Service] => {
      const file = `${BIRD_FOLDER}/${name}.cfg`;
      return service(name, [name, '-R', '-s', `/var/run/calico/${name}.ctl`, '-d', '-c', file], () => existsSync(`/proc/${pid}/root${file}`));
    };
    return [agent, bird('bird'), bird('bird6')];
  }

  /** What the container of a node is given (reference/node-agent 1). */
  private environment(): Record<string, string> {
    const { ipv4, ipv6 } = hostAddresses(this.plan, this.host);
    return {
      PATH: this.plan.searchPath,
      NODENAME: this.host.name,
      DATASTORE_TYPE: 'etcdv3',
      ETCD_ENDPOINTS: etcdEndpoint(this.plan),
      IP: `${ipv4}/${BRIDGE.length4}`,
      IP6: `${ipv6}/${BRIDGE.length6}`,
      CALICO_NETWORKING_BACKEND: this.plan.encapsulation === 'vxlan' ? 'vxlan' : 'bird',
      NO_DEFAULT_POOLS: 'true',
      FELIX_HEALTHENABLED: 'true',
    };
  }
}

import { eventually } from '../../../scripts/support/wait.js';
import { HostApplier, type Applied } from '../../../src/agent/kernel/host-applier.js';
import type { HostState } from '../../../src/dataplane/host/state.js';
import type { Settings } from '../../../src/dataplane/settings/settings.js';
import { listLinks } from '../../../src/host/links.js';
import type { RunProgram } from '../../../src/host/program.js';
import type { Scene } from '../../dataplane/host/scene.js';
import { NetworkNamespace } from '../../support/network-namespace.js';

/** A host of its own whose kernel is brought to what a scene plans. */
export class AppliedHost {
  /** Programs that were run, with their arguments and what they read. */
  readonly ran: { readonly command: string; readonly input: string }[] = [];
  readonly warnings: string[] = [];
  now = 1_000_000;
  /** What programs that are not on this machine do. */
  readonly pretended = new Map<string, RunProgram>();
  applier: HostApplier;

  private constructor(readonly host: NetworkNamespace, readonly scene: Scene, private readonly settings: Settings) {
    this.applier = this.newApplier();
  }

  static async start(scene: Scene): Promise<AppliedHost> {
    return new AppliedHost(await NetworkNamespace.start(), scene, scene.settings);
  }

  /** As after a start of the agent: it knows nothing. */
  restart(): void {
    this.applier = this.newApplier();
  }

  private newApplier(): HostApplier {
    const run: RunProgram = (file, args, options) => {
      this.ran.push({ command: [file, ...args].join(' '), input: options?.input ?? '' });
      return (this.pretended.get(file) ?? this.host.run)(file, args, options);
    };
    return new HostApplier({ settings: this.settings, run, writeSetting: this.host.writeSetting, warn: (text) => this.warnings.push(text), now: () => this.now });
  }

  /** Plans with the interfaces that there are now, and applies it. */
  async apply(): Promise<Applied & { readonly state: HostState }> {
    this.scene.links = await listLinks(this.host.run);
    this.scene.now = this.now;
    const state = this.scene.plan();
    return { ...(await this.applier.apply(state)), state };
  }

  /** A pair of interfaces, both up; the first is called so. */
  async addPair(name: string): Promise<void> {
    await this.host.do(`ip link add ${name} type veth peer name p${name.slice(1)}`, `ip link set ${name} up`, `ip link set p${name.slice(1)} up`);
    await this.runs(name);
  }

  /** Waits until the kernel says that an interface runs: it takes its time. */
  async runs(name: string): Promise<void> {
    await eventually(`${name} runs`, async () => (await listLinks(this.host.run)).some((link) => link.name === name && link.isUp));
  }

  /** The routes of the main table that are not the kernel's own, as ip prints them. */
  async routes(family: 4 | 6 = 4): Promise<readonly string[]> {
    const text = await this.host.do(`ip -${family} route show table main`);
    return text.split('\n').map((line) => line.trim().replace(/ pref \S+/, '')).filter((line) => line !== '' && !/ proto kernel( |$)/.test(line)).sort();
  }

  async json<T>(command: string): Promise<T> {
    return JSON.parse((await this.host.do(command)) || '[]') as T;
  }

  setting(path: string): Promise<string> {
    return this.host.do(`cat /proc/sys/${path}`).then((text) => text.trim());
  }
}

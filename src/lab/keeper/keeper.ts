import { CalicoError } from '../../base/errors.js';
import type { LabFolder } from '../folder.js';
import type { LabPlan } from '../plan.js';
import type { Cut, LabRequest, LabState } from '../requests.js';
import { cutRules } from './cuts.js';
import { Machine } from './machine.js';
import { makeUnderlay, type Underlay } from './underlay.js';

/** What a lab consists of, and what is done to it. It is the first process of a process namespace: all of the lab ends with it. */
export class Keeper {
  /** Whether it stays when whoever started it ends. */
  kept = false;
  private underlay: Underlay | undefined;
  private machines: readonly Machine[] = [];
  private cuts: readonly Cut[] = [];

  constructor(
    private readonly folder: LabFolder,
    private readonly plan: LabPlan,
  ) {}

  /** Does what is asked for. Throws CalicoError. */
  async carryOut(request: LabRequest): Promise<LabState> {
    switch (request.do) {
      case 'network':
        await this.makeNetwork();
        break;
      case 'start':
        await this.machine(request.host).start();
        // The end of the cable is new.
        await this.applyCuts();
        break;
      case 'stop':
        await this.machine(request.host).stop();
        break;
      case 'cut':
        this.cuts = request.cuts;
        await this.applyCuts();
        break;
      case 'keep':
        this.kept = true;
        break;
      case 'tell':
    }
    return this.state;
  }

  private get state(): LabState {
    const { underlay, machines, cuts, kept } = this;
    const etcd = underlay && { name: 'etcd', runs: underlay.etcd.pid !== undefined, starts: underlay.etcd.starts };
    return { kept, port: underlay?.port, underlay: underlay?.pid, etcd, hosts: machines.map(({ state }) => state), cuts };
  }

  private async makeNetwork(): Promise<void> {
    if (this.underlay !== undefined) return;
    const underlay = (this.underlay = await makeUnderlay(this.folder, this.plan));
    this.machines = this.plan.hosts.map((host) => new Machine(host, this.folder, this.plan, underlay.run));
  }

  private async applyCuts(): Promise<void> {
    if (this.cuts.length > 0 || this.wasCut) await this.underlay?.run(['nft', '-f', '-'], cutRules(this.cuts, this.plan.hosts));
    this.wasCut = this.cuts.length > 0;
  }
  private wasCut = false;

  private machine(name: string): Machine {
    const machine = this.machines.find(({ host }) => host.name === name);
    if (machine === undefined) throw new CalicoError('missing', `there is no host ${name} in this lab`);
    return machine;
  }
}

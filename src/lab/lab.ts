import { existsSync } from 'node:fs';
import { CalicoError } from '../base/errors.js';
import { processesWith } from '../host/background.js';
import { namespacesOf, type Namespaces } from '../host/namespaces/namespaces.js';
import { similar } from '../text/similar.js';
import { askKeeper } from './ask-keeper.js';
import { LabFolder, labNames } from './folder.js';
import type { LabPlan } from './plan.js';
import type { LabRequest, LabState } from './requests.js';

/** The word that starts what runs inside of a lab (src/programs/calicoctl/inner.ts). */
export const INNER = '__lab';

/** A lab that runs, as it is seen from outside. */
export class Lab {
  private constructor(
    readonly folder: LabFolder,
    readonly plan: LabPlan,
    /** Its first process. */
    private readonly keeper: number,
    public state: LabState,
  ) {}

  /** Finds a lab that was made. Throws CalicoError where there is none of that name, or nobody keeps it. */
  static async open(name: string): Promise<Lab> {
    const folder = new LabFolder(name);
    if (!folder.exists) throw noLab(name);
    const plan = folder.read();
    const keeper = plan && keeperOf(folder, plan);
    if (plan === undefined || keeper === undefined) {
      throw new CalicoError('precondition', `lab ${name} is not whole: its making was cut short, or its processes were killed`, { hint: `take away what is left with calicoctl lab down${nameFlag(name)}` });
    }
    return new Lab(folder, plan, keeper, await askKeeper(folder, { do: 'tell' }));
  }

  get name(): string {
    return this.plan.name;
  }

  /** How the machine reaches its etcd. Throws CalicoError while there is none. */
  get endpoint(): string {
    if (this.state.port === undefined) throw new CalicoError('precondition', `lab ${this.name} has no etcd yet`, { hint: 'wait until calicoctl lab up has ended' });
    return `http://127.0.0.1:${this.state.port}`;
  }

  /** Has the keeper do something; `state` is what it says then. */
  async ask(request: LabRequest): Promise<LabState> {
    return (this.state = await askKeeper(this.folder, request));
  }

  /** The namespaces of a host. Throws CalicoError where it is stopped, or there is none. */
  host(name: string): Required<Namespaces> {
    const { pid } = this.hostState(name);
    if (pid === undefined) throw new CalicoError('precondition', `host ${name} is stopped`, { hint: `start it with calicoctl lab start ${name}${nameFlag(this.name)}` });
    return namespacesOf(pid, this.processes);
  }

  /** The namespaces of a workload: the network is its own, all else that of its host. Throws CalicoError where it is not there. */
  workload(host: string, interfaceName: string): Required<Namespaces> {
    const ofHost = this.host(host);
    const net = `${this.files(host)}/run/netns/${interfaceName}`;
    if (!existsSync(net)) throw new CalicoError('missing', `host ${host} of lab ${this.name} has no workload behind ${interfaceName}`, { hint: `calicoctl lab start ${host}${nameFlag(this.name)} makes those that the store has` });
    return { ...ofHost, net };
  }

  /** The namespaces of the bridge, which is the world outside too. */
  get outside(): Namespaces {
    if (this.state.underlay === undefined) throw new CalicoError('precondition', `lab ${this.name} has no network yet`);
    return { net: namespacesOf(this.state.underlay, this.processes).net };
  }

  /** The files of a host, as the machine sees them. */
  files(host: string): string {
    const { pid } = this.hostState(host);
    return `${this.processes}/${pid ?? 0}/root`;
  }

  /** The words that start what runs inside of a lab. */
  inner(...words: readonly string[]): string[] {
    return [...this.plan.program, INNER, ...words];
  }

  hostState(name: string): LabState['hosts'][number] {
    const found = this.state.hosts.find((host) => host.name === name);
    if (found !== undefined) return found;
    const names = this.plan.hosts.map((host) => host.name);
    const near = similar(name, names);
    throw new CalicoError('missing', `lab ${this.name} has no host ${name}`, { hint: near === undefined ? `it has ${names.join(', ')}` : `did you mean ${near}?` });
  }

  /** Where the machine sees the processes of the lab under the numbers that the keeper knows. */
  private get processes(): string {
    return `/proc/${this.keeper}/root/proc`;
  }
}

/** The flag that names a lab, with a blank before it; nothing for the one that is meant without it. */
export function nameFlag(name: string): string {
  return name === 'lab' ? '' : ` --name ${name}`;
}

/** The processes that all others of a lab end with: its keeper, and those that wait for it. */
export function keepersOf(folder: LabFolder): ReturnType<typeof processesWith> {
  return processesWith([INNER, 'keeper', folder.path]);
}

function keeperOf(folder: LabFolder, plan: LabPlan): number | undefined {
  return keepersOf(folder).find(({ argv }) => argv[0] === plan.program[0])?.pid;
}

function noLab(name: string): CalicoError {
  const names = labNames();
  const hint = names.length === 0 ? `make one with calicoctl lab up${nameFlag(name)}` : `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}: say which with --name`;
  return new CalicoError('missing', `there is no lab ${name}`, { hint });
}

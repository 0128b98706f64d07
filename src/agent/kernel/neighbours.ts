import { isWorkloadInterface, type HostSettings } from '../../dataplane/host/settings.js';
import { neighbourKey, VXLAN_DEVICES, type FdbEntry, type HostState, type Neighbour } from '../../dataplane/host/state.js';
import type { Command } from './batch.js';
import { Belief } from './belief.js';
import type { KernelNeighbour } from './look.js';

/** Permanent neighbours: of workloads on their interfaces (IPv4), and of the VXLAN devices. */
export class Neighbours {
  private readonly belief = new Belief<Neighbour>((a, b) => a.mac === b.mac);

  constructor(private readonly settings: Pick<HostSettings, 'interfacePrefix'>) {}

  /** Takes what a look at the kernel showed. */
  learn(neighbours: readonly KernelNeighbour[]): void {
    const ours = neighbours.filter(({ device, address }) => isVxlan(device) || (isWorkloadInterface(device, this.settings) && !address.includes(':')));
    this.belief.learn(ours.map((each) => [neighbourKey(each), { ...each, family: each.address.includes(':') ? 6 : 4 }]));
  }

  forget(device: string): void {
    this.belief.forgetWhere((each) => each.device === device);
  }

  changes({ neighbours, vxlan }: HostState): readonly Command[] {
    const wanted = new Map(neighbours);
    for (const device of vxlan.values()) for (const each of device?.neighbours ?? []) wanted.set(neighbourKey(each), each);
    // A device that there cannot be now may stay as it is.
    const removed = this.belief.unwanted(wanted).filter(([, { device }]) => !vxlan.has(device) || vxlan.get(device) !== undefined);
    return [
      ...removed.map(([key, { device, address }]) => ({ line: `neighbour del ${address} dev ${device}`, removes: true, done: () => this.belief.forget(key) })),
      ...this.belief.missing(wanted).map(([key, each]) => ({ line: `neighbour replace ${each.address} lladdr ${each.mac} dev ${each.device} nud permanent`, done: () => this.belief.set(key, each) })),
    ];
  }
}

/** The entries of the FDBs of the VXLAN devices. */
export class Fdb {
  private readonly belief = new Belief<FdbEntry>((a, b) => a.destination === b.destination);

  /** Takes what a look at the kernel showed. */
  learn(entries: readonly FdbEntry[]): void {
    this.belief.learn(entries.map((each) => [fdbKey(each), each]));
  }

  forget(device: string): void {
    this.belief.forgetWhere((each) => each.device === device);
  }

  changes({ vxlan }: HostState): readonly Command[] {
    const devices = [...vxlan.values()].filter((device) => device !== undefined);
    const wanted = new Map(devices.flatMap(({ fdb }) => fdb.map((each) => [fdbKey(each), each] as const)));
    const removed = this.belief.unwanted(wanted).filter(([, { device }]) => vxlan.get(device) !== undefined);
    return [
      ...removed.map(([key, { mac, device, destination }]) => ({ line: `fdb del ${mac} dev ${device} dst ${destination} self`, removes: true, done: () => this.belief.forget(key) })),
      ...this.belief.missing(wanted).map(([key, each]) => ({ line: `fdb replace ${each.mac} dev ${each.device} dst ${each.destination} self permanent`, done: () => this.belief.set(key, each) })),
    ];
  }
}

function fdbKey({ device, mac }: FdbEntry): string {
  return `${device} ${mac}`;
}

function isVxlan(device: string): boolean {
  return Object.values(VXLAN_DEVICES).includes(device);
}

import { isWorkloadInterface, type HostSettings } from '../../dataplane/host/settings.js';
import type { HostState } from '../../dataplane/host/state.js';
import type { Command } from './batch.js';
import { Belief } from './belief.js';
import type { KernelDevice } from './look.js';

interface Address {
  readonly device: string;
  readonly address: string;
}

/** The host's addresses towards workloads that are BGP peers (reference/host-network 4.1, 4.2). */
export class InterfaceAddresses {
  private readonly belief = new Belief<Address>(() => true);

  constructor(private readonly settings: Pick<HostSettings, 'interfacePrefix'>) {}

  /** Takes what a look at the kernel showed. */
  learn(devices: readonly KernelDevice[]): void {
    const ours = devices.filter(({ name }) => isWorkloadInterface(name, this.settings));
    this.belief.learn(ours.flatMap(({ name, addresses }) => addresses.filter((each) => /\/(32|128)$/.test(each)).map((address) => entry(name, address))));
  }

  forget(device: string): void {
    this.belief.forgetWhere((each) => each.device === device);
  }

  changes({ addresses }: HostState): readonly Command[] {
    const wanted = new Map([...addresses].flatMap(([device, list]) => list.map((address) => entry(device, address))));
    return [
      ...this.belief.unwanted(wanted).map(([key, { device, address }]) => ({ line: `address del ${address} dev ${device}`, removes: true, done: () => this.belief.forget(key) })),
      ...this.belief.missing(wanted).map(([key, each]) => ({ line: `address replace ${each.address} dev ${each.device} scope link`, done: () => this.belief.set(key, each) })),
    ];
  }
}

function entry(device: string, address: string): [string, Address] {
  return [`${device} ${address}`, { device, address }];
}

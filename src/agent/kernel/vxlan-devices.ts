import { VXLAN_DEVICES, type HostState, type VxlanDevice } from '../../dataplane/host/state.js';
import type { Link } from '../../dataplane/input.js';
import type { Command } from './batch.js';
import type { KernelDevice } from './look.js';

/** Calico's VXLAN devices (reference/host-network 5.2). */
export class VxlanDevices {
  private readonly there = new Map<string, KernelDevice>();

  /** Takes what a look at the kernel showed. */
  learn(devices: readonly KernelDevice[]): void {
    this.there.clear();
    for (const device of devices) if (isOurs(device.name)) this.there.set(device.name, device);
  }

  /** Whether the host's interfaces show that the devices are others than we know, were taken down, or that one we made is not there (yet). */
  differFrom(interfaces: ReadonlyMap<string, Link>): boolean {
    return [...this.there.values()].some((device) => {
      const now = interfaces.get(device.name);
      if (device.index !== 0 || now === undefined) return device.index !== now?.index || (device.isUp && !now.isUp);
      this.there.set(device.name, { ...device, index: now.index });
      return false;
    });
  }

  /**
   * What has to be done.
   * @returns also which devices are made anew or go: the kernel drops what was on them
   */
  changes({ vxlan }: HostState): { readonly commands: readonly Command[]; readonly dropped: readonly string[] } {
    const commands: Command[] = [];
    const dropped: string[] = [];
    for (const name of Object.values(VXLAN_DEVICES)) {
      const known = this.there.get(name);
      const wanted = vxlan.get(name);
      if (wanted === undefined) {
        if (vxlan.has(name) || known === undefined) continue;
        commands.push(this.removal(name));
        dropped.push(name);
      } else if (known === undefined || !isCompatible(known, wanted)) {
        if (known !== undefined) commands.push(this.removal(name));
        dropped.push(name);
        commands.push(...this.creation(wanted));
      } else commands.push(...this.adjustment(known, wanted));
    }
    return { commands, dropped };
  }

  private removal(name: string): Command {
    return { line: `link del dev ${name}`, removes: true, done: () => void this.there.delete(name) };
  }

  private creation(device: VxlanDevice): readonly Command[] {
    const { name, mac, mtu, vni, local, parent, port } = device;
    const made: KernelDevice = { name, index: 0, mtu, mac, kind: 'vxlan', isUp: false, addresses: [], data: { id: vni, local, link: parent, port, learning: false } };
    return [
      { line: `link add name ${name} address ${mac} mtu ${mtu} type vxlan id ${vni} local ${local} dev ${parent} dstport ${port} nolearning`, done: () => void this.there.set(name, made) },
      ...this.adjustment(made, device),
    ];
  }

  private adjustment({ mtu, isUp, addresses }: KernelDevice, wanted: VxlanDevice): readonly Command[] {
    const { name, family, address } = wanted;
    const note = (change: Partial<KernelDevice>) => (): void => {
      const known = this.there.get(name);
      if (known !== undefined) this.there.set(name, { ...known, ...change });
    };
    const ofFamily = addresses.filter((each) => each.includes(':') === (family === 6));
    return [
      ...(mtu === wanted.mtu ? [] : [{ line: `link set dev ${name} mtu ${wanted.mtu}`, done: note({ mtu: wanted.mtu }) }]),
      ...ofFamily.filter((each) => each !== address).map((each) => ({ line: `address del ${each} dev ${name}`, removes: true, done: note({ addresses: addresses.filter((other) => other === address) }) })),
      ...(ofFamily.includes(address) ? [] : [{ line: `address replace ${address} dev ${name}${family === 6 ? ' nodad' : ''}`, done: note({ addresses: [address] }) }]),
      ...(isUp ? [] : [{ line: `link set dev ${name} up`, done: note({ isUp: true }) }]),
    ];
  }
}

function isOurs(name: string): boolean {
  return Object.values(VXLAN_DEVICES).includes(name);
}

function isCompatible({ kind, mac, data }: KernelDevice, { vni, port, parent, local, mac: wanted }: VxlanDevice): boolean {
  return kind === 'vxlan' && mac === wanted && data['id'] === vni && data['port'] === port && data['link'] === parent && (data['local'] ?? data['local6']) === local && data['group'] === undefined && data['learning'] !== true;
}

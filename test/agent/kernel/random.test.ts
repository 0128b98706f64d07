import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { lookAtRoutes, type KernelRoute } from '../../../src/agent/kernel/look.js';
import type { HostState, Route } from '../../../src/dataplane/host/state.js';
import type { BlockOwner } from '../../../src/dataplane/input.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { block, node, pool, Scene, workload } from '../../dataplane/host/scene.js';
import { Random } from '../../support/policy/random.js';
import { describeAsRoot } from '../../support/root.js';
import { AppliedHost } from './applied-host.js';

const STEPS = 25;
const INTERFACES = ['calia', 'calib', 'calic', 'calid'];
const ADDRESSES = ['10.1.0.1', '10.1.0.2', 'fd80::1', 'fd80::2', '10.2.0.9'];

/** What can be read of both. */
function text({ family, type, destination, gateway, device, isOnLink, scope, protocol, metric, source, mtu }: Route | KernelRoute): string {
  return JSON.stringify([family, type, destination, gateway, device, isOnLink, scope, protocol, metric, source, mtu]);
}

describeAsRoot('the kernel after changes at random', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  const random = new Random(seed);
  let host: AppliedHost;
  before(async () => {
    host = await AppliedHost.start(new Scene());
    await host.host.do('ip link add eth0 type veth peer name far', 'ip link set far up', 'ip link set eth0 up', 'ip address add 192.0.2.1/24 dev eth0');
    for (const name of INTERFACES) await host.addPair(name);
    await host.runs('eth0');
  });
  after(() => host.host.stop());

  const store = (): { readonly objects: readonly StoredObject[]; readonly blocks: readonly BlockOwner[] } => ({
    objects: [
      node('n1', { ipv4Address: '192.0.2.1/24' }, random.chance(0.8) ? { ipv4VXLANTunnelAddr: '10.1.0.0' } : {}),
      node('n2', { ipv4Address: random.chance(0.5) ? '192.0.2.2/24' : '198.51.100.2/24' }, { ipv4VXLANTunnelAddr: '10.2.0.0' }),
      ...(random.chance(0.8) ? [pool('p', '10.0.0.0/8', { vxlanMode: random.one(['Always', 'CrossSubnet', 'Never']) })] : []),
      ...INTERFACES.filter(() => random.chance(0.7)).map((interfaceName, at) => workload(`w${at}`, { interfaceName, ipNetworks: ADDRESSES.filter(() => random.chance(0.4)) })),
    ],
    blocks: [block('10.1.0.0/26', 'n1', random.chance(0.5) ? { n2: ['10.1.0.2'] } : {}), ...(random.chance(0.7) ? [block('10.2.0.0/26', 'n2')] : [])],
  });

  /** Somebody changes something; what they change of ours is put right by a look. */
  const meddle = async (): Promise<void> => {
    const name = random.one(INTERFACES);
    switch (random.one(['store', 'store', 'store', 'down', 'new', 'flush', 'strange', 'device'] as const)) {
      case 'store': {
        const { objects, blocks } = store();
        for (const kind of ['Node', 'IPPool', 'WorkloadEndpoint']) host.scene.without(kind);
        host.scene.with(...objects).blocks = blocks;
        return;
      }
      case 'down':
        await host.host.do(`ip link set ${name} down`);
        await host.apply();
        await host.host.do(`ip link set ${name} up`);
        return host.runs(name);
      case 'new':
        await host.host.do(`ip link del ${name}`);
        if (random.chance(0.5)) await host.apply();
        return host.addPair(name);
      case 'flush':
        await host.host.do(`ip route flush dev ${name} proto 3`);
        return host.applier.refresh();
      case 'strange':
        await host.host.do(`ip route replace ${random.one(['10.1.0.1', '10.9.0.9'])}/32 dev ${name} proto static metric ${random.one([0, 1024, 5])}`);
        return host.applier.refresh();
      case 'device':
        await host.host.run('ip', ['link', 'del', 'vxlan.calico']);
    }
  };

  const routes = async (): Promise<readonly string[]> => {
    const all = (await Promise.all([lookAtRoutes(host.host.run, 4), lookAtRoutes(host.host.run, 6)])).flat();
    return all.filter(({ protocol }) => protocol !== 2).map(text).sort();
  };

  it(`is what was planned, after every one of ${STEPS} (SEED=${seed})`, async function () {
    this.timeout(60_000);
    for (let step = 0; step < STEPS; step++) {
      await meddle();
      let state: HostState | undefined;
      let failures: readonly string[] = [''];
      // What was seen to fail is looked at and tried again, as the agent does.
      for (let tried = 0; failures.length > 0 && tried < 3; tried++) ({ state, failures } = await host.apply());
      expect(failures, `SEED=${seed}, step ${step}`).to.deep.equal([]);
      expect(await routes(), `SEED=${seed}, step ${step}`).to.deep.equal([...state!.routes!.values()].map(text).sort());
    }
  });
});

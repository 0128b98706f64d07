import { expect } from 'chai';
import { describe, it } from 'mocha';
import { deleteTargets } from '../../src/changes/delete.js';
import type { Effects } from '../../src/changes/effects/draft.js';
import { effectsOf } from '../../src/changes/effects/effects.js';
import { dryRunLines, effectsData, effectsText } from '../../src/output/views/changes/effects.js';
import { storedTarget, type Target } from '../../src/objects/target.js';
import { keyOf } from '../../src/resources/keys.js';
import type { StoredKind } from '../../src/resources/kind.js';
import { bgpFilter } from '../../src/resources/v3/bgp-filter.js';
import { bgpPeer } from '../../src/resources/v3/bgp-peer.js';
import { globalNetworkPolicy } from '../../src/resources/v3/global-network-policy.js';
import { hostEndpoint } from '../../src/resources/v3/host-endpoint.js';
import { ipPool } from '../../src/resources/v3/ip-pool.js';
import { node } from '../../src/resources/v3/node.js';
import { profile } from '../../src/resources/v3/profile.js';
import { workloadEndpoint } from '../../src/resources/v3/workload-endpoint.js';
import { MemoryStore } from '../support/memory-store.js';

async function put(store: MemoryStore, kind: StoredKind, name: string, spec: object = {}): Promise<Target> {
  const namespace = kind.namespaced ? 'default' : undefined;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const value = JSON.stringify({ kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata, spec });
  await store.commit([{ action: 'put', key: keyOf(kind, name, namespace), expect: '0', value }]);
  return storedTarget(kind, { kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata, spec: {} });
}

/** A block of four addresses, the second of which is given out to a handle. */
async function allocate(store: MemoryStore, base: string): Promise<string> {
  const key = `/calico/ipam/v2/assignment/ipv4/block/${base}-30`;
  const block = { cidr: `${base}/30`, affinity: null, allocations: [null, 0, null, null], unallocated: [0, 2, 3], attributes: [{ handle_id: `h-${base}`, secondary: {} }], deleted: false };
  await store.commit([{ action: 'put', key, expect: '0', value: JSON.stringify(block) }]);
  return key;
}

async function effects(store: MemoryStore, ...targets: readonly Target[]): Promise<readonly string[]> {
  return dryRunLines((await deleteTargets(store, targets, { dryRun: true, findEffects: effectsOf })).effects, false);
}

describe('what else goes or breaks with a deletion', () => {
  it('leaves out what goes for itself, and what goes with a node does not lack its profile', async () => {
    const store = new MemoryStore();
    const web = await put(store, profile, 'web');
    const n1 = await put(store, node, 'n1');
    await put(store, workloadEndpoint, 'n1-k8s-a-eth0', { node: 'n1', profiles: ['web'], ipNetworks: ['10.0.0.1/32'] });
    await allocate(store, '10.0.0.0');
    const host = await put(store, hostEndpoint, 'h', { node: 'n2', profiles: ['web'] });
    expect(await effects(store, web, n1, host)).to.deep.equal(['would delete WorkloadEndpoint(default/n1-k8s-a-eth0)', 'would release 10.0.0.1 of Workload(default/n1-k8s-a-eth0)']);
    expect(await effects(store, web, n1)).to.include('would break HostEndpoint(h): names the profile web; a missing profile denies all traffic to it').and.to.have.length(3);
  });

  it('names an address that is released though an endpoint that stays has it, and none that is not allocated', async () => {
    const store = new MemoryStore();
    const n1 = await put(store, node, 'n1', { bgp: { ipv4IPIPTunnelAddr: '10.0.0.3' }, ipv6VXLANTunnelAddr: 'fd00::1' });
    await put(store, workloadEndpoint, 'n1-k8s-stale-eth0', { node: 'n1', ipNetworks: ['10.0.0.1/32', '172.16.0.9/32'] });
    await put(store, workloadEndpoint, 'n2-k8s-live-eth0', { node: 'n2', ipNetworks: ['10.0.0.1/32'] });
    await allocate(store, '10.0.0.0');
    const released = (lines: readonly string[]): string[] => lines.filter((line) => line.includes('release'));
    expect(released(await effects(store, n1))).to.deep.equal(['would release 10.0.0.1 of Workload(default/n1-k8s-stale-eth0), which Workload(default/n2-k8s-live-eth0) has too and will lose']);
    const { effects: found } = await deleteTargets(store, [n1], { dryRun: true, findEffects: effectsOf });
    expect(effectsData(found[0]!)['releasedAddresses']).to.deep.equal([{ ip: '10.0.0.1', user: 'Workload(default/n1-k8s-stale-eth0)', alsoUsedBy: ['Workload(default/n2-k8s-live-eth0)'] }]);
    const n2 = await put(store, node, 'n2');
    expect(released(await effects(store, n1, n2))).to.deep.equal(['would release 10.0.0.1 of Workload(default/n1-k8s-stale-eth0)', 'would release 10.0.0.1 of Workload(default/n2-k8s-live-eth0)']);
  });

  it('an endpoint that goes together with its node gives its address back, in whatever order, and one that goes alone does not', async () => {
    for (const order of [0, 1]) {
      const store = new MemoryStore();
      const n1 = await put(store, node, 'n1');
      const own = await put(store, workloadEndpoint, 'n1-k8s-a-eth0', { node: 'n1', ipNetworks: ['10.0.0.1/32'] });
      const other = await put(store, workloadEndpoint, 'n2-k8s-a-eth0', { node: 'n2', ipNetworks: ['10.0.1.1/32'] });
      const [block, kept] = [await allocate(store, '10.0.0.0'), await allocate(store, '10.0.1.0')];
      const targets = order === 0 ? [n1, own, other] : [other, own, n1];
      expect(await effects(store, ...targets)).to.deep.equal(['would release 10.0.0.1 of Workload(default/n1-k8s-a-eth0)']);
      const { deleted } = await deleteTargets(store, targets, {});
      expect(deleted.map(({ identity }) => identity)).to.have.members(targets.map(({ identity }) => identity));
      expect([block in store.content(), kept in store.content()]).to.deep.equal([false, true]);
    }
  });

  it('names everything that names a node whose name is part of others', async () => {
    const store = new MemoryStore();
    const n1 = await put(store, node, 'n1');
    await put(store, hostEndpoint, 'a', { node: 'n1' });
    await put(store, hostEndpoint, 'b', { node: 'n10' });
    await put(store, bgpPeer, 'c', { node: 'an1' });
    expect(await effects(store, n1)).to.deep.equal(['would delete HostEndpoint(a)']);
  });

  it('counts an endpoint that goes for itself no more among the users of a pool, but its address stays given out', async () => {
    const store = new MemoryStore();
    const pool = await put(store, ipPool, 'p', { cidr: '10.0.0.0/24' });
    const endpoint = await put(store, workloadEndpoint, 'n1-k8s-a-eth0', { node: 'n1', ipNetworks: ['10.0.0.9/32'] });
    await put(store, workloadEndpoint, 'n1-k8s-b-eth0', { node: 'n1', ipNetworks: ['10.0.0.10/32', '10.9.0.1/32'] });
    await put(store, node, 'n2', { bgp: { ipv4Address: '10.0.0.3/24', ipv4IPIPTunnelAddr: '10.0.0.4' } });
    await allocate(store, '10.0.0.0');
    const inUse = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/^would leave in use without IPPool\(p\): /, ''));
    expect(inUse(await effects(store, pool))).to.deep.equal(['10.0.0.1', '10.0.0.4 of Node(n2)', '10.0.0.9 of Workload(default/n1-k8s-a-eth0)', '10.0.0.10 of Workload(default/n1-k8s-b-eth0)']);
    expect(inUse(await effects(store, pool, endpoint))).to.deep.equal(['10.0.0.1', '10.0.0.4 of Node(n2)', '10.0.0.10 of Workload(default/n1-k8s-b-eth0)']);
  });

  it('of a pool names what may use addresses of it but cannot be read: endpoints, nodes, its blocks, itself', async () => {
    const store = new MemoryStore();
    const [p, q] = [await put(store, ipPool, 'p', { cidr: '10.0.0.0/24' }), await put(store, ipPool, 'q', { cidr: 5 })];
    const n1 = await put(store, node, 'n1', { bgp: 5 });
    await put(store, workloadEndpoint, 'n1-k8s-a-eth0', { node: 'n1', ipNetworks: 'all' });
    for (const key of ['10.0.0.64-26', '10.1.0.0-26']) await store.commit([{ action: 'put', key: `/calico/ipam/v2/assignment/ipv4/block/${key}`, expect: '0', value: '{' }]);
    const { effects: found } = await deleteTargets(store, [p, q], { dryRun: true, findEffects: effectsOf });
    const keys = found.map((each) => (effectsData(each)['unreadable'] as readonly { key: string }[]).map(({ key }) => key.replace(/^.*[/]/, '')));
    expect(keys).to.deep.equal([['n1', 'n1-k8s-a-eth0', '10.0.0.64-26'], ['q']]);
    expect(dryRunLines(found, false).at(-1)).to.equal('would perhaps leave in use without IPPool(q) addresses in what cannot be read: /calico/resources/v3/projectcalico.org/ippools/q: spec.cidr is not text');
    expect(effectsText(found)[0]).to.equal('IPPool(p) may have more addresses in use, since this cannot be read:');
    expect((await effects(store, p, n1)).filter((line) => line.includes('IPPool(p)') && line.includes('/nodes/'))).to.deep.equal([]);
  });

  it('is nothing, and nothing is read for it, where nobody asks or nothing can depend on the kind', async () => {
    const lists: string[] = [];
    class Watched extends MemoryStore {
      override list(...args: Parameters<MemoryStore['list']>): ReturnType<MemoryStore['list']> {
        lists.push(args[0]);
        return super.list(...args);
      }
    }
    const store = new Watched();
    const policy = await put(store, globalNetworkPolicy, 'a');
    const filter = await put(store, bgpFilter, 'f');
    await put(store, bgpPeer, 'p', { filters: ['f'] });
    expect(await effects(store, policy)).to.deep.equal([]);
    expect((await deleteTargets(store, [filter], {})).effects).to.deep.equal([]);
    expect(lists).to.deep.equal([]);
  });

  it('is asked about again where more comes to be in use meanwhile, and nothing is deleted until all is agreed to', async () => {
    const store = new MemoryStore();
    const filter = await put(store, bgpFilter, 'f');
    await put(store, bgpPeer, 'p1', { filters: ['f'] });
    const asked: string[][] = [];
    const confirm = async (found: readonly Effects[]): Promise<void> => {
      asked.push(dryRunLines(found, false).map((line) => line.replace(/:.*/, '')));
      expect(await store.get(keyOf(bgpFilter, 'f'))).not.to.equal(undefined);
      if (asked.length === 1) await put(store, bgpPeer, 'p2', { filters: ['f'] });
    };
    const { deleted } = await deleteTargets(store, [filter], { findEffects: effectsOf, confirm });
    expect(asked).to.deep.equal([['would break BGPPeer(p1)'], ['would break BGPPeer(p1)', 'would break BGPPeer(p2)']]);
    expect(deleted).to.have.length(1);
    expect(await store.get(keyOf(bgpFilter, 'f'))).to.equal(undefined);
  });

  it('is shown in bounded lists with a count of the rest, on a terminal; whole in a pipe', async () => {
    const store = new MemoryStore();
    const web = await put(store, profile, 'web');
    for (let index = 0; index < 200; index++) await put(store, hostEndpoint, `h${index}`, { node: 'n', profiles: ['web'] });
    const { effects: found } = await deleteTargets(store, [web], { dryRun: true, findEffects: effectsOf });
    expect([effectsText(found).length, dryRunLines(found, true).length, dryRunLines(found, false).length]).to.deep.equal([12, 11, 200]);
    expect(effectsText(found).at(-1)).to.equal('  and 190 more');
  });
});

import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'mocha';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation, Store } from '../../src/datastore/store.js';
import { trace } from '../../src/insight/trace.js';
import type { Lab } from '../../src/lab/lab.js';
import { hostAddresses } from '../../src/lab/plan.js';
import { parseIp } from '../../src/net/address.js';
import { compileAll } from '../../src/policy/compile.js';
import { POLICY_KINDS, readNetwork } from '../../src/policy/stored-network.js';
import { keyOf, prefixOf } from '../../src/resources/keys.js';
import type { StoredKind, StoredObject } from '../../src/resources/kind.js';
import { kindOfDocument } from '../../src/resources/registry.js';
import { Probers, type ProbePacket } from '../support/lab-packets.js';
import { startLab, type TestLab } from '../support/lab-run.js';
import { Random } from '../support/policy/random.js';
import { randomNetwork } from '../support/policy/random-network.js';
import { PORTS } from '../support/policy/random-rule.js';
import { describeAsRoot } from '../support/root.js';

/** More of them by hand: PACKET_ROUNDS=40 PACKET_SEED=7. */
const ROUNDS = Number(process.env['PACKET_ROUNDS'] ?? 6);
const SEED = Number(process.env['PACKET_SEED'] ?? 1);
const FLOWS = 60;
const NAME = `test-p${process.pid}`;
const NODES = ['node-a', 'node-b'];
const WORKLOADS = 6;
/** What is stored takes a moment; what is not as policies say then is not by chance. */
const SETTLED_MS = 700;
const TRIES = 5;
const WRITTEN = ['Tier', 'GlobalNetworkPolicy', 'NetworkPolicy', 'Profile', 'WorkloadEndpoint', 'HostEndpoint', 'GlobalNetworkSet', 'NetworkSet', 'FelixConfiguration'];

const address = (index: number, version: 4 | 6): string => (version === 4 ? `10.65.0.${index + 1}` : `fd65::${index + 1}`);
const nodeOf = (index: number): string => NODES[index % NODES.length]!;
const kindOf = ({ kind }: StoredObject): StoredKind => kindOfDocument('projectcalico.org/v3', kind) as StoredKind;

/** A random network on the workloads and hosts that the lab has. What would cut hosts off from etcd, and untracked policies, whose answers are policed by themselves, are left out. */
function storeOf(random: Random, lab: Lab): readonly StoredObject[] {
  let workloads = 0;
  return randomNetwork(random).flatMap((object): StoredObject[] => {
    const { kind, spec } = object;
    if (kind === 'WorkloadEndpoint') {
      const index = workloads++;
      const node = nodeOf(index);
      const networks = (spec['ipNetworks'] as string[]).map((each) => (each.includes(':') ? `${address(index, 6)}/128` : `${address(index, 4)}/32`));
      return [{ ...object, metadata: { ...object.metadata, name: `${node.replace('-', '--')}-k8s-w${index}-eth0` }, spec: { ...spec, node, interfaceName: `cali${index}`, ipNetworks: networks } }];
    }
    if (kind === 'HostEndpoint') {
      const host = lab.plan.hosts.find(({ name }) => name === spec['node'])!;
      const { expectedIPs: _, ...rest } = spec;
      return [{ ...object, spec: spec['interfaceName'] === 'eth1' || spec['interfaceName'] === undefined ? { ...rest, interfaceName: 'eth0', expectedIPs: Object.values(hostAddresses(lab.plan, host)) } : rest }];
    }
    if (kind === 'FelixConfiguration') return object.metadata.name === 'default' ? [{ ...object, spec: { defaultEndpointToHostAction: spec['defaultEndpointToHostAction'] ?? 'Drop' } }] : [];
    return spec['doNotTrack'] === true ? [] : [object];
  });
}

describeAsRoot('packets and policies', () => {
  let running: TestLab;
  let lab: Lab;
  let store: Store;
  const counts = { allow: 0, deny: 0 };
  const probers = new Probers();

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'calicoctl-packets-'));
    const workload = (index: number): object => ({
      apiVersion: 'projectcalico.org/v3', kind: 'WorkloadEndpoint', metadata: { namespace: 'web' },
      spec: { node: nodeOf(index), orchestrator: 'k8s', pod: `w${index}`, endpoint: 'eth0', interfaceName: `cali${index}`, ipNetworks: [`${address(index, 4)}/32`, `${address(index, 6)}/128`] },
    });
    const pool = (cidr: string): object => ({ apiVersion: 'projectcalico.org/v3', kind: 'IPPool', metadata: { name: cidr.includes(':') ? 'six' : 'four' }, spec: { cidr, ipipMode: 'Never', vxlanMode: 'Never', natOutgoing: false } });
    const file = join(folder, 'network.yaml');
    writeFileSync(file, [pool('10.65.0.0/24'), pool('fd65::/112'), ...Array.from({ length: WORKLOADS }, (_, index) => workload(index))].map((each) => `---\n${JSON.stringify(each)}\n`).join(''));
    running = await startLab(NAME, '--from', file).finally(() => rmSync(folder, { recursive: true }));
    ({ lab, store } = running);
    await Promise.all([
      ...NODES.map((node) => probers.start(node, lab.host(node), PORTS)),
      ...Array.from({ length: WORKLOADS }, (_, index) => probers.start(`w${index}`, lab.workload(nodeOf(index), `cali${index}`), PORTS)),
    ]);
  });

  after(async () => {
    probers.stop();
    await running?.stop();
  });

  /** Makes the store what it is to be, in one transaction. */
  async function write(objects: readonly StoredObject[]): Promise<void> {
    const kinds = POLICY_KINDS.filter(({ kind }) => WRITTEN.includes(kind));
    const { ranges } = await store.snapshot(kinds.map((kind) => ({ prefix: prefixOf(kind) })));
    const before = new Map(ranges.flat().map(({ key, modRevision }) => [key, modRevision]));
    const puts = new Map(objects.map((object) => {
      const kind = kindOf(object);
      const { name, namespace } = object.metadata;
      return [keyOf(kind, name, kind.namespaced ? namespace : undefined), JSON.stringify({ ...object, metadata: { ...object.metadata, uid: `00000000-0000-4000-8000-${name.length.toString().padStart(12, '0')}`, creationTimestamp: '2026-01-01T00:00:00Z' } })];
    }));
    const gone = [...before.keys()].filter((key) => !puts.has(key) && !key.endsWith('/tiers/default'));
    const operations: Operation[] = [
      ...[...puts].map(([key, value]): Operation => ({ action: 'put', key, value, expect: before.get(key) ?? '0' })),
      ...gone.map((key): Operation => ({ action: 'delete', key, expect: before.get(key)! })),
    ];
    expect(await store.commit(operations)).to.include({ done: true });
  }

  function randomPacket(random: Random, ends: readonly { readonly name: string; readonly addresses: readonly string[] }[]): { readonly from: string; readonly to: string; readonly packet: ProbePacket } {
    for (;;) {
      const [from, to] = [random.one(ends), random.one(ends)];
      const version = random.chance(0.3) ? 6 : 4;
      const [source, target] = [from, to].map(({ addresses }) => addresses.find((each) => each.includes(':') === (version === 6)));
      if (from === to || source === undefined || target === undefined) continue;
      const protocol = random.one(['tcp', 'tcp', 'udp', 'udp', 'icmp'] as const);
      return { from: from.name, to: to.name, packet: { protocol, source, target, ...(protocol !== 'icmp' && { port: random.one(PORTS) }) } };
    }
  }

  for (let round = 0; round < ROUNDS; round++) {
    it(`fare alike on random store ${SEED + round}`, async () => {
      const random = new Random(SEED + round);
      const objects = storeOf(random, lab);
      await write(objects);
      await sleep(SETTLED_MS);
      const { ranges } = await store.snapshot(POLICY_KINDS.map((kind) => ({ prefix: prefixOf(kind) })));
      const { resources } = readNetwork(ranges.flat());
      const [model] = compileAll([resources], {});
      const ends = [
        ...lab.plan.hosts.map((host) => ({ name: host.name, addresses: Object.values(hostAddresses(lab.plan, host)) })),
        ...objects.filter(({ kind }) => kind === 'WorkloadEndpoint').map(({ spec }) => ({ name: String(spec['pod']), addresses: (spec['ipNetworks'] as string[]).map((each) => each.replace(/\/.*/, '')) })),
      ];
      const wrong = await Promise.all(random.times(FLOWS, () => randomPacket(random, ends)).map(async ({ from, to, packet }) => {
        const end = (text: string) => ({ word: text, by: 'address' as const, ip: parseIp(text)! });
        for (let tries = 1; ; tries++) {
          const { through, sourcePort, said } = await probers.send(from, packet);
          const { verdict } = trace(model!, resources, { from: end(packet.source), to: end(packet.target), protocol: packet.protocol, port: packet.port, fromPort: packet.protocol === 'icmp' ? undefined : sourcePort }, 'v3');
          if (through === (verdict.verdict === 'allow')) {
            counts[verdict.verdict]++;
            return undefined;
          }
          if (tries === TRIES) return `${from} to ${to}, ${packet.protocol} ${packet.source} ${packet.target} ${packet.port ?? ''}: the packet ${through ? 'got through' : `did not (${said})`}, policies say ${verdict.verdict} by ${verdict.by}`;
          await sleep(SETTLED_MS);
        }
      }));
      expect(wrong.filter((each) => each !== undefined)).to.deep.equal([]);
    });
  }

  it('are allowed often enough, and denied', () => {
    expect(counts.allow + counts.deny).to.be.greaterThan(0);
    expect(Math.min(counts.allow, counts.deny)).to.be.greaterThan((counts.allow + counts.deny) / 10);
  });
});

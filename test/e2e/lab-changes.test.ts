import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../scripts/support/wait.js';
import type { Operation, Store } from '../../src/datastore/store.js';
import { listProcesses } from '../../src/host/processes.js';
import { runIn } from '../../src/host/run.js';
import type { Lab } from '../../src/lab/lab.js';
import { storedWorkloads, workloadOf } from '../../src/lab/workloads.js';
import { keyOf } from '../../src/resources/keys.js';
import type { StoredKind } from '../../src/resources/kind.js';
import { globalNetworkPolicy } from '../../src/resources/v3/global-network-policy.js';
import { globalNetworkSet } from '../../src/resources/v3/global-network-set.js';
import { workloadEndpoint } from '../../src/resources/v3/workload-endpoint.js';
import { Probers } from '../support/lab-packets.js';
import { startLab, type TestLab } from '../support/lab-run.js';
import { Random } from '../support/policy/random.js';
import { describeAsRoot } from '../support/root.js';

const CHANGES = Number(process.env['POLICY_CHANGES'] ?? 500);
const PORT = 3306;

/** Rules that another change may bring: none of them lets a frontend reach the database's port. */
const RULES = [
  { action: 'Allow', source: { selector: "service == 'backend'" } },
  { action: 'Allow', protocol: 'TCP', source: { selector: "service == 'frontend'" }, destination: { ports: [80, '8000:8100'] } },
  { action: 'Allow', protocol: 'UDP', source: { selector: 'all()' }, destination: { ports: [53] } },
  { action: 'Allow', source: { selector: "service == 'monitor'" } },
  { action: 'Deny', source: { selector: "service == 'frontend'" } },
  { action: 'Deny', source: { selector: "has(forbidden)" } },
  { action: 'Pass', protocol: 'ICMP' },
];

describeAsRoot('packets while policies change', () => {
  let running: TestLab;
  let lab: Lab;
  let store: Store;
  const probers = new Probers();
  const addresses = new Map<string, string>();

  before(async () => {
    running = await startLab(`test-c${process.pid}`);
    ({ lab, store } = running);
    await put(globalNetworkPolicy, 'database', base(50));
    for (const object of (await storedWorkloads(store, lab.plan.hosts.map(({ name }) => name))).here) {
      const { name, host, interfaceName, addresses: [address = ''] } = workloadOf(object);
      addresses.set(name, address);
      await probers.start(name, lab.workload(host, interfaceName), [PORT]);
    }
    await eventually('the policy holds', async () => !(await sent('frontend-1', 'tcp')) && (await sent('backend', 'tcp')), 20_000);
  });

  after(async () => {
    probers.stop();
    await running?.stop();
  });

  const base = (order: number): object => ({ order, tier: 'default', selector: "service == 'database'", types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'TCP', source: { selector: "service == 'backend'" }, destination: { ports: [PORT] } }, { action: 'Deny' }] });

  async function sent(from: string, protocol: 'tcp' | 'udp'): Promise<boolean> {
    return (await probers.send(from, { protocol, source: addresses.get(from)!, target: addresses.get('database')!, port: PORT })).through;
  }

  /** Writes or deletes an object; etcd may just be starting again. */
  async function put(kind: StoredKind, name: string, spec: object | undefined): Promise<void> {
    const key = keyOf(kind, name);
    for (;;) {
      try {
        const before = await store.get(key);
        if (before === undefined && spec === undefined) return;
        const expected = before?.modRevision ?? '0';
        const value = JSON.stringify({ kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata: { name, uid: '00000000-0000-4000-8000-000000000001', creationTimestamp: '2026-01-01T00:00:00Z' }, spec });
        const operation: Operation = spec === undefined ? { action: 'delete', key, expect: expected } : { action: 'put', key, expect: expected, value };
        if ((await store.commit([operation])).done) return;
      } catch {
        await sleep(50);
      }
    }
  }

  /** Says of another frontend that it is a monitor, or not. */
  async function relabel(service: string): Promise<void> {
    const key = keyOf(workloadEndpoint, 'node2-k8s-frontend--2-eth0', 'default');
    const entry = await store.get(key).catch(() => undefined);
    if (entry === undefined) return;
    const object = JSON.parse(entry.value) as { metadata: { labels: Record<string, string> } };
    object.metadata.labels['service'] = service;
    await store.commit([{ action: 'put', key, expect: entry.modRevision, value: JSON.stringify(object) }]).catch(() => undefined);
  }

  async function change(random: Random): Promise<void> {
    const name = `noise-${random.below(6)}`;
    switch (random.below(8)) {
      case 0:
        return put(globalNetworkPolicy, name, undefined);
      case 1:
        return put(globalNetworkPolicy, 'database', base(random.one([45, 50, 55])));
      case 2:
        return put(globalNetworkSet, 'monitors', { nets: random.some(['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/25'], 3, 1) });
      case 3:
        return relabel(random.one(['frontend', 'monitor']));
      default:
        return put(globalNetworkPolicy, name, { order: random.below(100), tier: 'default', selector: random.one(["service == 'database'", 'all()', 'has(service)']), types: ['Ingress'], ingress: random.times(1 + random.below(3), () => random.one(RULES)) });
    }
  }

  /** Kills a program of a host, once it runs; the keeper starts it again. */
  async function kill(host: string, name: string): Promise<void> {
    const words = ['sh', '-c', 'kill -9 $(grep -lx "$1" /proc/[0-9]*/comm | cut -d/ -f3)', 'sh', name];
    await eventually(`${name} runs on ${host}`, () => runIn(lab.host(host))(words).then(() => true, () => false), 20_000);
  }

  function killEtcd(): void {
    for (const { pid, argv } of listProcesses()) if (argv[0] === 'etcd' && argv.includes(`${lab.folder.etcd}/data`)) process.kill(pid, 'SIGKILL');
  }

  /** Sends what is denied, again and again, until it is told to end. */
  function denied(): () => Promise<{ readonly sent: number; readonly through: number }> {
    const count = { sent: 0, through: 0 };
    let isOver = false;
    const sending = Promise.all((['tcp', 'udp'] as const).flatMap((protocol) => Array.from({ length: 20 }, async (_, at) => {
      await sleep(at * 20);
      while (!isOver) {
        count.sent++;
        if (await sent('frontend-1', protocol)) count.through++;
      }
    })));
    return async () => {
      isOver = true;
      await sending;
      return count;
    };
  }

  it(`lets nothing through that is denied, and breaks no connection, in ${CHANGES} changes and with what runs on hosts killed`, async () => {
    const random = new Random(5);
    const endDenied = denied();
    const endStream = await probers.stream('backend', { source: addresses.get('backend')!, target: addresses.get('database')!, port: PORT });
    const deeds: (() => void | Promise<void>)[] = [() => kill('node1', 'calico-agent'), () => kill('node3', 'bird'), killEtcd, () => kill('node1', 'bird'), () => kill('node3', 'calico-agent'), () => kill('node1', 'calico-agent')];
    for (let at = 1; at <= CHANGES; at++) {
      await change(random);
      if (at % Math.ceil(CHANGES / (deeds.length + 1)) === 0) await deeds.shift()?.();
    }
    expect(deeds).to.have.length(0);
    await sleep(1000);
    const { sent: count, through } = await endDenied();
    expect(count).to.be.greaterThan(200);
    expect(through, 'denied packets that got through').to.equal(0);
    expect(await endStream(), 'ms without an answer').to.be.lessThan(1500);
    for (const index of [0, 1, 2, 3, 4, 5]) await put(globalNetworkPolicy, `noise-${index}`, undefined);
    await eventually('all is as it should be again', async () => (await sent('backend', 'tcp')) && !(await sent('frontend-1', 'tcp')), 20_000);
  });
});

import { expect } from 'chai';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { eventually } from '../../../scripts/support/wait.js';
import { settingsFor, withStore } from '../../support/datastore.js';
import { startProxy, type Proxy } from '../../support/proxy.js';
import { put } from '../../support/watching.js';
import { fakeBird } from '../../bgp/fake-bird.js';
import { checkingBirds, RunningBgp } from './running.js';

const R = '/calico/resources/v3/projectcalico.org';
const object = (kind: string, name: string, spec: object): string => JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name }, spec });
const nodeAt = (name: string, last: number): Record<string, string> => ({ [`${R}/nodes/${name}`]: object('Node', name, { bgp: { ipv4Address: `10.0.0.${last}/24`, ipv6Address: `fd00::${last}/64` } }) });
const peer = (name: string, spec: object): Record<string, string> => ({ [`${R}/bgppeers/${name}`]: object('BGPPeer', name, spec) });

describe('the part bgp of the agent', () => {
  const path = process.env['PATH'];
  let birds: string;
  let etcd: Etcd;
  let proxy: Proxy;
  let running: RunningBgp | undefined;

  before(async () => {
    birds = checkingBirds();
    process.env['PATH'] = `${birds}:${path}`;
    etcd = await startEtcd();
    proxy = await startProxy(etcd.port);
  });
  after(async () => {
    process.env['PATH'] = path;
    rmSync(birds, { recursive: true, force: true });
    await proxy?.stop();
    await etcd?.stop();
  });
  beforeEach(() => etcd.etcdctl('del', '--prefix', '/calico'));
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });

  const write = (values: Record<string, string | undefined>): Promise<string> => withStore(settingsFor(etcd.endpoint), (store) => put(store, values));
  const start = (args: readonly string[] = [], env: Record<string, string> = {}, folder = mkdtempSync(join(tmpdir(), 'calico-bgp-'))): RunningBgp => (running = new RunningBgp(folder, { NODENAME: 'a', ETCD_ENDPOINTS: etcd.endpoint, ...env }, args));

  it('--once: makes the six files and ends', async () => {
    await write({ ...nodeAt('a', 1), ...nodeAt('b', 2), '/calico/ipam/v2/host/a/ipv4/block/10.65.0.0-26': '{"state":"confirmed"}', '/calico/ipam/v2/host/ab/ipv4/block/10.65.1.0-26': '{"state":"confirmed"}' });
    const { ended, file, lines } = start(['--once']);
    expect(await ended).to.equal(0);
    expect(['bird', 'bird6'].flatMap((name) => [`${name}.cfg`, `${name}_aggr.cfg`, `${name}_ipam.cfg`]).filter((name) => file.call(running, name) === '')).to.deep.equal([]);
    expect(file.call(running, 'bird.cfg')).to.include('protocol bgp Mesh_10_0_0_2');
    expect(file.call(running, 'bird_aggr.cfg')).to.include('10.65.0.0/26').and.not.include('10.65.1.0/26');
    expect(lines.filter((line) => line.includes('WARNING') || line.includes('ERROR'))).to.deep.equal([]);
  });

  it('ends when it is asked to, however early', async () => {
    await write(nodeAt('a', 1));
    for (const ms of [undefined, 0, 1, 3, 10]) {
      const { ended } = start();
      if (ms !== undefined) await sleep(ms);
      await running?.stop();
      expect(await ended, `asked after ${ms ?? 'no'} ms`).to.equal(0);
    }
  });

  it('--once ends with 1 where the node is not stored, and where BIRD refuses what was made', async () => {
    await write(nodeAt('b', 2));
    const missing = start(['--once']);
    expect([await missing.ended, missing.lines.some((line) => line.includes('the Node a is not stored yet'))]).to.deep.equal([1, true]);
    await missing.stop();
    await write({ ...nodeAt('a', 1), ...peer('no-as', { peerIP: '10.9.0.1' }) });
    const refused = start(['--once']);
    expect(await refused.ended).to.equal(1);
    expect(refused.lines.filter((line) => line.includes('[ERROR]')).map((line) => line.split('bgp: ')[1] ?? line)).to.satisfy((lines: string[]) => lines.length === 1 && /bird refuses bird.cfg: bird: bird.cfg:\d+:1 BGP neighbor AS number must be set\. The files of IPv4 stay as they were/.test(lines[0] as string));
    expect([refused.file('bird.cfg'), refused.file('bird6.cfg') === '']).to.deep.equal(['', false]);
  });

  it('does nothing for a node without BGP, and takes no word but --once', async () => {
    for (const backend of ['none', 'vxlan']) {
      const { ended, lines, configuration, stop } = start([], { CALICO_NETWORKING_BACKEND: backend });
      expect([await ended, existsSync(configuration), lines.length]).to.deep.equal([0, false, 1]);
      expect(lines[0]).to.include(`CALICO_NETWORKING_BACKEND is ${backend}: this node speaks no BGP`);
      await stop.call(running);
    }
    expect(await start(['--twice']).ended).to.equal(2);
  });

  it('follows the store and the workloads of the host; what BIRD refuses leaves the old files until it is right again', async () => {
    await write({ ...nodeAt('b', 2), ...peer('vms', { localWorkloadSelector: 'all()', asNumber: 65401 }) });
    const { statuses } = start();
    await running!.logged('the Node a is not stored yet');
    await write(nodeAt('a', 1));
    await running!.says('bird.cfg', 'Mesh_10_0_0_2');
    writeFileSync(join(statuses, 'cni default%2Fvm eth0'), JSON.stringify({ ifaceName: 'cali1', ipv4Nets: ['10.65.0.5/32'], ipv6Nets: [], bgpPeerName: 'vms' }));
    await running!.says('bird.cfg', 'Local_Workload_10_65_0_5');
    await write(peer('tor', { peerIP: '10.9.0.1' }));
    await running!.logged('bird refuses bird.cfg');
    expect(running!.file('bird.cfg')).to.include('Local_Workload_10_65_0_5').and.not.include('10_9_0_1');
    await write({ ...peer('tor', { peerIP: '10.9.0.1', asNumber: 65001 }), [`${R}/nodes/b`]: undefined });
    await running!.says('bird.cfg', 'Global_10_9_0_1');
    expect(running!.file('bird.cfg')).to.not.include('Mesh_');
    rmSync(join(statuses, 'cni default%2Fvm eth0'));
    await eventually('the workload is gone', () => !running!.file('bird.cfg').includes('Local_Workload'));
  });

  it('keeps the files while etcd is away, says so, and takes up what changed meanwhile', async () => {
    await write({ ...nodeAt('a', 1), ...nodeAt('b', 2) });
    start([], { ETCD_ENDPOINTS: proxy.endpoint });
    await running!.says('bird.cfg', 'Mesh_10_0_0_2');
    const before = statSync(join(running!.configuration, 'bird.cfg')).mtimeMs;
    let isBack = (): void => undefined;
    proxy.cut(() => new Promise<void>((resolve) => (isBack = resolve)));
    await running!.logged('the connection to the datastore is lost, what was read until now stays in use');
    await write(nodeAt('c', 3));
    expect(statSync(join(running!.configuration, 'bird.cfg')).mtimeMs).to.equal(before);
    isBack();
    await running!.says('bird.cfg', 'Mesh_10_0_0_3');
    await running!.logged('connected to the datastore again');
  });

  it('passwords come of the environment, into a file for nobody else and into no log', async () => {
    const password = { secretKeyRef: { name: 'bgp-secrets', key: 'tor.password' } };
    await write({ ...nodeAt('a', 1), ...peer('tor', { peerIP: '10.9.0.1', asNumber: 65001, password }), ...peer('six', { peerIP: 'fd09::1', asNumber: 65001, password: { secretKeyRef: { name: 'bgp-secrets', key: 'other' } } }) });
    const { ended, lines } = start(['--once'], { CALICO_BGP_PASSWORD_BGP_SECRETS_TOR_PASSWORD: 'open sesame' });
    expect(await ended).to.equal(0);
    expect(running!.file('bird.cfg')).to.include('password "open sesame";');
    expect(['bird.cfg', 'bird6.cfg'].map((name) => statSync(join(running!.configuration, name)).mode & 0o777)).to.deep.equal([0o600, 0o644]);
    expect(lines.join('\n')).to.not.include('sesame');
    expect(lines.join('\n')).to.include('BGPPeer six has its password in key other of secret bgp-secrets');
  });

  it('tells BIRD of its files, once for changes that come together, and says what BIRD objects to', async () => {
    const asked: string[] = [];
    let answer = '0002-Reading configuration from bird.cfg\n0003 Reconfigured\n';
    const bird = await fakeBird((socket) => {
      socket.write('0001 BIRD 1.6.8 ready.\n');
      socket.on('data', (data) => {
        asked.push(data.toString().trim());
        socket.write(answer);
      });
    });
    try {
      await write(nodeAt('a', 1));
      start([], {}, bird.folder);
      await running!.logged('bird reads its files again');
      const first = asked.length;
      await write({ ...nodeAt('b', 2), ...nodeAt('c', 3) });
      await eventually('BIRD is told', () => asked.length > first);
      expect(asked.slice(first)).to.deep.equal(['configure']);
      running!.hangUp();
      await eventually('BIRD is told again, at SIGHUP', () => asked.length === first + 2);
      answer = '0002-Reading configuration from bird.cfg\n8002 bird.cfg, line 7: syntax error\n';
      await write(nodeAt('d', 4));
      await running!.logged('[ERROR]');
      expect(running!.lines.find((line) => line.includes('[ERROR]'))).to.include('bird did not take its new files: Reading configuration from bird.cfg; bird.cfg, line 7: syntax error');
      answer = '0004 Reconfiguration in progress\n';
      await eventually('it is told again', () => running!.lines.filter((line) => line.includes('bird reads its files again')).length === 4);
      expect(running!.lines.filter((line) => line.includes('bird6 does not run yet')).length).to.equal(1);
    } finally {
      await running?.stop();
      running = undefined;
      await bird.stop();
    }
  });
});

import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { setTimeout as sleep } from 'node:timers/promises';
import { calicoctl, startCalicoctl, type Ended } from '../../scripts/support/calicoctl.js';
import { eventually } from '../../scripts/support/wait.js';
import { listProcesses } from '../../src/host/processes.js';
import { FAULT } from '../../src/lab/demo.js';
import { LabFolder } from '../../src/lab/folder.js';
import { labEnvironment } from '../support/lab-run.js';
import { describeAsRoot } from '../support/root.js';

/** Nobody else's labs: each test process has names of its own. */
const NAMES = ['a', 'b'].map((letter) => `test-${letter}${process.pid}`) as [string, string];

interface Status {
  readonly sound: boolean;
  readonly endpoint: string;
  readonly hosts: readonly { readonly name: string; readonly runs: boolean; readonly ready: boolean; readonly services: readonly { readonly name: string; readonly starts: number }[]; readonly sessions: readonly { readonly established: boolean }[] }[];
  readonly workloads: readonly { readonly name: string; readonly host: string; readonly addresses: readonly string[] }[];
  readonly cuts: readonly unknown[];
}

interface Connection {
  readonly packet: { readonly delivered: boolean; readonly outcome: string };
  readonly trace: { readonly verdict: string; readonly rule?: string };
  readonly agree: boolean;
  readonly doubts: readonly string[];
}

describeAsRoot('calicoctl lab', () => {
  let home = '';
  const env = (): Record<string, string> => labEnvironment(home);
  const run = (words: readonly string[]): Promise<Ended> => calicoctl(words, { env: env() });
  const must = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(words);
    if (code !== 0) throw new Error(`calicoctl ${words.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    return stdout;
  };
  const down = async (): Promise<void> => {
    for (const name of NAMES) if (new LabFolder(name).exists) await must('lab', 'down', '--name', name);
  };

  /** All that a lab could leave on the machine. */
  const left = (): object => ({
    processes: listProcesses().filter(({ argv }) => argv.some((word) => NAMES.some((name) => word.includes(name)))).map(({ argv }) => argv.join(' ')),
    namespaces: execFileSync('ip', ['netns', 'list']).toString().split('\n').filter((line) => line.startsWith('cali')),
    devices: (JSON.parse(execFileSync('ip', ['-json', 'link', 'show']).toString()) as { ifname: string }[]).map(({ ifname }) => ifname).filter((device) => /^(?:br0|host\d|cali)/.test(device)),
    mounts: readFileSync('/proc/mounts', 'utf8').split('\n').filter((line) => NAMES.some((name) => line.includes(name))),
    labs: NAMES.filter((name) => existsSync(new LabFolder(name).path)),
    home: readdirSync(home, { recursive: true }).filter((name) => String(name) !== '.config'),
  });
  let nothing: object;

  before(() => {
    home = mkdtempSync(join(tmpdir(), 'calicoctl-home-'));
    nothing = left();
  });
  afterEach(down);
  after(() => rmSync(home, { recursive: true, force: true }));

  describe('one lab of three hosts', () => {
    const [name] = NAMES;
    const lab = (...words: string[]): Promise<string> => must('lab', ...words, '--name', name);
    const status = async (): Promise<Status> => JSON.parse((await run(['lab', 'status', '-o', 'json', '--name', name])).stdout) as Status;
    const connect = async (...words: string[]): Promise<Connection & { readonly code: number | null }> => {
      const { code, stdout, stderr } = await run(['lab', 'connect', ...words, '-o', 'json', '--wait', '500ms', '--name', name]);
      if (stdout === '') throw new Error(`lab connect ${words.join(' ')} ended with ${code}: ${stderr}`);
      return { ...(JSON.parse(stdout) as Connection), code };
    };

    it('comes up, carries what policies allow and nothing else, fails as hosts and cables do, and goes', async () => {
      const devices = (left() as { devices: unknown }).devices;
      const began = performance.now();
      expect(await must('lab', 'up', '--name', name)).to.match(/^Lab test-\S+ is up, in \d+\.\d s: hosts node1, node2, node3\.\n/);
      expect(performance.now() - began).to.be.lessThan(20_000);
      expect((left() as { devices: unknown }).devices, 'the machine sees no device of it').to.deep.equal(devices);
      await isSound();
      await completes();
      await carries();
      await enforces();
      await fails();
      expect(await must('lab', 'down', '--name', name)).to.equal(`Lab ${name} is gone.\n`);
      expect(left()).to.deep.equal(nothing);
      expect(await must('lab', 'down', '--name', name)).to.equal(`There is no lab ${name}.\n`);
    });

    async function isSound(): Promise<void> {
      const now = await status();
      expect(now.sound).to.equal(true);
      expect(now.hosts.map(({ sessions }) => sessions.length)).to.deep.equal([4, 4, 4]);
      expect(now.workloads.map((each) => `${each.name} on ${each.host}`)).to.have.members(['frontend-1 on node1', 'frontend-2 on node2', 'backend on node3', 'database on node1']);
      expect(await must('get', 'nodes', '-o', 'name', '--context', `lab-${name}`)).to.equal('Node/node1\nNode/node2\nNode/node3\n');
      expect(await must('get', 'workloadEndpoints', '--context', `lab-${name}`)).to.include('frontend-1');
      expect(await must('ipam', 'check', '--context', `lab-${name}`)).to.include('found 0 problems');
      expect((await run(['lab', 'exec', 'node2', '--name', name, '--', 'hostname'])).stdout).to.equal('node2\n');
      expect((await run(['lab', 'exec', 'database', '--name', name, '--', 'sh', '-c', 'ip -br address show eth0; exit $2', 'sh', '', '7']))).to.include({ code: 7 }).and.property('stdout').include(now.workloads.find((each) => each.name === 'database')?.addresses[0]);
      expect((await calicoctl(['lab', 'shell', 'node3', '--name', name], { env: { ...env(), SHELL: '/bin/sh' }, stdin: 'hostname; echo $ETCD_ENDPOINTS; cat /var/lib/calico/nodename; exit 3\n' }))).to.include({ code: 3, stdout: 'node3\nhttp://172.28.0.1:2379\nnode3' });
      expect((await calicoctl(['lab', 'shell', '--name', name], { env: { ...env(), SHELL: '/bin/sh' }, stdin: 'echo $ETCD_ENDPOINTS\n' }))).to.include({ code: 0, stdout: `${now.endpoint}\n` });
      expect((await run(['lab', 'up', '--name', name])).stderr).to.include(`there is a lab of the name ${name} already`);
    }

    async function completes(): Promise<void> {
      const words = async (line: string): Promise<readonly string[]> => {
        const { stdout } = await calicoctl(['__complete', 'zsh', '--', 'calicoctl', ...line.split(' ')], { env: { ...env(), CALICOCTL_COMPLETION_MS: '20000' } });
        return stdout.split('\n').slice(1, -1).map((each) => each.split('\t', 1)[0]!);
      };
      expect(await words('lab down --name test-')).to.include(name);
      expect(await words(`lab stop --name ${name} `)).to.deep.equal(['node1', 'node2', 'node3']);
      expect(await words(`lab partition --name ${name} node2 `)).to.deep.equal(['node1', 'node3']);
      const places = ['backend', 'database', 'frontend-1', 'frontend-2', 'node1', 'node2', 'node3', 'outside'];
      expect([await words(`lab exec --name ${name} `), await words(`lab connect --name ${name} backend `)]).to.deep.equal([places, places]);
      expect(await words('lab exec --name none ')).to.deep.equal([]);
    }

    async function carries(): Promise<void> {
      for (const words of [['frontend-1', 'backend:80'], ['frontend-1', 'database:3306'], ['frontend-2', 'database:53', '--protocol', 'udp'], ['backend', 'node1', '--protocol', 'icmp'], ['database', 'outside:443'], ['node1', 'node3:22']]) {
        const { code, agree, packet } = await connect(...words);
        expect({ code, agree, outcome: packet.outcome }, words.join(' ')).to.deep.equal({ code: 0, agree: true, outcome: 'answered' });
      }
    }

    async function enforces(): Promise<void> {
      const policy = join(home, 'policy.yaml');
      writeFileSync(policy, FAULT);
      await must('apply', '-f', policy, '--context', `lab-${name}`);
      rmSync(policy);
      for (const words of [['backend', 'database:3306'], ['frontend-1', 'database:3306'], ['frontend-2', 'database:53', '--protocol', 'udp'], ['backend', 'database', '--protocol', 'icmp']]) {
        const { code, agree, packet, trace } = await connect(...words);
        expect({ code, agree, outcome: packet.outcome, verdict: trace.verdict }, words.join(' ')).to.deep.equal({ code: 1, agree: true, outcome: 'lost', verdict: 'deny' });
        expect(trace.rule).to.include('ingress rule 1 of policy/database');
      }
      expect(await connect('backend', 'frontend-2:80')).to.include({ code: 0, agree: true });
      expect(await connect('backend', '10.65.255.77:80')).to.deep.include({ code: 1, agree: false, doubts: ['nobody in the lab has the address 10.65.255.77'] });
    }

    async function fails(): Promise<void> {
      const kill = 'kill -9 $(grep -l calico-agen[t] /proc/[0-9]*/comm | cut -d/ -f3)';
      expect((await run(['lab', 'exec', 'node2', '--name', name, '--', 'sh', '-c', kill])).code).to.equal(0);
      await eventually('the agent runs again', async () => {
        const { services, ready } = (await status()).hosts[1]!;
        return ready && services.some((each) => each.name === 'agent' && each.starts === 2);
      }, 30_000);
      await lab('partition', 'node3');
      expect(await connect('frontend-1', 'backend:80')).to.deep.include({ code: 1, agree: false, doubts: ['node3 is cut off'] });
      expect(await connect('frontend-1', 'frontend-2:80')).to.include({ code: 0, agree: true });
      expect((await status()).sound).to.equal(false);
      expect(await lab('partition', '--heal')).to.equal('Nothing is cut.\n');
      expect(await connect('frontend-1', 'backend:80')).to.include({ code: 0, agree: true });
      await lab('stop', 'node3');
      await lab('partition', 'node3');
      const began = performance.now();
      expect(await lab('start', 'node3')).to.equal('Host node3 runs, with 1 workload. It is cut off from etcd, and its agent waits for that.\n');
      expect(performance.now() - began, 'nobody waits for what cannot come').to.be.lessThan(20_000);
      await lab('stop', 'node3');
      await lab('partition', '--heal');
      expect((await status()).hosts.map(({ runs }) => runs)).to.deep.equal([true, true, false]);
      expect((await connect('frontend-1', 'backend:80')).doubts).to.include('host node3 is stopped');
      expect(await lab('start', 'node3')).to.equal('Host node3 runs, with 1 workload.\n');
      await eventually('all is as before', async () => (await status()).sound, 40_000);
      expect(await connect('frontend-1', 'backend:80')).to.include({ code: 0, agree: true });
    }
  });

  it('is cleaned by lab down whenever it was killed while it was made', async () => {
    const [name] = NAMES;
    for (const ms of [60, 200, 400, 900, 1800]) {
      const up = startCalicoctl(['lab', 'up', '--name', name], { env: env() });
      await sleep(ms);
      up.kill('SIGKILL');
      await up.ended;
      await must('lab', 'down', '--name', name);
      expect(left(), `killed after ${ms} ms`).to.deep.equal(nothing);
    }
  });

  it('leaves nothing where it is interrupted while it is made', async () => {
    const up = startCalicoctl(['lab', 'up', '--name', NAMES[0]], { env: env() });
    await eventually('it has begun', () => existsSync(new LabFolder(NAMES[0]).control));
    await sleep(300);
    up.kill('SIGINT');
    expect(await up.ended).to.include({ code: 130, stderr: 'interrupted\n' });
    expect(left()).to.deep.equal(nothing);
  });

  it('is cleaned by lab down where its keeper was killed', async () => {
    const [name] = NAMES;
    await must('lab', 'up', '--nodes', '1', '--name', name);
    const keeper = listProcesses().find(({ argv }) => argv.includes('keeper') && argv.includes(new LabFolder(name).path) && argv[0] !== 'unshare');
    process.kill(keeper?.pid ?? 0, 'SIGKILL');
    await eventually('all of it has ended', () => (left() as { processes: readonly string[] }).processes.length === 0);
    expect((await run(['lab', 'status', '--name', name])).stderr).to.include('is not whole');
    await must('lab', 'down', '--name', name);
    expect(left()).to.deep.equal(nothing);
  });

  it('has packets in VXLAN on the wire where that is asked for', async () => {
    const [name] = NAMES;
    await must('lab', 'up', '--vxlan', '--nodes', '2', '--name', name);
    const nft = (...words: string[]): Promise<string> => must('lab', 'exec', 'outside', '--name', name, '--', 'nft', ...words);
    await nft('add', 'table', 'bridge', 'wire');
    await nft('add', 'chain', 'bridge', 'wire', 'seen', '{ type filter hook forward priority 0; }');
    for (const match of ['udp dport 4789', 'ip daddr 10.65.0.0/16']) await nft('add', 'rule', 'bridge', 'wire', 'seen', ...match.split(' '), 'counter');
    expect(await must('lab', 'connect', 'frontend-1', 'frontend-2:80', '--name', name)).to.include('They agree.');
    const [inVxlan = 0, bare = 0] = Array.from((await nft('list', 'table', 'bridge', 'wire')).matchAll(/counter packets (\d+)/g), ([, count]) => Number(count));
    for (const protocol of ['tcp', 'udp']) expect((await run(['lab', 'connect', 'outside', 'frontend-2:80', '--protocol', protocol, '--name', name])), protocol).to.include({ code: 1, stderr: '' }).and.property('stdout').include('not delivered: there is no way to it (ENETUNREACH)');
    expect(inVxlan).to.be.greaterThan(2);
    expect(bare).to.equal(0);
  });

  it('shows the tenant network without a policy, with a fault, and with that mended', async () => {
    const [name] = NAMES;
    const began = performance.now();
    const told = await must('lab', 'demo', '--name', name);
    expect(performance.now() - began).to.be.lessThan(60_000);
    const verdicts = Array.from(told.matchAll(/^The packet: +(\w+).*\nPolicy trace: +(\w+)/gm), ([, packet, policies]) => `${packet} ${policies}`);
    expect(verdicts).to.deep.equal(['allowed allowed', 'allowed allowed', 'denied denied', 'allowed allowed', 'denied denied']);
    expect(told).to.include('ingress rule 2 of policy/database would allow it, and is never asked').and.to.include('warning behind-deny');
    expect(told.match(/They agree/g)).to.have.length(5);
    expect(told).to.match(/\$ calicoctl lab down --name \S+\nLab \S+ is gone\.\n$/);
    expect(left()).to.deep.equal(nothing);
  });

  it('stands beside others, which it does not see', async () => {
    await Promise.all(NAMES.map((name) => must('lab', 'up', '--nodes', '1', '--name', name)));
    const listed = JSON.parse(await must('lab', 'list', '-o', 'json')) as readonly { readonly name: string; readonly state: string; readonly endpoint: string }[];
    const ours = listed.filter((each) => NAMES.includes(each.name));
    expect(ours.map(({ name, state }) => `${name}: ${state}`)).to.have.members(NAMES.map((name) => `${name}: running`));
    expect(new Set(ours.map(({ endpoint }) => endpoint)).size).to.equal(2);
    await must('lab', 'down', '--name', NAMES[0]);
    expect(JSON.parse((await run(['lab', 'status', '-o', 'json', '--name', NAMES[1]])).stdout)).to.include({ sound: true });
  });
});

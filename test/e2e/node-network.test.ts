import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { NodeNetwork, type PlacedWorkload } from '../support/node-network.js';
import { imageName, makeTestImages } from '../support/node-images.js';
import { command, PATIENT, PREPARATION, STARTED, withoutLog } from '../support/node-output.js';
import { Probers } from '../support/lab-packets.js';
import { describeAsRoot } from '../support/root.js';
import type { Launched, SimulatedHost } from '../support/simulated-host.js';
import type { Ended } from '../../scripts/support/calicoctl.js';
import { eventually } from '../../scripts/support/wait.js';

const NAMES = ['rack-1', 'rack-2', 'rack-3'] as const;
const ADDRESSES = ['192.168.40.11', '192.168.40.12', '192.168.40.13'] as const;
const ADDRESSES6 = ['fd00:40::11', 'fd00:40::12', 'fd00:40::13'] as const;
const IMAGE = imageName('node');
const PORT = 3306;

/** Denies the database all but the backend. */
const POLICY = JSON.stringify({
  apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { name: 'database', namespace: 'default' },
  spec: { selector: "service == 'database'", types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'TCP', source: { selector: "service == 'backend'" }, destination: { ports: [PORT] } }] },
});

const POOL6 = JSON.stringify({ apiVersion: 'projectcalico.org/v3', kind: 'IPPool', metadata: { name: 'six' }, spec: { cidr: 'fd65::/48', ipipMode: 'Never', vxlanMode: 'Never' } });

/** What `node status` prints where all sessions of the mesh are up, with the time and the version of BIRD taken out. */
function meshOf(at: number): string {
  const table = (width: number, all: readonly string[]): string[] => {
    const line = `+${'-'.repeat(width + 2)}+-------------------+-------+----------+-------------+`;
    return [line, `| ${'PEER ADDRESS'.padEnd(width)} |     PEER TYPE     | STATE |  SINCE   |    INFO     |`, line, ...all.filter((_, other) => other !== at).map((each) => `| ${each.padEnd(width)} | node-to-node mesh | up    | TIME     | Established |`), line];
  };
  return [
    'Calico process is running.', '', 'IPv4 BGP status',
    ...table(13, ADDRESSES), '', 'IPv6 BGP status', ...table(12, ADDRESSES6), '', `Local: ${ADDRESSES[at]}, ${ADDRESSES6[at]}, AS 64512, BIRD VERSION.`, '',
  ].join('\n');
}

describeAsRoot('three hosts with node run on Docker engines', function () {
  this.timeout(180_000);
  const probers = new Probers();
  const workloads = new Map<string, PlacedWorkload>();
  let network: NodeNetwork;
  let hosts: readonly SimulatedHost[];

  before(async () => {
    network = await NodeNetwork.start(NAMES);
    ({ hosts } = network);
    const [archive = ''] = makeTestImages(hosts[0]!.folder, ['node']);
    await Promise.all(hosts.map((host) => host.docker('load', '-i', archive)));
  });
  after(async () => {
    probers.stop();
    await network?.stop();
  });

  const on = (at: number, ...words: string[]): Promise<Ended> => hosts[at]!.calicoctl(words, { env: { ETCD_ENDPOINTS: network.etcd } });
  const run = (at: number, ...more: string[]): Promise<Ended> => on(at, 'node', 'run', ...PATIENT, `--node-image=${IMAGE}`, '--ip6=autodetect', ...more);
  const statusOf = async (at: number): Promise<string> => (await on(at, 'node', 'status')).stdout.replace(/\d\d:\d\d:\d\d/g, 'TIME    ').replace(/BIRD [\d.]*\d/g, 'BIRD VERSION');
  const isUp = (at: number): Promise<true> => eventually(`the mesh of ${NAMES[at]} is up`, async () => (await statusOf(at)).split('\n').filter((line) => line.includes('Established')).length === 4);
  const addressOf = (name: string): string => workloads.get(name)!.address;
  const address6Of = (name: string): string => workloads.get(name)!.address6;
  const sends = async (from: string, to: string): Promise<boolean> => (await probers.send(from, { protocol: 'tcp', source: addressOf(from), target: addressOf(to), port: PORT })).through;
  const sends6 = async (from: string, to: string): Promise<boolean> => (await probers.send(from, { protocol: 'tcp', source: address6Of(from), target: address6Of(to), port: PORT })).through;
  /** The routes to blocks of other hosts. */
  const routesOf = async (at: number): Promise<readonly string[]> => (await hosts[at]!.must('ip', 'route', 'show', 'proto', 'bird')).split('\n').filter((line) => /\/26 via /.test(line));
  const rulesOf = async (at: number): Promise<string> => (await hosts[at]!.must('iptables-save')).replace(/^#.*$|\[\d+:\d+\]/gm, '');

  /** Pings 50 times a second until it is ended. */
  const ping = (from: string, to: string): Launched => {
    const { host, interfaceName } = workloads.get(from)!;
    return host.launch(['ip', 'netns', 'exec', interfaceName, 'ping', '-n', '-q', '-i', '0.02', addressOf(to)]);
  };
  const lostBy = async (pinging: Launched): Promise<string> => {
    pinging.signal('SIGINT');
    await pinging.end();
    return /\d+% packet loss/.exec(pinging.stdout)?.[0] ?? pinging.stdout + pinging.stderr;
  };

  it('says what it does on each, and the mesh comes up', async () => {
    expect((await hosts[0]!.calicoctl(['apply', '-f', '-'], { stdin: POOL6, env: { ETCD_ENDPOINTS: network.etcd } })).code).to.equal(0);
    const told = await Promise.all(hosts.map((_, at) => run(at)));
    told.forEach((ended, at) => {
      const found = [`IPv4 address ${ADDRESSES[at]}/24`, `IPv6 address ${ADDRESSES6[at]}/64`].map((address) => `Using ${address} on interface eth0 (first-found: the interface with the highest index whose name is not excluded).\n`);
      const choice = `Using node name ${NAMES[at]} (the host name).\n${found.join('')}`;
      expect(withoutLog(ended)).to.deep.equal({ code: 0, signal: null, stdout: choice + PREPARATION + command(IMAGE, { node: NAMES[at]!, etcd: network.etcd, variables: ' -e IP6=autodetect' }) + STARTED, stderr: '' });
    });
    await Promise.all(hosts.map((_, at) => isUp(at)));
    expect(await Promise.all(hosts.map((_, at) => statusOf(at)))).to.deep.equal(ADDRESSES.map((_, at) => meshOf(at)));
  });

  it('lets workloads reach each other over routes that BIRD spread', async () => {
    const places = [['frontend', 0], ['backend', 1], ['database', 2], ['neighbour', 2]] as const;
    for (const [name, at] of places) workloads.set(name, await network.addWorkload(hosts[at]!, NAMES[at], { name, labels: { service: name } }));
    await Promise.all([...workloads].map(([name, { inside }]) => probers.start(name, inside, [PORT])));
    await eventually('each host has the blocks of the others', async () => (await Promise.all([0, 1, 2].map(routesOf))).every(({ length }) => length === 2));
    for (const [from, to] of [['frontend', 'backend'], ['backend', 'database'], ['database', 'frontend'], ['frontend', 'database']] as const) {
      await eventually(`${from} reaches ${to}`, () => sends(from, to));
      await eventually(`${from} reaches ${to} by IPv6`, () => sends6(from, to));
    }
    const { host, interfaceName } = workloads.get('frontend')!;
    expect((await host.run(['ip', 'netns', 'exec', interfaceName, 'ping', '-6', '-n', '-c', '3', '-i', '0.02', address6Of('database')])).stdout).to.include(' 0% packet loss');
    const routes6 = await Promise.all([0, 1, 2].map(async (at) => (await hosts[at]!.must('ip', '-6', 'route', 'show', 'proto', 'bird')).split('\n').filter((line) => /^fd65:.*\/122 via fd00:40::/.test(line)).length));
    expect(routes6).to.deep.equal([2, 2, 2]);
  });

  it('does with packets what policy trace says of them', async () => {
    expect((await hosts[0]!.calicoctl(['apply', '-f', '-'], { stdin: POLICY, env: { ETCD_ENDPOINTS: network.etcd } })).code).to.equal(0);
    const traced = async (from: string, to: string, at = addressOf): Promise<boolean> => {
      const { code, stdout, stderr } = await on(1, 'policy', 'trace', '--from', at(from), '--to', at(to), '--port', String(PORT));
      const [, verdict] = /port 3306: (allowed|denied)$/m.exec(stdout) ?? [];
      if (verdict === undefined) throw new Error(`policy trace ended with ${code}: ${stdout}${stderr}`);
      return verdict === 'allowed';
    };
    await eventually('the policy holds', async () => !(await sends('frontend', 'database')));
    const flows = ['frontend', 'backend', 'neighbour'].flatMap((from) => ['frontend', 'backend', 'database'].filter((to) => to !== from).map((to) => [from, to] as const));
    const seen = await Promise.all(flows.map(async ([from, to]) => `${from} to ${to}: ${await sends(from, to)}`));
    expect(seen).to.deep.equal(await Promise.all(flows.map(async ([from, to]) => `${from} to ${to}: ${await traced(from, to)}`)));
    expect(seen.filter((each) => each.endsWith('to database: false'))).to.have.length(2);
    const seen6 = await Promise.all(flows.map(([from, to]) => sends6(from, to)));
    expect(seen6).to.deep.equal(await Promise.all(flows.map(([from, to]) => traced(from, to, address6Of))));
    expect(seen6.filter((through) => !through)).to.have.length(2);
  });

  it('loses no packet while the container of a node is killed and comes back', async () => {
    const pings = [ping('frontend', 'backend'), ping('backend', 'frontend')];
    const routes = await routesOf(0);
    await hosts[1]!.docker('kill', 'calico-node');
    await eventually('the others have noticed', async () => (await statusOf(0)).split('\n').filter((line) => line.includes('Established')).length === 2);
    expect(await routesOf(0)).to.deep.equal(routes);
    expect((await on(1, 'node', 'restart')).code).to.equal(0);
    await Promise.all([0, 1, 2].map(isUp));
    expect(await routesOf(0)).to.deep.equal(routes);
    expect(await Promise.all(pings.map(lostBy))).to.deep.equal(['0% packet loss', '0% packet loss']);
    await eventually('the policy still holds', async () => !(await sends('frontend', 'database')) && sends('backend', 'database'));
  });

  it('has diagnostics with the log of the agent, and checks the host', async () => {
    const { code, stdout } = await on(0, 'node', 'diags');
    expect(code, stdout).to.equal(0);
    const [, saved = ''] = /^Diags saved to (\S+)$/m.exec(stdout) ?? [];
    const files = (await hosts[0]!.must('tar', '-tzf', saved)).split('\n');
    expect(files).to.include('diagnostics/logs/agent/current');
    const checked = await on(0, 'node', 'checksystem');
    expect(checked.code, checked.stdout + checked.stderr).to.equal(0);
  });

  it('leaves rules and routes where a node is stopped', async () => {
    const before = [await rulesOf(0), await hosts[0]!.must('ip', 'route')];
    const pinging = ping('frontend', 'backend');
    expect((await on(0, 'node', 'stop')).stdout).to.equal('Stopped calico-node.\n');
    expect([await rulesOf(0), await hosts[0]!.must('ip', 'route')]).to.deep.equal(before);
    expect([await sends('frontend', 'backend'), await sends('frontend', 'database'), await lostBy(pinging)]).to.deep.equal([true, false, '0% packet loss']);
  });

  it('takes away the route that the plugin made, once its own is there', async () => {
    const { address, interfaceName } = workloads.get('database')!;
    await eventually('only the route of the agent is left', async () => (await hosts[2]!.must('ip', 'route', 'show', 'dev', interfaceName)) === `${address} scope link metric 1024 `, 30_000);
    expect(await sends('backend', 'database')).to.equal(true);
  });

  it('has policy and no BGP with --backend=none', async () => {
    const { code, stdout, stderr } = await run(2, '--backend=none');
    expect([code, withoutLog({ stdout }).stdout.endsWith('CALICO_NETWORKING_BACKEND is none - no BGP daemon running\nCalico node started successfully\n')], stderr).to.deep.equal([0, true]);
    expect((await statusOf(2)).split('\n').slice(0, 3)).to.deep.equal(['Calico process is running.', '', 'The BGP backend process (BIRD) is not running.']);
    expect((await on(2, 'node', 'status')).code, 'it has no sessions to miss').to.equal(0);
    await eventually('it is ready', async () => (await hosts[2]!.run(['docker', 'exec', 'calico-node', 'node-health'])).code === 0);
    expect([await sends('neighbour', 'database'), await sends('database', 'neighbour')]).to.deep.equal([false, true]);
    expect((await on(2, 'delete', 'networkpolicy', 'database', '--namespace=default')).code).to.equal(0);
    await eventually('without the policy it is reached', () => sends('neighbour', 'database'));
  });
});

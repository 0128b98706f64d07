import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'mocha';
import { ROOT, type Ended } from '../../scripts/support/calicoctl.js';
import { eventually } from '../../scripts/support/wait.js';
import { connect } from '../../src/datastore/etcd/connect.js';
import { namespacesOf } from '../../src/host/namespaces/namespaces.js';
import { runIn } from '../../src/host/run.js';
import { sideOf } from '../../src/host/workload/side.js';
import type { DriverContext } from '../../src/libnetwork/context.js';
import { Engine } from '../../src/libnetwork/engine.js';
import { tidyUp } from '../../src/libnetwork/leftovers.js';
import { readSettings } from '../../src/libnetwork/settings.js';
import { logOf } from '../support/agent-host.js';
import { settingsFor } from '../support/datastore.js';
import { DockerSession } from '../support/docker-session.js';
import { imageName, makeBusybox, makeTestImages } from '../support/node-images.js';
import { NodeNetwork } from '../support/node-network.js';
import { PATIENT } from '../support/node-output.js';
import { askPlugin } from '../support/plugin-client.js';
import { expectRecorded } from '../support/recorded.js';
import { describeAsRoot } from '../support/root.js';
import type { Launched } from '../support/simulated-host.js';

const NAMES = ['host1', 'host2'] as const;
const IMAGE = imageName('node');
const CREATE = 'docker network create --driver calico --ipam-driver calico-ipam';
const TOUR = 'docker-tour.txt';
/** An engine that has containers run on while it is away, and with them the driver that it asks when it starts (docs/docker.md). */
const LIVE = ['--live-restore'];

describeAsRoot('networks of Docker on two hosts', function () {
  this.timeout(180_000);
  let network: NodeNetwork;
  let session: DockerSession;
  /** Those of the second host, outside of its engine. */
  let drivers: Launched;

  before(async () => {
    network = await NodeNetwork.start(NAMES, { empty: true, docker: (name) => (name === NAMES[0] ? LIVE : []) });
    const { folder } = network.hosts[0]!;
    const archives = [...makeTestImages(folder, ['node']), makeBusybox(folder)];
    await Promise.all(network.hosts.flatMap((host) => archives.map((archive) => host.docker('load', '-i', archive))));
    session = new DockerSession(network);
  });
  after(async () => network?.stop());

  const docker = (host: number, ...words: string[]): Promise<string> => network.hosts[host - 1]!.docker(...words);
  const calicoctl = (host: number, ...words: string[]): Promise<Ended> => network.hosts[host - 1]!.calicoctl(words, { env: { ETCD_ENDPOINTS: network.etcd } });
  const networksOf = async (host: number): Promise<readonly string[]> => (await docker(host, 'network', 'ls', '--filter', 'driver=calico', '--format', '{{.Name}}')).split('\n').filter((name) => name !== '').sort();
  const bothHave = (...names: string[]): Promise<true> => eventually(`both hosts have ${names.join(' and ')}`, async () => (await Promise.all([1, 2].map(networksOf))).every((have) => have.join() === names.join()) || undefined, 20_000);
  const addressOf = (host: number, container: string, of = 'IPAddress'): Promise<string> => docker(host, 'inspect', '-f', `{{range .NetworkSettings.Networks}}{{.${of}}}{{end}}`, container);
  const reaches = async (host: number, container: string, address: string): Promise<boolean> => (await network.hosts[host - 1]!.run(['docker', 'exec', container, 'ping', '-c', '1', '-W', '1', address])).code === 0;
  const logOfNode = async (host: number): Promise<string> => (await network.hosts[host - 1]!.run(['docker', 'logs', 'calico-node'])).stdout;
  const problemsOf = async (): Promise<string> => (await calicoctl(1, 'ipam', 'check')).stdout.replace(/^[^]*Check complete; /, '');
  /** A file of the host as this process sees it. */
  const seen = (host: number, path: string): string => `/proc/${network.hosts[host - 1]!.pid}/root${path}`;

  it('are made on one and used on the other, as in the days of a cluster store', async () => {
    const run = session.run.bind(session);
    session.about('Each host runs the node.');
    for (const host of [1, 2]) await run(host, `calicoctl node run ${PATIENT.join(' ')} --node-image=${IMAGE}`);
    await eventually('the mesh is up', async () => /Established[^]*No IPv6 peers found/.test((await calicoctl(1, 'node', 'status')).stdout));
    await run(1, 'calicoctl node status');
    session.about('A network is made on one host, and is on the other.');
    await run(1, `${CREATE} calnet1`);
    await bothHave('calnet1');
    await run(2, 'docker network ls --filter driver=calico');
    session.about('A container on each.');
    await run(1, 'docker run --net calnet1 --name workload-A -tid busybox');
    await run(2, 'docker run --net calnet1 --name workload-B -tid busybox');
    await run(1, 'docker exec workload-A ip address show dev cali0');
    await run(1, 'docker exec workload-A ip route');
    const address = await run(2, "docker inspect -f '{{.NetworkSettings.Networks.calnet1.IPAddress}}' workload-B");
    await eventually('the containers reach each other', () => reaches(1, 'workload-A', address));
    await run(1, `docker exec workload-A ping -c 3 ${address}`);
    session.about('Each host has routes to its own containers, and by BGP to the blocks of the others.');
    await eventually('each host has one route to its container', async () => (await Promise.all(network.hosts.map((host) => host.must('ip', 'route')))).every((routes) => routes.split('\n').filter((line) => line.includes(' dev cali')).length === 1));
    for (const host of [1, 2]) await run(host, 'ip route');
    session.about('What Calico knows of them.');
    await run(1, 'calicoctl get workloadEndpoint');
    await run(1, 'calicoctl get workloadEndpoint -o wide');
    await run(1, 'calicoctl get profile calnet1 -o yaml');
    session.about('All of it goes again.');
    await run(1, 'docker rm -f workload-A');
    await run(2, 'docker rm -f workload-B');
    await run(2, 'docker network rm calnet1');
    await bothHave();
    await run(1, 'docker network ls --filter driver=calico');
    expectRecorded(session.text, TOUR);
    expect(readFileSync(join(ROOT, 'docs/docker.md'), 'utf8')).to.include(`\`\`\`console\n${session.text.trimEnd()}\n\`\`\`\n`);
    expect(await problemsOf()).to.equal('found 0 problems.\n');
  });

  it('have subnets, given addresses, IPv6 and labels, also where a node runs with other settings', async () => {
    expect((await calicoctl(2, 'node', 'run', ...PATIENT, `--node-image=${IMAGE}`, '--use-docker-networking-container-labels')).code).to.equal(0);
    await docker(1, ...`${CREATE.slice('docker '.length)} --subnet 172.16.0.0/16 --ipv6 --label team=blue net6`.split(' '));
    await docker(1, ...`${CREATE.slice('docker '.length)} net4`.split(' '));
    await bothHave('net4', 'net6');
    expect(JSON.parse(await docker(2, 'network', 'inspect', '-f', '{{json .Labels}}', 'net6'))).to.deep.equal({ team: 'blue' });
    await docker(1, 'run', '-tid', '--name', 'one', '--net', 'net6', '--ip', '172.16.7.7', '--label', 'org.projectcalico.label.role=db', 'busybox');
    await docker(2, 'run', '-tid', '--name', 'two', '--net', 'net6', '--label', 'org.projectcalico.label.role=web', '--label', 'other=x', 'busybox');
    expect(await addressOf(1, 'one')).to.equal('172.16.7.7');
    const refused = await network.hosts[1]!.run(['docker', 'run', '--rm', '--net', 'net6', '--ip', '172.16.7.7', 'busybox', 'true']);
    expect([refused.code, refused.stderr]).to.satisfy(([code, said]: [number, string]) => code === 125 && said.includes('172.16.7.7 is already assigned to handle libnetwork.host1'));
    const labels = async (): Promise<Record<string, string>[]> => (JSON.parse((await calicoctl(1, '--dialect', 'v3', 'get', 'workloadEndpoint', '-o', 'json')).stdout) as { items: { metadata: { labels: Record<string, string> } }[] }).items.map(({ metadata }) => metadata.labels);
    await eventually('the endpoint has the labels of its container, where they are asked for', async () => JSON.stringify((await labels()).map(({ role }) => role)) === '[null,"web"]' || undefined);
    // Without a profile nothing lets the second talk to the first: a policy by its label does.
    const policy = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'all' }, spec: { selector: "role == 'web' || !has(role)", ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] } };
    expect((await network.hosts[0]!.calicoctl(['apply', '-f', '-'], { stdin: JSON.stringify(policy), env: { ETCD_ENDPOINTS: network.etcd } })).code).to.equal(0);
    const [four, six] = [await addressOf(2, 'two'), await addressOf(2, 'two', 'GlobalIPv6Address')];
    expect([four, six].join(' ')).to.match(/^172\.16\.\d+\.\d+ fd[0-9a-f:]+$/);
    await eventually('it is reached by IPv4', () => reaches(1, 'one', four));
    expect(await docker(2, 'exec', 'two', 'ip', '-6', 'route')).to.match(/^default via fe80::\S+ dev cali0 +metric 1024/m);
    await eventually('and from its host by IPv6', async () => (await network.hosts[1]!.run(['ping', '-6', '-c', '1', '-W', '1', six])).code === 0);
  });

  it('stay where containers of another host are in them, and go with the last', async () => {
    await docker(1, 'rm', '-f', 'one');
    await docker(1, 'network', 'rm', 'net6');
    await eventually('who is in it is told', async () => (await logOfNode(1)).includes(`network net6 stays, and comes back to this host: a container is left in it: `));
    expect(await logOfNode(1)).to.match(/left in it: 172\.16\.\S+ and fd\S+ on host2 \(endpoint [0-9a-f]{12}\)/);
    await bothHave('net4', 'net6');
    await docker(2, 'rm', '-f', 'two');
    await docker(1, 'network', 'rm', 'net6', 'net4');
    await bothHave();
  });

  it('leave what no command of theirs can remember to ipam check, whose advice mends it', async () => {
    await docker(1, ...`${CREATE.slice('docker '.length)} net1`.split(' '));
    const { body } = await askPlugin(seen(1, '/run/docker/plugins/calico-ipam.sock'), 'IpamDriver.RequestAddress', { PoolID: 'CalicoPoolIPv4', Address: '', Options: null });
    const address = String(body['Address']).replace('/32', '');
    // The engine would ask for the endpoint now.
    await network.hosts[0]!.must('pkill', '-KILL', '-x', 'calico-agent');
    const [, advice = ''] = new RegExp(`^leaked-address ${address.replaceAll('.', '\\.')}\\n[^]*?Fix: +calicoctl (.*)$`, 'm').exec((await calicoctl(1, 'ipam', 'check')).stdout) ?? [];
    expect(advice).to.equal(`ipam release --ip=${address}`);
    expect((await calicoctl(1, ...advice.split(' '))).code).to.equal(0);
    expect(await problemsOf()).to.equal('found 0 problems.\n');
    await eventually('the driver is back', async () => (await askPlugin(seen(1, '/run/docker/plugins/calico.sock'), 'Plugin.Activate').catch(() => undefined))?.status === 200);
    await docker(1, 'run', '-tid', '--name', 'three', '--net', 'net1', 'busybox');
  });

  it('are there when an engine starts again, with their containers, and can have more', async () => {
    const address = await addressOf(1, 'three');
    await network.hosts[0]!.stopDocker();
    expect((await network.hosts[0]!.run(['ping', '-c', '1', '-W', '1', address])).code).to.equal(0);
    await network.hosts[0]!.startDocker(LIVE);
    expect(await networksOf(1)).to.deep.equal(['net1']);
    await docker(1, 'run', '-tid', '--name', 'four', '--net', 'net1', 'busybox');
    await eventually('old and new reach each other', () => reaches(1, 'four', address));
    await docker(2, ...`${CREATE.slice('docker '.length)} net2`.split(' '));
    await bothHave('net1', 'net2');
  });

  it('keep endpoints that the engine has, and take away others', async () => {
    const [network1, kept] = (await docker(1, 'inspect', '-f', '{{.NetworkSettings.Networks.net1.NetworkID}} {{.NetworkSettings.Networks.net1.EndpointID}}', 'three')).split(' ');
    const left = 'f'.repeat(64);
    const ask = (path: string, body: object): ReturnType<typeof askPlugin> => askPlugin(seen(1, `/run/docker/plugins/calico${path.startsWith('Ipam') ? '-ipam' : ''}.sock`), path, body);
    const { body: { Address: address } } = await ask('IpamDriver.RequestAddress', { PoolID: 'CalicoPoolIPv4', Address: '' });
    for (const method of ['CreateEndpoint', 'Join']) expect((await ask(`NetworkDriver.${method}`, { NetworkID: network1, EndpointID: left, Interface: { Address: address } })).status).to.equal(200);
    const store = await connect(settingsFor(network.endpoint), { timeoutMs: 30_000 });
    const { log, lines } = logOf();
    try {
      const context: DriverContext = {
        node: NAMES[0], settings: readSettings({}, log), log, signal: new AbortController().signal, engine: new Engine(seen(1, '/run/docker.sock')), withStore: (work) => work(store),
        sources: { now: () => new Date(), uuid: randomUUID }, host: sideOf(runIn(namespacesOf(network.hosts[0]!.pid))),
      };
      await tidyUp(context);
      expect(lines).to.deep.equal([]);
      await tidyUp(context, -60_000);
    } finally {
      store.close();
    }
    const ip = String(address).replace('/32', '');
    expect(lines.map((line) => line.replace(/^.*test: /, '').trim())).to.deep.equal([`endpoint ${left} (${ip}) is deleted: the Docker engine does not have it any more`, `${ip} is released: neither the Docker engine nor an endpoint has it`]);
    expect((await calicoctl(1, 'get', 'workloadEndpoint')).stdout).to.include(kept).and.not.to.include(left);
    expect(await network.hosts[0]!.must('ip', '-o', 'link', 'show', 'type', 'veth')).to.include(`cali${kept!.slice(0, 11)}@`).and.not.to.include('califff');
    expect(await problemsOf()).to.equal('found 0 problems.\n');
  });

  it('are there at once when an engine starts that need not start the drivers', async () => {
    const [, host] = network.hosts;
    const stays = 'trap exit TERM; while :; do sleep 0.1; done';
    expect((await calicoctl(2, 'node', 'run', ...PATIENT, `--node-image=${IMAGE}`, '--disable-docker-networking')).code).to.equal(0);
    drivers = host!.launch([process.execPath, join(ROOT, 'bin/agent.js'), 'libnetwork'], { ETCD_ENDPOINTS: network.etcd, CALICO_LIBNETWORK_ENABLED: 'true' });
    await eventually('they listen', () => drivers.stdout.includes('listening at /run/docker/plugins/calico-ipam.sock'));
    await docker(2, 'run', '-tid', '--name', 'five', '--net', 'net2', '--restart', 'always', 'busybox', 'sh', '-c', stays);
    const before = await addressOf(2, 'five', 'EndpointID');
    await host!.stopDocker();
    expect((await calicoctl(2, 'get', 'workloadEndpoint')).stdout).not.to.include(before);
    const began = performance.now();
    await host!.startDocker();
    expect(performance.now() - began).to.be.below(10_000);
    await eventually('the container is back', async () => (await addressOf(2, 'five').catch(() => '')) !== '');
    expect(drivers.stdout).to.include('events of networks: in order again').and.not.to.include('bug');
    expect(await problemsOf()).to.equal('found 0 problems.\n');
    await docker(2, 'rm', '-f', 'five');
  });

  it('are told apart from one of another driver that has the name', async () => {
    await docker(2, 'network', 'create', 'taken');
    await docker(1, ...`${CREATE.slice('docker '.length)} taken`.split(' '));
    await eventually('the other host says why it has none', async () => drivers.stdout.includes('network taken: network with name taken already exists'));
    await docker(2, 'network', 'rm', 'taken');
    await bothHave('net1', 'net2', 'taken');
    await docker(1, 'rm', '-f', 'three', 'four');
    await docker(1, 'network', 'rm', 'taken', 'net1', 'net2');
    await bothHave();
  });
});

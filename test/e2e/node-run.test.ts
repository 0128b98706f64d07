import { expect } from 'chai';
import { after, afterEach, before, it } from 'mocha';
import { imageName, makeTestImages } from '../support/node-images.js';
import { CHOICE, command, MOUNTS, forgetNodes, PATIENT, PREPARATION, STARTED, withoutChance, withoutLog } from '../support/node-output.js';
import { shownInDocs } from '../support/shown.js';
import { describeAsRoot } from '../support/root.js';
import { SimulatedHost } from '../support/simulated-host.js';
import { eventually } from '../../scripts/support/wait.js';

describeAsRoot('node run on a Docker engine', function () {
  this.timeout(180_000);
  const node = imageName('node');
  const run = ['node', 'run', ...PATIENT, `--node-image=${node}`];
  let host: SimulatedHost;
  const calicoctl: SimulatedHost['calicoctl'] = async (...words) => withoutLog(await host.calicoctl(...words));

  before(async () => {
    host = await SimulatedHost.start();
    await Promise.all([host.startDocker(), host.startEtcd()]);
    for (const archive of makeTestImages(host.folder, ['node', 'crash', 'silent', 'sick'])) await host.docker('load', '-i', archive);
  });
  after(() => host.stop());
  afterEach(async () => {
    await host.run(['docker', 'rm', '-f', 'calico-node', 'calico-node-replaced']);
    await forgetNodes(host);
  });

  const facts = (format: string): Promise<string> => host.docker('inspect', '-f', format, 'calico-node');
  const containers = async (): Promise<string[]> => (await host.docker('ps', '-a', '--format', '{{.Names}} {{.State}}')).split('\n').filter((line) => line !== '');

  it('starts the container and says all it does', async () => {
    const told = await host.calicoctl(run);
    const ended = withoutLog(told);
    expect(ended).to.deep.equal({ code: 0, signal: null, stdout: CHOICE + PREPARATION + command(node) + STARTED, stderr: '' });
    expect(withoutChance(shownInDocs('calicoctl node run --node-image=test/node:1'))).to.equal(withoutChance(told.stdout));
    expect(JSON.parse(await facts('{{json .HostConfig}}'))).to.include({ NetworkMode: 'host', Privileged: true }).and.to.deep.include({ RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } });
    expect((JSON.parse(await facts('{{json .HostConfig.Binds}}')) as string[]).sort()).to.deep.equal(MOUNTS.replaceAll('-v ', '').split(' ').sort());
    expect((await host.must('cat', '/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/ipv6/conf/all/forwarding'))).to.equal('1\n1');
  });

  it('hands every option over to the container', async () => {
    await host.must('touch', '/etc/felix.cfg');
    const options = ['--name=rack1.host-2', '--as=1.10', '--ip=192.168.40.11', '--ip6=fd00:40::11', '--no-default-ippools', '--log-dir=/srv/logs', '--felix-config=/etc/felix.cfg', '--disable-docker-networking'];
    const ended = await calicoctl([...run, ...options]);
    expect(ended.code, ended.stderr).to.equal(0);
    const environment = JSON.parse(await facts('{{json .Config.Env}}')) as string[];
    expect(environment.sort()).to.deep.equal([
      'AS=65546', 'CALICO_LIBNETWORK_ENABLED=false', 'CALICO_NETWORKING_BACKEND=bird', 'ETCD_ENDPOINTS=http://127.0.0.1:2379', 'IP6=fd00:40::11', 'IP=192.168.40.11', 'NODENAME=rack1.host-2',
      'NO_DEFAULT_POOLS=true', 'PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ]);
    expect((JSON.parse(await facts('{{json .HostConfig.Binds}}')) as string[]).sort()).to.deep.equal([
      '/etc/felix.cfg:/etc/calico/felix.cfg', '/lib/modules:/lib/modules', '/run:/run', '/srv/logs:/var/log/calico', '/var/run/calico:/var/run/calico',
    ]);
  });

  it('leaves a healthy container of the same settings as it is, and replaces it when asked', async () => {
    await calicoctl(run);
    const id = await facts('{{.Id}}');
    const again = await calicoctl(run);
    expect(again).to.deep.equal({ code: 0, signal: null, stdout: `${CHOICE}calico-node already runs with these settings and is healthy; it was left as it is (--replace replaces it).\n`, stderr: '' });
    expect(await facts('{{.Id}}')).to.equal(id);
    const replaced = await calicoctl([...run, '--replace']);
    expect(replaced).to.deep.equal({ code: 0, signal: null, stdout: CHOICE + PREPARATION + command(node, { reason: ' Replacing it because --replace was given.' }) + STARTED, stderr: '' });
    expect(await facts('{{.Id}}')).not.to.equal(id);
    expect(await containers()).to.deep.equal(['calico-node running']);
  });

  it('replaces a container of other settings and says what differs', async () => {
    await calicoctl(run);
    const ended = await calicoctl([...run, '--as=65001']);
    const expected = CHOICE + PREPARATION + command(node, { reason: ' Replacing it because AS is not set.', variables: ' -e AS=65001' }) + STARTED;
    expect(ended).to.deep.equal({ code: 0, signal: null, stdout: expected, stderr: '' });
    expect(await containers()).to.deep.equal(['calico-node running']);
  });

  it('finds the address in every way, and says which and why', async () => {
    const ways: readonly (readonly [string, string])[] = [
      ['--ip-autodetection-method=can-reach=192.168.40.1', 'Using IPv4 address 192.168.40.11/24 on interface eth0 (can-reach: the kernel sends to 192.168.40.1 from there).'],
      ['--ip-autodetection-method=skip-interface=peer.*', 'Using IPv4 address 192.168.40.11/24 on interface eth0 (skip-interface: the one with the highest index that neither the default nor the given names exclude).'],
      ['--ip=192.168.40.11', 'Using IPv4 address 192.168.40.11/24 on interface eth0 (given with --ip).'],
    ];
    for (const [option, sentence] of ways) {
      expect((await calicoctl([...run, option])).stdout.split('\n')[1]).to.equal(sentence);
      await forgetNodes(host);
    }
    const both = await calicoctl([...run, '--ip=autodetect', '--ip6=autodetect', '--ip6-autodetection-method=interface=^eth']);
    expect(both.stdout.split('\n').slice(1, 5)).to.deep.equal([
      ...CHOICE.split('\n').slice(1, 3),
      'Using IPv6 address fd00:40::11/64 on interface eth0 (interface: the one with the highest index whose name matches).',
      'Passed over: peer0 (the name does not match).',
    ]);
  });

  it('says where the datastore has the address already', async () => {
    const manifest = (address: string): string => `{apiVersion: projectcalico.org/v3, kind: Node, metadata: {name: sim-host}, spec: {bgp: {ipv4Address: ${address}}}}`;
    await calicoctl(['apply', '-f', '-'], { stdin: manifest('192.168.40.11/24') });
    expect((await host.calicoctl(run)).stdout.split('\n')[1]).to.equal('Using IPv4 address 192.168.40.11/24, which the datastore has for node sim-host; it is on interface eth0.');
    await calicoctl(['apply', '-f', '-'], { stdin: manifest('10.9.9.9/24') });
    expect((await calicoctl(run)).stdout.split('\n')[1]).to.equal('Using IPv4 address 10.9.9.9/24, which the datastore has for node sim-host; no interface of this host has it (--ip=autodetect looks for another).');
    expect((await calicoctl([...run, '--ip=autodetect'])).stdout.split('\n').slice(1, 3)).to.deep.equal(CHOICE.split('\n').slice(1, 3));
    expect((await calicoctl(['delete', 'node', 'sim-host'])).code).to.equal(0);
  });

  it('shows the last log lines of a container that ends, and leaves nothing behind', async () => {
    const crash = imageName('crash');
    const ended = await calicoctl(['node', 'run', ...PATIENT, `--node-image=${crash}`]);
    expect(ended.code).to.equal(1);
    // Docker starts it again at once, and may do so more than once before anybody looks.
    expect(ended.stdout.replace(/(Starting the node\n)+$/, 'Starting the node\n')).to.equal(`${CHOICE}${PREPARATION}${command(crash)}Container started, checking progress logs.\n\nStarting the node\n`);
    const [sentence, heading, ...lines] = ended.stderr.split('\n');
    expect([sentence?.replace('it ended and was restarted by its engine', 'it ended with exit code 3'), heading]).to.deep.equal(['calico-node did not start: it ended with exit code 3', 'Its last log lines:']);
    expect([...new Set(lines)].sort()).to.deep.equal(['', ' | Calico node failed to start', ' | Starting the node']);
    expect(await containers()).to.deep.equal([]);
  });

  it('brings the old container back when the new one does not start in time', async () => {
    await calicoctl(run);
    const id = await facts('{{.Id}}');
    const silent = imageName('silent');
    const ended = await calicoctl(['node', 'run', '--timeout=60s', `--node-image=${silent}`, '--start-timeout=4s']);
    expect(ended).to.deep.equal({
      code: 1,
      signal: null,
      stdout: `${CHOICE}${PREPARATION}${command(silent, { reason: ` Replacing it because its image differs (${node}).` })}Container started, checking progress logs.\n\nWaiting for the datastore\nThe old calico-node container was restored and is running.\n`,
      stderr: 'calico-node did not start: it did not report that it started within 4 s\nIts last log lines:\n | Waiting for the datastore\n',
    });
    expect(await containers()).to.deep.equal(['calico-node running']);
    expect(await facts('{{.Id}}')).to.equal(id);
  });

  it('brings the old container back on Ctrl-C', async () => {
    await calicoctl(run);
    const id = await facts('{{.Id}}');
    const started = host.launchCalicoctl(['node', 'run', ...PATIENT, `--node-image=${imageName('silent')}`]);
    await eventually('the new container logs', () => withoutLog(started).stdout.includes('Waiting for the datastore\n'));
    started.signal('SIGINT');
    expect([await started.end(), started.stderr]).to.deep.equal([130, 'interrupted\n']);
    expect(await containers()).to.deep.equal(['calico-node running']);
    expect(await facts('{{.Id}}')).to.equal(id);
  });

  it('replaces a container that is not healthy', async () => {
    await calicoctl(run);
    await host.docker('kill', 'calico-node');
    await eventually('the container has ended', async () => (await facts('{{.State.Status}}')) === 'exited');
    const ended = await calicoctl(run);
    expect(ended).to.deep.equal({ code: 0, signal: null, stdout: CHOICE + PREPARATION + command(node, { reason: ' Replacing it because it is exited, exit code 137 (SIGKILL).' }) + STARTED, stderr: '' });
  });

  it('replaces a container whose health check fails', async () => {
    const sick = imageName('sick');
    const start = ['node', 'run', ...PATIENT, `--node-image=${sick}`];
    expect((await calicoctl(start)).code).to.equal(0);
    await eventually('its health check has failed', async () => (await facts('{{.State.Health.Status}}')) === 'unhealthy');
    expect(await calicoctl(start)).to.deep.equal({ code: 0, signal: null, stdout: CHOICE + PREPARATION + command(sick, { reason: ' Replacing it because its health check fails.' }) + STARTED, stderr: '' });
  });

  it('does not take a container for healthy that runs and never said that it started', async () => {
    const start = ['node', 'run', '--timeout=60s', '--start-timeout=2s', `--node-image=${imageName('silent')}`];
    const [, , line = ''] = (await calicoctl([...start, '--dryrun'])).stdout.split('\n');
    await host.must('sh', '-c', line);
    const began = Date.parse(await facts('{{.State.StartedAt}}'));
    await eventually('it has run longer than it may take to start', () => Date.now() - began > 2000);
    const ended = await calicoctl(start);
    expect([ended.code, ended.stderr.split('\n')[0]]).to.deep.equal([1, 'calico-node did not start: it did not report that it started within 2 s']);
    expect(ended.stdout.startsWith(`${CHOICE}${PREPARATION}Removing old calico-node container (if running). Replacing it because it has not reported that it started.\n`)).to.equal(true);
    expect([Date.parse(await facts('{{.Created}}')) <= began, await containers()]).to.deep.equal([true, ['calico-node running']]);
  });

  it('leaves the restarting after a crash to the engine, which also survives a restart of its own', async () => {
    await calicoctl(run);
    await host.must('kill', '-9', await host.must('pgrep', '-f', 'start-calico-node'));
    await eventually('docker started it again', async () => (await facts('{{.RestartCount}} {{.State.Status}}')) === '1 running');
    await host.stopDocker();
    await host.startDocker();
    await eventually('it is back', async () => (await facts('{{.State.Status}}')) === 'running');
    const { code, stdout } = await calicoctl(run);
    expect([code, stdout]).to.deep.equal([0, `${CHOICE}calico-node already runs with these settings and is healthy; it was left as it is (--replace replaces it).\n`]);
  });

  it('has a container that knows its health, starts again what ends in it, and ends soon', async () => {
    await calicoctl(run);
    const isHealthy = async (): Promise<boolean> => (await host.run(['docker', 'exec', 'calico-node', 'node-health'])).code === 0;
    await eventually('it is healthy', isHealthy);
    for (const [name, service] of [['bird6', 'bird6'], ['calico-agent', 'agent']] as const) {
      const pid = await host.must('pgrep', '-x', name);
      await host.must('kill', '-9', pid);
      await eventually(`${service} runs again`, async () => ![pid, ''].includes((await host.run(['pgrep', '-x', name])).stdout.trim()));
      await eventually('it is healthy again', isHealthy);
      expect((await host.run(['docker', 'logs', 'calico-node'])).stderr.split('\n')).to.include(`${service} ended with code -1 and is started again in 1 s`);
    }
    expect(await facts('{{.RestartCount}}')).to.equal('0');
    const rules = await host.must('iptables-save');
    const began = performance.now();
    await host.docker('stop', 'calico-node');
    expect([performance.now() - began < 5000, await facts('{{.State.ExitCode}}'), (await host.must('iptables-save')) === rules]).to.deep.equal([true, '0', true]);
  });

  it('stays with the container for an init system, and stops it on SIGTERM', async () => {
    const started = host.launchCalicoctl([...run, '--init-system', '--backend=none']);
    await eventually('the container is up', () => withoutLog(started).stdout.endsWith('Calico node started successfully\n'));
    const foreground = command(node).replace(' -d --restart=always', ' --rm').replace('BACKEND=bird', 'BACKEND=none');
    const logged = 'CALICO_NETWORKING_BACKEND is none - no BGP daemon running\nCalico node started successfully\n';
    expect(withoutLog(started).stdout).to.equal(CHOICE.slice(0, CHOICE.indexOf('Using IPv4')) + PREPARATION + foreground + logged);
    started.signal('SIGTERM');
    expect([await started.end(), started.stderr]).to.deep.equal([130, '']);
    expect(await containers()).to.deep.equal([]);
  });

  it('stays with a container that runs already, for an init system whose unit was killed', async () => {
    const foreground = [...run, '--init-system'];
    const first = host.launchCalicoctl(foreground);
    await eventually('the container is up', () => first.stdout.includes('Calico node started successfully\n'));
    const second = host.launchCalicoctl(foreground);
    await eventually('it stays', () => second.stdout.endsWith('staying with it.\n'));
    expect(withoutLog(second).stdout).to.equal(`${CHOICE}calico-node already runs with these settings; staying with it.\n`);
    second.signal('SIGTERM');
    expect([await second.end(), second.stderr, await first.end()]).to.deep.equal([130, '', 0]);
    expect(await containers()).to.deep.equal([]);
  });

  it('says that the engine could not start the container, for an init system', async () => {
    const wrapper = 'mkdir -p /tmp-bin && printf \'#!/bin/sh\\n[ "$1" != run ] || exec /bin/sh -c "echo refused >&2; exit 125"\\nexec %s "$@"\\n\' "$(command -v docker)" > /tmp-bin/docker && chmod +x /tmp-bin/docker';
    await host.must('sh', '-c', wrapper);
    const ended = await calicoctl([...run, '--init-system'], { as: ['env', `PATH=/tmp-bin:${process.env['PATH'] ?? ''}`] });
    expect([ended.code, ended.stderr]).to.deep.equal([1, 'refused\ncalico-node could not be started: docker run ended with exit status 125; its output is above\n']);
  });
});

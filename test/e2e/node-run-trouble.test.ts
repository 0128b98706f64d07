import { expect } from 'chai';
import { after, afterEach, before, it } from 'mocha';
import type { Ended } from '../../scripts/support/calicoctl.js';
import { imageName, makeTestImages } from '../support/node-images.js';
import { CHOICE, command, forgetNodes, PATIENT, PREPARATION, withoutLog } from '../support/node-output.js';
import { describeAsRoot } from '../support/root.js';
import { SimulatedHost } from '../support/simulated-host.js';
import { eventually } from '../../scripts/support/wait.js';

const NAME = CHOICE.slice(0, CHOICE.indexOf('\n') + 1);

/** A command that ended with one or two sentences on stderr. */
function refused(code: number, stderr: string, stdout = ''): Ended {
  return { code, signal: null, stdout, stderr: `${stderr}\n` };
}

describeAsRoot('node run, stop and restart in trouble', function () {
  this.timeout(180_000);
  const node = imageName('node');
  const run = ['node', 'run', ...PATIENT, `--node-image=${node}`];
  let host: SimulatedHost;
  const calicoctl: SimulatedHost['calicoctl'] = async (...words) => withoutLog(await host.calicoctl(...words));

  before(async () => {
    host = await SimulatedHost.start();
    await Promise.all([host.startDocker(), host.startEtcd()]);
    for (const archive of makeTestImages(host.folder, ['node', 'crash', 'broken'])) await host.docker('load', '-i', archive);
  });
  after(() => host.stop());
  afterEach(async () => {
    await host.run(['docker', 'rm', '-f', 'calico-node']);
    await forgetNodes(host);
  });

  const containers = async (): Promise<string[]> => (await host.docker('ps', '-a', '--format', '{{.Names}} {{.State}}')).split('\n').filter((line) => line !== '');

  it('needs root, except for --dryrun', async () => {
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    expect(await calicoctl(run, { as: nobody })).to.deep.equal(refused(1, 'node run needs root: it loads kernel modules and enables forwarding\nhint: --dryrun shows the command without running it'));
    expect((await calicoctl([...run, '--dryrun'], { as: nobody })).code).to.equal(0);
  });

  it('says that there is no engine, and which one is not installed', async () => {
    const without = { as: ['env', 'PATH=/sbin'] };
    const missing = refused(1, 'there is no container engine: neither docker, podman nor nerdctl is in PATH\nhint: install one of them');
    expect(await calicoctl(run, without)).to.deep.equal(missing);
    expect(await calicoctl(['node', 'stop'], without)).to.deep.equal(missing);
    expect(await calicoctl([...run, '--runtime=nerdctl'])).to.deep.equal(
      refused(1, 'nerdctl is not installed: it is not in PATH\nhint: install it, or leave out --runtime to use whichever of docker, podman, nerdctl is installed'),
    );
  });

  it('says that this user may not talk to the engine', async () => {
    await host.must('chown', '65533', '/run/docker.sock');
    await host.must('chmod', '600', '/run/docker.sock');
    const powerless = ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all'];
    const ended = await calicoctl(run, { as: powerless });
    expect({ ...ended, stderr: ended.stderr.replace(/\(docker said: .*\)/, '(...)') }).to.deep.equal(
      refused(1, "this user may not talk to docker (...)\nhint: run it as root, or add the user to the group of docker's socket"),
    );
    await host.must('chown', '0', '/run/docker.sock');
  });

  it('says that the image is neither here nor to be had, and touches nothing', async () => {
    await calicoctl(run);
    const image = '127.0.0.1:1/calico/node:3';
    const ended = await calicoctl(['node', 'run', ...PATIENT, `--node-image=${image}`]);
    expect({ ...ended, stderr: ended.stderr.replace(/\(docker said: .*\)/, '(...)') }).to.deep.equal(
      refused(
        1,
        `the image ${image} is not on this machine and cannot be fetched: docker pull failed with exit status 1 (...)\nhint: name another with --node-image, or load it with: docker load`,
        `${CHOICE}The image ${image} is not on this machine; fetching it, which may take a while.\n`,
      ),
    );
    expect(await containers()).to.deep.equal(['calico-node running']);
  });

  it('leaves a container alone that is not a Calico node', async () => {
    await host.docker('run', '-d', '--net=host', '--name=calico-node', node, 'sleep', '600');
    const sentence = `there is a container named calico-node that is not a Calico node (its image is ${node}); it was left alone\nhint: the node needs this name; give the other container another one: docker rename calico-node OTHER-NAME`;
    expect(await calicoctl([...run, '--replace'])).to.deep.equal(refused(5, sentence, CHOICE));
    expect(await calicoctl(['node', 'stop'])).to.deep.equal(refused(5, sentence));
    expect(await calicoctl(['node', 'restart'])).to.deep.equal(refused(5, sentence));
    expect(await containers()).to.deep.equal(['calico-node running']);
  });

  it('starts nothing where the datastore does not answer', async () => {
    const ended = await calicoctl(run, { env: { ETCD_ENDPOINTS: 'http://127.0.0.1:9' } });
    expect(ended).to.deep.equal(refused(4, 'etcd at http://127.0.0.1:9: connection refused\nhint: check that etcd is running and that ETCD_ENDPOINTS names its client port'));
    expect(await containers()).to.deep.equal([]);
  });

  it('refuses addresses that no interface has, and says where it looked for others', async () => {
    const there = 'hint: this host has: lo 127.0.0.1/8, eth0 192.168.40.11/24';
    expect(await calicoctl([...run, '--ip=192.168.40.99'])).to.deep.equal(refused(1, `--ip: no interface of this host has the address 192.168.40.99\n${there}`, NAME));
    expect(await calicoctl([...run, '--ip-autodetection-method=interface=wlan.*'])).to.deep.equal(
      refused(
        1,
        'no IPv4 address found for this node: no interface has a global IPv4 address and a name that interface accepts\nhint: give one with --ip, or choose another method with --ip-autodetection-method Passed over: peer0 (the name does not match), eth0 (the name does not match), lo (the name does not match).',
        NAME,
      ),
    );
    expect(await containers()).to.deep.equal([]);
  });

  it('refuses files that are not there, before it touches anything', async () => {
    expect(await calicoctl([...run, '--felix-config=/etc/no-felix.cfg'])).to.deep.equal(refused(1, '--felix-config needs the file /etc/no-felix.cfg, which does not exist', NAME));
    expect(await calicoctl([...run, '--log-dir=/etc/hostname'])).to.deep.equal(refused(1, '--log-dir needs the folder /etc/hostname, which is something else', NAME));
    expect(await containers()).to.deep.equal([]);
  });

  it('stops at forwarding that cannot be enabled, and the old container runs on', async () => {
    await calicoctl(run);
    const script = 'mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec "$@"';
    const ended = await calicoctl([...run, '--replace'], { as: ['unshare', '--mount', 'sh', '-c', script, 'sh'] });
    expect(ended).to.deep.equal(
      refused(
        1,
        "IPv4 forwarding cannot be enabled: EROFS: read-only file system, open '/proc/sys/net/ipv4/ip_forward'\nhint: the node cannot route without it; no container was changed",
        CHOICE + PREPARATION.slice(0, PREPARATION.indexOf('Enabling IPv6')),
      ),
    );
    expect(await containers()).to.deep.equal(['calico-node running']);
  });

  it('brings the old container back when the engine refuses the new one', async () => {
    await calicoctl(run);
    const broken = imageName('broken');
    const { code, stdout, stderr } = await calicoctl(['node', 'run', ...PATIENT, `--node-image=${broken}`]);
    expect([code, stdout]).to.deep.equal([1, `${CHOICE}${PREPARATION}${command(broken, { reason: ` Replacing it because its image differs (${node}).` })}The old calico-node container was restored and is running.\n`]);
    expect(stderr.split('\n')[0]).to.match(/^calico-node could not be started: docker run failed with exit status 127 \(docker said: .*no-such-program.*\)$/);
    expect(await containers()).to.deep.equal(['calico-node running']);
  });

  it('stops a node, says when there was nothing to stop, and restarts it', async () => {
    expect(await calicoctl(['node', 'stop'])).to.deep.equal(refused(5, 'docker has no container named calico-node\nhint: look at another engine with --runtime: podman'));
    await calicoctl(run);
    expect(await calicoctl(['node', 'stop'])).to.deep.equal({ code: 0, signal: null, stdout: 'Stopped calico-node.\n', stderr: '' });
    expect(await containers()).to.deep.equal(['calico-node exited']);
    expect(await calicoctl(['node', 'stop'])).to.deep.equal({ code: 0, signal: null, stdout: 'calico-node was not running.\n', stderr: '' });
    const restarted = await calicoctl(['node', 'restart']);
    expect(restarted).to.deep.equal({ code: 0, signal: null, stdout: 'Calico node started successfully\nRestarted calico-node.\n', stderr: '' });
    expect(await containers()).to.deep.equal(['calico-node running']);
  });

  it('says that a node does not come up again', async () => {
    await host.docker('run', '-d', '--net=host', '--name=calico-node', '-e', 'NODENAME=a', '-e', 'CALICO_NETWORKING_BACKEND=bird', imageName('crash'));
    await eventually('it has ended', async () => (await containers())[0] === 'calico-node exited');
    const ended = await calicoctl(['node', 'restart']);
    expect([ended.code, ended.stdout, ended.stderr.split('\n')[0]]).to.deep.equal([1, 'Starting the node\n', 'calico-node did not start: it ended with exit code 3']);
  });

  it('says that the engine does not answer', async () => {
    await host.stopDocker();
    const sentence = 'docker is installed, but its engine does not answer (docker said: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?)\nhint: start it, for example: systemctl start docker';
    // Whatever else is missing because of it, a socket to be mounted above all, is not blamed.
    for (const command of [run, [...run, '--disable-docker-networking'], [...run, '--watch'], [...run, '--init-system'], ['node', 'restart'], ['node', 'stop']]) {
      expect(await calicoctl(command), command.join(' ')).to.deep.equal(refused(1, sentence));
    }
    await host.startDocker();
  });
});

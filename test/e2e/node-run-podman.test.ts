import { expect } from 'chai';
import { after, afterEach, before, it } from 'mocha';
import { imageName, makeTestImages } from '../support/node-images.js';
import { CHOICE, command, forgetNodes, PATIENT, PREPARATION, STARTED, withoutLog } from '../support/node-output.js';
import { describeAsRoot } from '../support/root.js';
import { SimulatedHost } from '../support/simulated-host.js';
import { eventually } from '../../scripts/support/wait.js';

const DOCKER_MOUNTS = ' -v /run/docker/plugins:/run/docker/plugins -v /var/run/docker.sock:/var/run/docker.sock';

/** The command with podman, which has no networking of Docker's. */
function podmanCommand(...given: Parameters<typeof command>): string {
  return command(...given).replace('docker run', 'podman run').replace('LIBNETWORK_ENABLED=true', 'LIBNETWORK_ENABLED=false').replace(DOCKER_MOUNTS, '');
}

describeAsRoot('node run on podman', function () {
  this.timeout(180_000);
  const node = imageName('node');
  const run = ['node', 'run', ...PATIENT, '--runtime=podman', `--node-image=${node}`];
  let host: SimulatedHost;
  const calicoctl: SimulatedHost['calicoctl'] = async (...words) => withoutLog(await host.calicoctl(...words));
  let env: Record<string, string>;

  before(async () => {
    host = await SimulatedHost.start();
    env = host.preparePodman();
    await host.startEtcd();
    for (const archive of makeTestImages(host.folder, ['node', 'crash'])) expect((await podman('load', '-q', '-i', archive)).code).to.equal(0);
  });
  after(() => host.stop());
  afterEach(async () => {
    await podman('rm', '-f', 'calico-node');
    await forgetNodes(host);
  });

  const podman = (...args: string[]): ReturnType<SimulatedHost['run']> => host.run(['podman', ...args], { env });
  const containers = async (): Promise<string[]> => {
    const listed = JSON.parse((await podman('ps', '-a', '--format', 'json')).stdout) as { Names: string[]; State: string }[];
    return listed.map(({ Names, State }) => `${Names.join()} ${State}`);
  };

  it('starts the container, leaves it as it is, and replaces it for other settings', async () => {
    expect(await calicoctl(run, { env })).to.deep.equal({ code: 0, signal: null, stdout: CHOICE + PREPARATION + podmanCommand(node) + STARTED, stderr: '' });
    expect(await calicoctl(run, { env })).to.deep.equal({
      code: 0, signal: null, stdout: `${CHOICE}calico-node already runs with these settings and is healthy; it was left as it is (--replace replaces it).\n`, stderr: '',
    });
    const changed = podmanCommand(node, { reason: ' Replacing it because AS is not set.', variables: ' -e AS=65001' });
    expect(await calicoctl([...run, '--as=65001'], { env })).to.deep.equal({ code: 0, signal: null, stdout: CHOICE + PREPARATION + changed + STARTED, stderr: '' });
    expect(await containers()).to.deep.equal(['calico-node running']);
  });

  it('shows why a container ended, and brings the old one back', async () => {
    await calicoctl(run, { env });
    const ended = await calicoctl(['node', 'run', ...PATIENT, '--runtime=podman', `--node-image=${imageName('crash')}`], { env });
    expect(ended.code).to.equal(1);
    expect(ended.stdout.endsWith('The old calico-node container was restored and is running.\n')).to.equal(true);
    expect(ended.stderr.split('\n')[0]).to.match(/^calico-node did not start: (it ended with exit code 3|it ended and was restarted by its engine)$/);
    expect(await containers()).to.deep.equal(['calico-node running']);
  });

  it('stops and restarts', async () => {
    await calicoctl(run, { env });
    expect(await calicoctl(['node', 'stop', '--runtime=podman'], { env })).to.deep.equal({ code: 0, signal: null, stdout: 'Stopped calico-node.\n', stderr: '' });
    expect(await containers()).to.deep.equal(['calico-node exited']);
    expect(await calicoctl(['node', 'restart', '--runtime=podman'], { env })).to.deep.equal({ code: 0, signal: null, stdout: `${STARTED.slice(STARTED.indexOf('Calico'))}Restarted calico-node.\n`, stderr: '' });
    expect(await containers()).to.deep.equal(['calico-node running']);
  });

  it('watches', async () => {
    const started = host.launchCalicoctl([...run, '--watch'], env);
    await eventually('it watches', () => withoutLog(started).stdout.endsWith('Ctrl-C stops it.\n'));
    await podman('kill', 'calico-node');
    await eventually('it watches again', () => withoutLog(started).stdout.split('Ctrl-C stops it.\n').length === 3);
    started.signal('SIGINT');
    expect([await started.end(), started.stderr, await containers()]).to.deep.equal([130, '', []]);
  });
});

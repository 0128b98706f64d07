import { expect } from 'chai';
import { after, afterEach, before, it } from 'mocha';
import { imageName, makeTestImages } from '../support/node-images.js';
import { CHOICE, command, forgetNodes, PATIENT, PREPARATION, STARTED, withoutLog } from '../support/node-output.js';
import { describeAsRoot } from '../support/root.js';
import { SimulatedHost } from '../support/simulated-host.js';
import { eventually } from '../../scripts/support/wait.js';

/** The command under --watch: the engine does not start the container again. */
function watched(...given: Parameters<typeof command>): string {
  return command(...given).replace(' --restart=always', '');
}

describeAsRoot('node run --watch', function () {
  this.timeout(180_000);
  const node = imageName('node');
  const run = ['node', 'run', ...PATIENT, '--watch', `--node-image=${node}`];
  const watching = 'Watching calico-node; Ctrl-C stops it.\n';
  let host: SimulatedHost;
  const calicoctl: SimulatedHost['calicoctl'] = async (...words) => withoutLog(await host.calicoctl(...words));

  before(async () => {
    host = await SimulatedHost.start();
    await Promise.all([host.startDocker(), host.startEtcd()]);
    for (const archive of makeTestImages(host.folder, ['node', 'crash'])) await host.docker('load', '-i', archive);
  });
  after(() => host.stop());
  afterEach(async () => {
    await host.run(['docker', 'rm', '-f', 'calico-node']);
    await forgetNodes(host);
  });

  const containers = (): Promise<string> => host.docker('ps', '-a', '--format', '{{.Names}} {{.State}}');
  const times = (text: string, part: string): number => text.split(part).length - 1;

  it('starts the container again when it is killed, and stops it on Ctrl-C', async () => {
    const started = host.launchCalicoctl(run);
    await eventually('it watches', () => withoutLog(started).stdout.endsWith(watching));
    await host.docker('kill', 'calico-node');
    await eventually('it watches again', () => times(withoutLog(started).stdout, watching) === 2);
    expect(await containers()).to.equal('calico-node running');
    started.signal('SIGINT');
    expect(await started.end()).to.equal(130);
    const again = watched(node, { reason: ' Replacing it because it is exited, exit code 137 (SIGKILL).' });
    expect(withoutLog(started).stdout.replace(/after \d+ s/, 'after N s')).to.equal(
      `${CHOICE}${PREPARATION}${watched(node)}${STARTED}${watching}calico-node ended with exit code 137 (SIGKILL) after N s.\nStarting calico-node again in 1 s.\n${again}${STARTED}${watching}Stopped calico-node.\n`,
    );
    expect([started.stderr, await containers()]).to.deep.equal(['', '']);
  });

  it('waits longer each time for a container that ends at once, and reports each end', async () => {
    const started = host.launchCalicoctl([...run.slice(0, -1), `--node-image=${imageName('crash')}`]);
    await eventually('it has failed three times', () => withoutLog(started).stdout.includes('again in 4 s'));
    started.signal('SIGTERM');
    expect(await started.end()).to.equal(130);
    expect(withoutLog(started).stdout.match(/calico-node did not start: .*|Starting calico-node again .*/g)).to.deep.equal([1, 2, 4].flatMap((seconds) => [
      'calico-node did not start: it ended with exit code 3',
      `Starting calico-node again in ${seconds} s.`,
    ]));
    expect([started.stderr, await containers()]).to.deep.equal(['', '']);
  });

  it('brings back the container that ran before when the new one never comes up', async () => {
    expect((await calicoctl(run.filter((word) => word !== '--watch'))).code).to.equal(0);
    const ended = await calicoctl([...run.slice(0, -1), `--node-image=${imageName('crash')}`]);
    expect([ended.code, ended.stderr.split('\n')[0], ended.stdout.split('\n').at(-2)]).to.deep.equal([
      1, 'calico-node did not start: it ended with exit code 3', 'The old calico-node container was restored and is running.',
    ]);
    expect(await containers()).to.equal('calico-node running');
  });

  it('outlives a restart of the engine', async () => {
    const started = host.launchCalicoctl(run);
    await eventually('it watches', () => withoutLog(started).stdout.endsWith(watching));
    await host.stopDocker();
    await eventually('it says that the container ended', () => withoutLog(started).stdout.includes('Starting calico-node again in 1 s.\n'));
    await host.startDocker();
    await eventually('it watches again', () => times(withoutLog(started).stdout, watching) === 2);
    expect(await containers()).to.equal('calico-node running');
    started.signal('SIGINT');
    expect([await started.end(), started.stderr, await containers()]).to.deep.equal([130, '', '']);
  });

  it('watches a container that runs already, and leaves an engine alone that refuses from the start', async () => {
    const first = host.launchCalicoctl(run);
    await eventually('it watches', () => first.stdout.endsWith(watching));
    const second = host.launchCalicoctl(run);
    await eventually('it watches too', () => second.stdout.endsWith(watching));
    expect(withoutLog(second).stdout).to.equal(`${CHOICE}calico-node already runs with these settings; it is watched as it is.\n${watching}`);
    second.signal('SIGINT');
    expect([await second.end(), second.stdout.endsWith('Stopped calico-node.\n')]).to.deep.equal([130, true]);
    first.signal('SIGINT');
    expect(await first.end()).to.equal(130);
    const refused = await calicoctl(['node', 'run', ...PATIENT, '--watch', '--node-image=127.0.0.1:1/none:1']);
    expect([refused.code, refused.stdout]).to.deep.equal([1, `${CHOICE}The image 127.0.0.1:1/none:1 is not on this machine; fetching it, which may take a while.\n`]);
    expect(await containers()).to.equal('');
  });
});

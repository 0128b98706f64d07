import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'mocha';
import { PROGRAM, ROOT } from '../../scripts/support/calicoctl.js';
import { CniLab } from '../support/cni-lab.js';
import { describeAsRoot } from '../support/root.js';
import { samplesIn } from '../support/samples.js';

/** Runs a command that has /opt and /etc for itself. */
const ALONE = ['unshare', '--mount', 'sh', '-ec', 'mount -t tmpfs tmpfs /opt; mount -t tmpfs tmpfs /mnt; cp -a /etc/. /mnt; mount --bind /mnt /etc; exec "$@"', 'sh'];

describeAsRoot('docs/cni.md', function () {
  this.timeout(60_000);
  let lab: CniLab;

  before(async () => {
    lab = await CniLab.start(`test-d${process.pid}`);
  });
  after(() => lab?.stop());

  it('shows how a container comes onto the network, line by line', async () => {
    const [host = ''] = lab.names;
    // The CNI project's tool is in no package that a test may count on: what it does is what the lines below it do by hand.
    const shown = samplesIn('docs/cni.md', readFileSync(join(ROOT, 'docs/cni.md'), 'utf8')).map(({ line }) => line);
    const lines = shown.filter((line) => !/\bcnitool\b|^ip netns exec/.test(line)).map((line) => line.replace('/tmp/', `${lab.folder}/`));
    expect(lines.map((line) => line.split(' ')[0])).to.deep.equal(['calicoctl', 'ip', 'calicoctl', 'cd', 'node', 'export', 'CNI_COMMAND=ADD', 'CNI_COMMAND=DEL', 'sed']);
    const setUp = ['calicoctl() { "$NODE" "$PROGRAM" "$@"; }'];
    const env = [`ETCD_ENDPOINTS=${String(lab.config(host)['etcd_endpoints'])}`, `NODE=${process.execPath}`, `PROGRAM=${PROGRAM}`];
    const output = await lab.on(host)([...ALONE, 'env', ...env, 'bash', '-ec', [...setUp, ...lines].join('\n')]);
    expect(output).to.include('written  /opt/cni/bin/calico\n').and.to.include('written  /etc/cni/net.d/10-calico.conflist\n');
    expect(output).to.match(/"name": "caliweb"/).and.to.match(/"address": "10\.65\.\d+\.\d+\/32"/);
    // STATUS prints nothing where all is well.
    expect(output).to.match(/\}\n$/);
    await lab.expectNothing();
  });
});

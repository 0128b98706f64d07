import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { filesIn } from '../../scripts/support/files.js';
import { calicoctl, PROGRAM, ROOT, runProgram, startCalicoctl, type Ended, type RunOptions } from '../../scripts/support/calicoctl.js';
import { eventually } from '../../scripts/support/wait.js';
import { certificateStore } from '../support/certificates.js';

const BEFORE = '10-calico.conflist.before-calicoctl';

describe('node install-cni', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-install-cni-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const at = (...path: readonly string[]): string => join(folder, ...path);
  const places = (): readonly string[] => ['--conf-dir', at('net.d'), '--bin-dir', at('bin')];
  const plain = ({ code, stdout, stderr }: Ended): string => [code, stdout, stderr].join('\n').replaceAll(folder, 'FOLDER').trim();
  const run = async (args: readonly string[] = [], options: RunOptions = {}): Promise<string> => plain(await calicoctl(['node', 'install-cni', ...places(), ...args], { ...options, env: { ETCD_ENDPOINTS: 'http://192.0.2.1:2379', ...options.env } }));
  const there = (): Record<string, string> => Object.fromEntries(filesIn(folder).map((path) => [relative(folder, path), (statSync(path).mode & 0o777).toString(8)]));
  const plugin = (name = 'calico'): Record<string, unknown> => (JSON.parse(readFileSync(at('net.d/10-calico.conflist'), 'utf8')) as { plugins: readonly Record<string, unknown>[] }).plugins.find(({ type }) => type === name) ?? {};
  const portmap = (): void => {
    mkdirSync(at('bin'), { recursive: true });
    writeFileSync(at('bin/portmap'), '', { mode: 0o755 });
  };
  const INSTALLED = { 'bin/calico': '755', 'bin/calico-ipam': '755', 'bin/calico.d/cni.js': '644', 'bin/calico.d/calicoctl-cni.js': '644', 'bin/calico.d/installed.json': '644', 'bin/portmap': '755', 'net.d/10-calico.conflist': '644' };

  it('writes plugins that work wherever the program goes, and a config; again does nothing; --remove takes all away', async () => {
    portmap();
    expect(await run()).to.equal('0\nwritten  FOLDER/bin/calico.d/cni.js\nwritten  FOLDER/bin/calico.d/calicoctl-cni.js\nwritten  FOLDER/bin/calico\nwritten  FOLDER/bin/calico-ipam\nwritten  FOLDER/net.d/10-calico.conflist');
    expect(there()).to.deep.equal(INSTALLED);
    expect(plugin()).to.include({ etcd_endpoints: 'http://192.0.2.1:2379', type: 'calico' });
    expect(plugin('portmap')).to.include({ snat: true });
    for (const name of ['calico', 'calico-ipam']) {
      const { code, stdout } = await runProgram([at('bin', name)], { env: { CNI_COMMAND: 'VERSION', PATH: '/nowhere' } });
      expect([code, (JSON.parse(stdout) as { cniVersion: string }).cniVersion]).to.deep.equal([0, '1.1.0']);
    }
    const { stdout: version } = await runProgram([at('bin/calico'), '-v']);
    expect(version).to.match(/^\d+\.\d+\.\d+( \(.*\))?\n$/);
    const times = filesIn(folder).map((path) => statSync(path).ctimeMs);
    expect(await run()).to.equal('0\nunchanged  FOLDER/bin/calico.d/cni.js\nunchanged  FOLDER/bin/calico.d/calicoctl-cni.js\nunchanged  FOLDER/bin/calico\nunchanged  FOLDER/bin/calico-ipam\nunchanged  FOLDER/net.d/10-calico.conflist');
    expect(filesIn(folder).map((path) => statSync(path).ctimeMs)).to.deep.equal(times);
    expect(await run(['--remove', '--dryrun'])).to.equal('0\nremove  FOLDER/net.d/10-calico.conflist\nremove  FOLDER/bin/calico-ipam\nremove  FOLDER/bin/calico\nremove  FOLDER/bin/calico.d/calicoctl-cni.js\nremove  FOLDER/bin/calico.d/cni.js');
    expect(there()).to.deep.equal(INSTALLED);
    expect(await run(['--remove'])).to.match(/^0\nremoved {2}FOLDER\/net.d\/10-calico.conflist\n/);
    expect(there()).to.deep.equal({ 'bin/portmap': '755' });
    expect(existsSync(at('bin/calico.d'))).to.equal(false);
    expect(await run(['--remove'])).to.match(/^\d\n\nnothing of this tool is installed in FOLDER\/bin\n/);
  });

  it('a plugin whose program is gone says so as a plugin does', async () => {
    await run();
    renameSync(at('bin/calico.d/calicoctl-cni.js'), at('elsewhere'));
    const { code, stdout } = await runProgram([at('bin/calico')], { env: { CNI_COMMAND: 'VERSION' } });
    expect([code, JSON.parse(stdout)]).to.deep.equal([1, { code: 999, msg: `${at('bin/calico.d/calicoctl-cni.js')} is gone; run on this host: calicoctl node install-cni` }]);
  });

  it('says what may not be as it is meant', async () => {
    mkdirSync(at('net.d'));
    writeFileSync(at('net.d/00-other.conf'), '');
    const notes = (await run([], { env: { ETCD_ENDPOINTS: '' } })).split('\n').slice(-3);
    expect(notes).to.deep.equal([
      'no etcd endpoint is configured: http://127.0.0.1:2379 is taken',
      'ports of the host will not lead to containers: the plugin portmap is not in FOLDER/bin',
      'a container runtime takes 00-other.conf before this network: it uses the first config by its name',
    ]);
  });

  it('keeps what is not ours under another name, also where it is a link, and what somebody changed', async () => {
    portmap();
    mkdirSync(at('net.d'));
    writeFileSync(at('net.d/10-calico.conflist'), 'theirs', { mode: 0o600 });
    symlinkSync('portmap', at('bin/calico'));
    expect(await run(['--dryrun'])).to.include(`write  FOLDER/net.d/10-calico.conflist (what was there becomes ${BEFORE})`);
    expect(await run()).to.include(`written  FOLDER/bin/calico (what was there is now calico.before-calicoctl)\n`).and.to.include(`written  FOLDER/net.d/10-calico.conflist (what was there is now ${BEFORE})`);
    expect(readFileSync(at('net.d', BEFORE), 'utf8')).to.equal('theirs');
    expect(there()).to.deep.equal({ ...INSTALLED, [`net.d/${BEFORE}`]: '600' });
    expect(readlinkSync(at('bin/calico.before-calicoctl'))).to.equal('portmap');
    writeFileSync(at('net.d/10-calico.conflist'), '{"changed": true}');
    expect(await run(['--network', 'other'])).to.include(`(what was there is now ${BEFORE}-2)`);
    writeFileSync(at('bin/calico-ipam'), 'changed');
    expect(await run(['--remove'])).to.equal([
      '0', 'removed  FOLDER/net.d/10-calico.conflist', 'left     FOLDER/bin/calico-ipam (somebody changed it since it was installed)', 'removed  FOLDER/bin/calico', 'removed  FOLDER/bin/calico.d/calicoctl-cni.js', 'removed  FOLDER/bin/calico.d/cni.js',
      'kept     FOLDER/bin/calico.before-calicoctl: what was there before', `kept     FOLDER/net.d/${BEFORE}-2: what was there before`,
    ].join('\n'));
    expect(readFileSync(at('net.d', BEFORE), 'utf8')).to.equal('theirs');
  });

  it('changes nothing where not all of it can be written, and leaves nothing beside it', async () => {
    writeFileSync(at('net.d'), 'a file');
    expect(await run()).to.equal('1\n\nFOLDER/net.d is no directory');
    expect(filesIn(folder).map((path) => relative(folder, path))).to.deep.equal(['net.d']);
    rmSync(at('net.d'));
    mkdirSync(at('net.d/10-calico.conflist'), { recursive: true });
    expect(await run()).to.equal('1\n\nFOLDER/net.d/10-calico.conflist is a directory: a file is to be there');
    expect(filesIn(folder)).to.deep.equal([]);
    writeFileSync(at('bin/calico.d/installed.json'), '{}');
    expect(await run()).to.match(/^1\n\nFOLDER\/bin\/calico.d\/installed.json is no record of what was installed\nhint: /);
  });

  it('killed at any moment it leaves nothing half, the next one completes it, and --remove takes away all', async () => {
    portmap();
    for (let round = 0; round < 8; round++) {
      const running = startCalicoctl(['node', 'install-cni', ...places(), '--network', `net${round}`], { env: { ETCD_ENDPOINTS: 'http://192.0.2.1:2379' } });
      await new Promise((resolve) => setTimeout(resolve, 25 + 10 * round));
      running.kill('SIGKILL');
      await running.ended;
      if (existsSync(at('net.d/10-calico.conflist'))) expect(plugin()).to.include({ type: 'calico' });
      for (const name of ['calico', 'calico-ipam'].filter((each) => existsSync(at('bin', each)))) {
        expect(JSON.parse((await runProgram([at('bin', name)], { env: { CNI_COMMAND: 'VERSION' } })).stdout)).to.have.property('supportedVersions');
      }
    }
    expect(await run()).to.match(/^0\n/).and.not.to.include('what was there');
    expect(Object.keys(there())).to.include.members(Object.keys(INSTALLED));
    expect(await run(['--remove'])).to.match(/^0\n/);
    expect(there()).to.deep.equal({ 'bin/portmap': '755' });
  });

  it('copies certificates so that only their owner reads them, and a password makes the config such a file', async () => {
    const store = certificateStore();
    try {
      const authority = store.authority('etcd');
      const { certificate, key } = authority.issue('cni');
      const env = { ETCD_ENDPOINTS: 'https://192.0.2.1:2379', ETCD_CA_CERT_FILE: authority.certificate, ETCD_CERT_FILE: certificate, ETCD_KEY_FILE: key, ETCD_USERNAME: 'cni', ETCD_PASSWORD: 'hidden "word"' };
      const dry = await run(['--dryrun'], { env });
      expect(dry).to.include('"etcd_password": "********"').and.not.to.include('hidden');
      expect(await run([], { env })).to.match(/written {2}FOLDER\/net.d\/calico-tls\/etcd-key\n/);
      expect(there()).to.include({ 'net.d/10-calico.conflist': '600', 'net.d/calico-tls/etcd-ca': '600', 'net.d/calico-tls/etcd-cert': '600', 'net.d/calico-tls/etcd-key': '600' });
      expect(statSync(at('net.d/calico-tls')).mode & 0o777).to.equal(0o700);
      expect(plugin()).to.include({ etcd_ca_cert_file: at('net.d/calico-tls/etcd-ca'), etcd_cert_file: at('net.d/calico-tls/etcd-cert'), etcd_key_file: at('net.d/calico-tls/etcd-key'), etcd_password: 'hidden "word"' });
      expect(readFileSync(at('net.d/calico-tls/etcd-key'), 'utf8')).to.equal(readFileSync(key, 'utf8'));
      const other = authority.issue('other');
      expect(await run([], { env: { ...env, ETCD_KEY_FILE: other.key } })).to.match(/^\d+\n\nthe key in .* does not belong to the certificate in /);
      expect(await run([], { env: { ETCD_ENDPOINTS: 'http://192.0.2.1:2379' } })).to.include('removed    FOLDER/net.d/calico-tls/etcd-key\n');
      expect(existsSync(at('net.d/calico-tls'))).to.equal(false);
    } finally {
      store.remove();
    }
  });

  it('with --poll it stays and renews what changed, whatever goes wrong between', async () => {
    const store = certificateStore();
    try {
      const authority = store.authority('etcd');
      writeFileSync(at('ca.pem'), readFileSync(authority.certificate));
      const running = startCalicoctl(['node', 'install-cni', ...places(), '--poll', '50ms'], { env: { ETCD_ENDPOINTS: 'https://192.0.2.1:2379', ETCD_CA_CERT_FILE: at('ca.pem') } });
      const installed = (): string => (existsSync(at('net.d/calico-tls/etcd-ca')) ? readFileSync(at('net.d/calico-tls/etcd-ca'), 'utf8') : '');
      await eventually('the certificate is copied', () => installed() !== '');
      writeFileSync(at('ca.pem'), 'half');
      await new Promise((resolve) => setTimeout(resolve, 300));
      const renewed = readFileSync(store.authority('renewed').certificate, 'utf8');
      writeFileSync(at('ca.pem'), renewed);
      await eventually('it is copied again', () => installed() === renewed);
      running.kill('SIGTERM');
      const { code, stdout, stderr } = await running.ended;
      expect(code).to.equal(130);
      expect(stdout.replaceAll(folder, 'FOLDER').split('\n').slice(-2)).to.deep.equal(['replaced  FOLDER/net.d/calico-tls/etcd-ca', '']);
      expect(stderr).to.include('holds no certificate in PEM form');
    } finally {
      store.remove();
    }
  });

  it('fills in a config, from a file or stdin', async () => {
    const config = '{"name": "mine", "type": "calico", "etcd_endpoints": "__ETCD_ENDPOINTS__", "nodename": "__KUBERNETES_NODE_NAME__", "mtu": __CNI_MTU__, "x": "__X__"}';
    const said = await run(['--conf', '-', '--name', 'host7'], { stdin: config });
    expect(said).to.include('written  FOLDER/net.d/10-calico.conf\n').and.to.include('nothing is known that could stand for __X__');
    expect(JSON.parse(readFileSync(at('net.d/10-calico.conf'), 'utf8'))).to.deep.equal({ name: 'mine', type: 'calico', etcd_endpoints: 'http://192.0.2.1:2379', nodename: 'host7', mtu: 0, x: '__X__' });
    writeFileSync(at('list.json'), '{"name": "mine", "plugins": [{"type": "ptp"}]}');
    const list = await run(['--conf', at('list.json')]);
    expect(list).to.include('removed    FOLDER/net.d/10-calico.conf\n').and.to.include('the config names no plugin of type calico').and.to.include('the plugin ptp is not in FOLDER/bin');
    expect(readdirSync(at('net.d'))).to.deep.equal(['10-calico.conflist']);
    writeFileSync(at('list.json'), '{');
    expect(await run(['--conf', at('list.json')])).to.match(/^\d+\n\nFOLDER\/list.json is not JSON/);
  });

  it('asks Kubernetes as a kubeconfig says, and by the name of its networks', async () => {
    expect(await run(['--kubeconfig', at('admin.conf'), '--name', 'host1'])).to.match(/^0\n/);
    expect(plugin()).to.deep.include({ nodename: 'host1', policy: { type: 'k8s' }, kubernetes: { kubeconfig: at('admin.conf') } });
    expect(readFileSync(at('net.d/10-calico.conflist'), 'utf8')).to.include('"name": "k8s-pod-network"');
    expect(await run([], { env: { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' } })).to.match(/KUBERNETES_SERVICE_HOST is set as in a pod, and \/var\/run\/secrets\/kubernetes.io\/serviceaccount\/ca.crt does not exist/);
  });

  it('refuses what does not go together', async () => {
    expect(await run(['--name', 'a b'])).to.match(/^2\n\n--name: "a b" is not a node name/);
    expect(await run(['--remove', '--conf', 'x'])).to.match(/^2\n/);
    expect(await run(['--conf', 'x', '--network', 'y'])).to.match(/^2\n/);
    expect(await run(['--network', 'a b'])).to.match(/^2\n\n--network: "a b" is not a name of a network\n/);
    expect(filesIn(folder)).to.deep.equal([]);
  });
});

describe('node install-cni of the executable', () => {
  it('copies the executable, which is a plugin by a word', async () => {
    // What stands for the executable here: the same launcher and files in one, as far as the plan knows.
    const { planInstallation } = await import('../../src/cni/install/plan.js');
    const { files } = planInstallation({
      confDir: '/c', binDir: '/b', program: { executable: PROGRAM }, version: '1', connection: { endpoints: ['http://192.0.2.1:2379'], endpointsOrigin: 'x' }, network: undefined, nodeName: undefined, hostNodeName: 'h', kubeconfig: undefined, account: undefined,
      template: undefined, env: {}, hasPlugin: () => true,
    });
    expect(files.map(({ path, mode }) => `${path} ${mode.toString(8)}`)).to.deep.equal(['/b/calico.d/calicoctl 755', '/b/calico 755', '/b/calico-ipam 755', '/c/10-calico.conflist 644']);
    expect((files[1]?.content as Buffer).toString()).to.include("exec /b/calico.d/calicoctl __cni calico \"$@\"");
    const { code, stdout } = await runProgram([process.execPath, PROGRAM, '__cni', 'calico-ipam'], { env: { CNI_COMMAND: 'VERSION' }, cwd: ROOT });
    expect([code, (JSON.parse(stdout) as { cniVersion: string }).cniVersion]).to.deep.equal([0, '1.1.0']);
  });
});

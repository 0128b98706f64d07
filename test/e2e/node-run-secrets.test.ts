import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, afterEach, before, it } from 'mocha';
import { findProgram } from '../../src/host/program.js';
import { certificateStore, type KeyPair } from '../support/certificates.js';
import { imageName, makeTestImages } from '../support/node-images.js';
import { CHOICE, command, PATIENT, PREPARATION, STARTED, withoutLog } from '../support/node-output.js';
import { describeAsRoot } from '../support/root.js';
import { SimulatedHost } from '../support/simulated-host.js';
import { eventually } from '../../scripts/support/wait.js';

const CANARY = 'Kanarienvogel-4711';
const ENDPOINT = 'https://127.0.0.1:2379';

describeAsRoot('node run with an etcd that wants certificates and a password', function () {
  this.timeout(180_000);
  const node = imageName('node');
  const run = ['node', 'run', ...PATIENT, `--node-image=${node}`];
  const certificates = certificateStore();
  let host: SimulatedHost;
  const calicoctl: SimulatedHost['calicoctl'] = async (...words) => withoutLog(await host.calicoctl(...words));
  let authority: string;
  let client: KeyPair;
  let env: Record<string, string>;

  before(async () => {
    const made = certificates.authority('authority');
    authority = made.certificate;
    client = made.issue('client');
    host = await SimulatedHost.start();
    await Promise.all([host.startDocker(), startEtcd(made.issue('server', { names: 'IP:127.0.0.1' }))]);
    for (const archive of makeTestImages(host.folder, ['node'])) await host.docker('load', '-i', archive);
    env = {
      ETCD_ENDPOINTS: ENDPOINT, ETCD_CA_CERT_FILE: authority, ETCD_CERT_FILE: client.certificate, ETCD_KEY_FILE: client.key, ETCD_USERNAME: 'root', ETCD_PASSWORD: CANARY,
      PATH: `${spyingDocker()}:${process.env['PATH'] ?? ''}`,
    };
  });
  after(async () => {
    await host?.stop();
    certificates.remove();
  });
  afterEach(() => host.run(['docker', 'rm', '-f', 'calico-node']));

  const etcdctl = (...args: string[]): ReturnType<SimulatedHost['run']> =>
    host.run(['etcdctl', '--endpoints', ENDPOINT, '--cacert', authority, '--cert', client.certificate, '--key', client.key, ...args], { env: { ETCDCTL_API: '3' } });

  async function startEtcd(server: KeyPair): Promise<void> {
    const tls = ['--cert-file', server.certificate, '--key-file', server.key, '--trusted-ca-file', authority, '--client-cert-auth'];
    host.launch(['etcd', '--data-dir', join(host.folder, 'etcd'), '--listen-client-urls', ENDPOINT, '--advertise-client-urls', ENDPOINT, ...tls, '--log-level', 'error', '--unsafe-no-fsync']);
    await eventually('etcd answers', async () => (await etcdctl('endpoint', 'health')).code === 0);
    for (const words of [['user', 'add', `root:${CANARY}`], ['role', 'add', 'root'], ['user', 'grant-role', 'root', 'root'], ['auth', 'enable']]) await etcdctl(...words);
  }

  /** A folder with a docker that writes down its arguments as every user of the host can see them, then does what docker does. */
  function spyingDocker(): string {
    const folder = join(host.folder, 'bin');
    mkdirSync(folder);
    writeFileSync(join(folder, 'docker'), `#!/bin/sh\ntr '\\0' ' ' < /proc/$$/cmdline >> ${folder}/seen\nexec ${findProgram('docker', process.env['PATH'] ?? '') ?? ''} "$@"\n`);
    chmodSync(join(folder, 'docker'), 0o755);
    return folder;
  }

  it('mounts the certificates, hands the password over unseen, and shows it nowhere', async () => {
    const variables = ' -e ETCD_CA_CERT_FILE=/etc/calico/certs/ca_cert.crt -e ETCD_KEY_FILE=/etc/calico/certs/key.pem -e ETCD_CERT_FILE=/etc/calico/certs/cert.crt -e ETCD_USERNAME=root -e ETCD_PASSWORD';
    const mounts = ` -v ${authority}:/etc/calico/certs/ca_cert.crt -v ${client.key}:/etc/calico/certs/key.pem -v ${client.certificate}:/etc/calico/certs/cert.crt`;
    const shown = command(node, { variables }).replace('http://127.0.0.1:2379', ENDPOINT).replace(` ${node}\n`, `${mounts} ${node}\n`);
    expect(await calicoctl(run, { env })).to.deep.equal({ code: 0, signal: null, stdout: CHOICE + PREPARATION + shown + STARTED, stderr: '' });
    const seen = readFileSync(join(host.folder, 'bin', 'seen'), 'utf8');
    expect([seen.includes(' -e ETCD_USERNAME=root -e ETCD_PASSWORD -v '), seen.includes(CANARY)]).to.deep.equal([true, false]);
    const variable = (name: string): Promise<string> => host.docker('exec', 'calico-node', 'sh', '-c', `echo "$${name}"`);
    expect([await variable('ETCD_PASSWORD'), await variable('ETCD_ENDPOINTS')]).to.deep.equal([CANARY, ENDPOINT]);
    const mounted = (name: string): Promise<string> => host.docker('exec', 'calico-node', 'cat', `/etc/calico/certs/${name}`);
    expect([await mounted('ca_cert.crt'), await mounted('key.pem'), await mounted('cert.crt')]).to.deep.equal([authority, client.key, client.certificate].map((file) => readFileSync(file, 'utf8').trimEnd()));
    expect((await calicoctl(run, { env })).stdout).to.equal(`${CHOICE}calico-node already runs with these settings and is healthy; it was left as it is (--replace replaces it).\n`);
  });

  it('works with them: the node is ready, and what it reports is stored', async () => {
    const settings = { apiVersion: 'projectcalico.org/v3', kind: 'FelixConfiguration', metadata: { name: 'node.sim-host' }, spec: { endpointReportingEnabled: true } };
    const endpoint = { apiVersion: 'projectcalico.org/v3', kind: 'HostEndpoint', metadata: { name: 'eth' }, spec: { node: 'sim-host', interfaceName: 'eth0', profiles: ['projectcalico-default-allow'] } };
    expect(await calicoctl(['apply', '-f', '-'], { env, stdin: [settings, endpoint].map((each) => JSON.stringify(each)).join('\n---\n') })).to.include({ code: 0 });
    expect((await calicoctl(run, { env })).code).to.equal(0);
    await eventually('the node is ready', async () => (await host.run(['docker', 'exec', 'calico-node', 'node-health'])).code === 0);
    await eventually('it has told how the endpoint is', async () => (await etcdctl('--user', `root:${CANARY}`, 'get', '--print-value-only', '/calico/felix/v1/host/sim-host/endpoint/eth')).stdout === '{"status":"up"}\n');
    expect((await host.calicoctl(['node', 'status'], { env })).code).to.equal(0);
    expect((await host.run(['docker', 'logs', 'calico-node'])).stdout).to.not.match(/\[(?:WARNING|ERROR)\].*datastore/);
  });

  it('starts nothing with a wrong password, or a key that is not there', async () => {
    expect(await calicoctl(run, { env: { ...env, ETCD_PASSWORD: 'wrong' } })).to.deep.equal({
      code: 4, signal: null, stdout: '', stderr: `etcd at ${ENDPOINT}: wrong password for user "root", or no such user\nhint: check ETCD_USERNAME and ETCD_PASSWORD\n`,
    });
    expect(await calicoctl(run, { env: { ...env, ETCD_KEY_FILE: '/nowhere' } })).to.deep.equal({ code: 4, signal: null, stdout: '', stderr: '/nowhere (ETCD_KEY_FILE) does not exist\nhint: check ETCD_KEY_FILE, and that this user may read the file\n' });
    expect(await host.docker('ps', '-aq')).to.equal('');
  });
});

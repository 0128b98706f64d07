import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { ROOT } from '../../scripts/support/calicoctl.js';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { eventually } from '../../scripts/support/wait.js';
import { certificateStore, type Authority, type CertificateStore, type KeyPair } from '../support/certificates.js';

/** Long enough for several attempts. */
const SEVERAL_MS = 1500;
/** What the agent says last here, once it has read the store. */
const READ = '[ERROR] Node(nobody) does not exist: the start of the node writes it';

describe('the agent and an etcd that wants certificates', () => {
  let certificates: CertificateStore;
  let authority: Authority;
  let client: KeyPair;
  let etcd: Etcd;
  before(async () => {
    certificates = certificateStore();
    authority = certificates.authority('ours');
    client = authority.issue('agent');
    etcd = await startEtcd({ tls: { ...authority.issue('etcd', { names: 'IP:127.0.0.1' }), clientAuthority: authority.certificate } });
  });
  after(async () => {
    await etcd?.stop();
    certificates?.remove();
  });

  /** Starts a part that reads the store and ends. `told` are the lines that it has written, without time, process and part; `ended` is its exit code. */
  const reading = (ca: string, pair: KeyPair) => {
    const env = { PATH: process.env['PATH'], NODENAME: 'nobody', ETCD_ENDPOINTS: etcd.endpoint, ETCD_CA_CERT_FILE: ca, ETCD_CERT_FILE: pair.certificate, ETCD_KEY_FILE: pair.key };
    const child = spawn(process.execPath, [join(ROOT, 'bin/agent.js'), 'tunnel-addresses', '--once'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const told = (): readonly string[] => said.split('\n').slice(0, -1).map((line) => line.replace(/^.*(\[[A-Z]+\])\[\d+\] tunnel-addresses:/, '$1'));
    return { told, child, ended: new Promise<number | null>((resolve) => child.once('close', resolve)) };
  };
  const severalTries = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SEVERAL_MS));

  it('is used with those that are named', async () => {
    const { told, ended } = reading(authority.certificate, client);
    expect([await ended, told()]).to.deep.equal([1, [READ]]);
  });

  it('waits for a file that is not there yet, and names it once', async () => {
    const late = join(certificates.directory, 'late.pem');
    const { told, ended } = reading(late, client);
    const missing = `[WARNING] the datastore cannot be used, trying again without end: ${late} (ETCD_CA_CERT_FILE) does not exist`;
    await eventually('it is told', () => told().length > 0);
    await severalTries();
    expect(told()).to.deep.equal([missing]);
    copyFileSync(authority.certificate, late);
    expect([await ended, told()]).to.deep.equal([1, [missing, READ]]);
  });

  it('says once that its certificate is refused', async () => {
    const { told, child, ended } = reading(authority.certificate, certificates.authority('theirs').issue('stranger'));
    await eventually('it is told', () => told().length > 0);
    await severalTries();
    child.kill('SIGTERM');
    await ended;
    expect(told().map((line) => line.replace(/\S+stranger/, 'stranger'))).to.deep.equal([
      `[WARNING] the datastore cannot be used, trying again without end: etcd at ${etcd.endpoint}: the client certificate in stranger.pem (ETCD_CERT_FILE) is refused`,
      '[WARNING] interrupted',
    ]);
  });
});

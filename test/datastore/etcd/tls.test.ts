import { after, before, describe, it } from 'mocha';
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionSettings, PemSource } from '../../../src/config/settings.js';
import { certificateStore, type Authority, type CertificateStore, type KeyPair } from '../../support/certificates.js';
import { failureOf, settingsFor, withStore } from '../../support/datastore.js';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';

describe('connect: TLS', () => {
  let files: CertificateStore;
  let authority: Authority;
  let other: Authority;
  let client: KeyPair;
  const servers: Etcd[] = [];
  let plain: Etcd, tls: Etcd, mutual: Etcd, expired: Etcd, future: Etcd, misnamed: Etcd;

  before(async () => {
    files = certificateStore();
    authority = files.authority('authority');
    other = files.authority('other');
    client = authority.issue('client');
    const server = authority.issue('server', { names: 'IP:127.0.0.1' });
    const start = async (pair: KeyPair | undefined, clientAuthority?: string): Promise<Etcd> => {
      const etcd = await startEtcd(pair && { tls: { ...pair, ...(clientAuthority !== undefined && { clientAuthority }) } });
      servers.push(etcd);
      return etcd;
    };
    plain = await start(undefined);
    tls = await start(server);
    mutual = await start(server, authority.certificate);
    expired = await start(authority.issue('expired', { names: 'IP:127.0.0.1', days: [-3, -1] }));
    future = await start(authority.issue('future', { names: 'IP:127.0.0.1', days: [1, 3] }));
    misnamed = await start(authority.issue('misnamed', { names: 'DNS:etcd.example,IP:192.0.2.7' }));
  });
  after(async () => {
    await Promise.all(servers.map((each) => each.stop()));
    files?.remove();
  });

  const file = (origin: string, path: string): PemSource => ({ origin, file: path });
  const secure = (etcd: Etcd, more: Partial<ConnectionSettings> = {}): ConnectionSettings => ({ ...settingsFor(etcd.endpoint), authority: file('ETCD_CA_CERT_FILE', authority.certificate), ...more });
  const clientOf = (pair: KeyPair): Pick<Required<ConnectionSettings>, 'client'> => ({
    client: { certificate: file('ETCD_CERT_FILE', pair.certificate), key: file('ETCD_KEY_FILE', pair.key) },
  });
  const reading = (settings: ConnectionSettings): Promise<unknown> => withStore(settings, (store) => store.get('/none'));
  const write = (name: string, text: string): string => {
    writeFileSync(join(files.directory, name), text);
    return join(files.directory, name);
  };

  it('connects with an authority alone, and with a client certificate', async () => {
    expect(await reading(secure(tls))).to.equal(undefined);
    expect(await reading(secure(mutual, clientOf(client)))).to.equal(undefined);
  });

  it('takes PEM text as well as files', async () => {
    const inline = (origin: string, path: string): PemSource => ({ origin, pem: readFileSync(path, 'utf8') });
    const settings = secure(mutual, {
      authority: inline('etcdCACert', authority.certificate),
      client: { certificate: inline('etcdCert', client.certificate), key: inline('etcdKey', client.key) },
    });
    expect(await reading(settings)).to.equal(undefined);
  });

  it('takes a bundle with the right authority among others', async () => {
    const bundle = write('bundle.pem', readFileSync(other.certificate, 'utf8') + readFileSync(authority.certificate, 'utf8'));
    expect(await reading(secure(tls, { authority: file('ETCD_CA_CERT_FILE', bundle) }))).to.equal(undefined);
  });

  it('prints nothing on stderr for an address as the name of the server', () => {
    const script = `
      import { connect } from ${JSON.stringify(join(process.cwd(), 'src/datastore/etcd/connect.ts'))};
      const settings = ${JSON.stringify(secure(tls))};
      const store = await connect(settings, { timeoutMs: 10000 });
      await store.get('/none');
      store.close();
      process.emitWarning('still heard', 'DeprecationWarning', 'DEP9999');`;
    // Its coverage would be merged with ours, where the source maps differ.
    const env = { ...process.env, NODE_OPTIONS: '', NODE_V8_COVERAGE: '' };
    const program = write('quiet.mts', script);
    const heard = execFileSync('sh', ['-c', '"$0" --import tsx "$1" 2>&1 >/dev/null', process.execPath, program], { env, cwd: process.cwd(), encoding: 'utf8' });
    expect(heard.replace(/node:\d+/, 'node:PID')).to.equal('(node:PID) [DEP9999] DeprecationWarning: still heard\n(Use `node --trace-deprecation ...` to show where the warning was created)\n');
  });

  describe('names the cause and what to repair, when the connection fails:', () => {
    const fails = (title: string, settings: () => ConnectionSettings, expected: () => { cause: string; hint?: string }): void => {
      it(title, async () => {
        const failure = await failureOf(reading(settings()));
        const { cause, hint } = expected();
        expect(failure).to.deep.equal({ stage: 'tls', message: `etcd at ${settings().endpoints[0]}: ${cause}`, ...(hint !== undefined && { hint }) });
      });
    };

    fails('wrong authority', () => secure(tls, { authority: file('ETCD_CA_CERT_FILE', other.certificate) }), () => ({
      cause: `its certificate is not signed by the authority in ${other.certificate} (ETCD_CA_CERT_FILE)`,
      hint: 'check ETCD_CA_CERT_FILE',
    }));
    fails('no authority', () => settingsFor(tls.endpoint), () => ({
      cause: "its certificate is not signed by any authority built into Node.js, which are trusted if none is named; this machine's own are not",
      hint: "name the authority's file in ETCD_CA_CERT_FILE, or etcdCACertFile in the configuration file; this machine's own is often /etc/ssl/certs/ca-certificates.crt",
    }));
    fails('server certificate expired', () => secure(expired), () => ({
      cause: 'its certificate has expired',
      hint: "renew the server's certificate, or check this machine's clock",
    }));
    fails('server certificate not valid yet', () => secure(future), () => ({
      cause: 'its certificate is not valid yet',
      hint: "check this machine's clock and the server's certificate",
    }));
    fails('server certificate for another address', () => secure(misnamed), () => ({
      cause: 'its certificate is for 192.0.2.7, not for 127.0.0.1',
      hint: 'use a name from the certificate in ETCD_ENDPOINTS',
    }));
    fails('server certificate for another name', () => ({ ...secure(misnamed), endpoints: [`https://localhost:${misnamed.port}`] }), () => ({
      cause: 'its certificate is for DNS:etcd.example, IP Address:192.0.2.7, not for localhost',
      hint: 'use a name from the certificate in ETCD_ENDPOINTS',
    }));
    fails('client certificate demanded', () => secure(mutual), () => ({
      cause: 'the server requires a client certificate',
      hint: 'name certificate and key in ETCD_CERT_FILE and ETCD_KEY_FILE, or etcdCertFile and etcdKeyFile in the configuration file',
    }));
    let foreign: KeyPair;
    fails('client certificate of another authority', () => secure(mutual, clientOf((foreign ??= other.issue('foreign')))), () => ({
      cause: `the client certificate in ${foreign.certificate} (ETCD_CERT_FILE) is refused`,
      hint: 'check that ETCD_CERT_FILE is signed by the authority etcd trusts for clients',
    }));
    fails('https against http', () => ({ ...secure(plain), endpoints: [plain.endpoint.replace('http:', 'https:')] }), () => ({
      cause: 'does not speak TLS',
      hint: 'write http:// in ETCD_ENDPOINTS, or enable TLS in etcd',
    }));
    fails('http against https', () => settingsFor(tls.endpoint.replace('https:', 'http:')), () => ({
      cause: 'closed the connection immediately; it probably expects TLS',
      hint: 'write https:// in ETCD_ENDPOINTS if etcd uses TLS',
    }));
  });

  describe('finds faults of the files before it connects:', () => {
    const fails = (title: string, more: () => Partial<ConnectionSettings>, message: () => string, hint: string): void => {
      it(title, async () => {
        // Nothing listens on port 1, so a message about the connection would show that it was tried.
        const settings = { ...secure(tls, more()), endpoints: ['https://127.0.0.1:1'] };
        expect(await failureOf(reading(settings))).to.deep.equal({ stage: 'tls', message: message(), hint });
      });
    };
    const withKey = (key: PemSource): Partial<ConnectionSettings> => ({ client: { certificate: file('ETCD_CERT_FILE', client.certificate), key } });
    const path = (name: string): string => join(files.directory, name);

    const READ = 'check ETCD_CA_CERT_FILE, and that this user may read the file';
    fails('missing file', () => ({ authority: file('ETCD_CA_CERT_FILE', path('none.pem')) }), () => `${path('none.pem')} (ETCD_CA_CERT_FILE) does not exist`, READ);
    fails('directory', () => ({ authority: file('ETCD_CA_CERT_FILE', files.directory) }), () => `${files.directory} (ETCD_CA_CERT_FILE) is a directory`, READ);
    fails('device', () => ({ authority: file('ETCD_CA_CERT_FILE', '/dev/zero') }), () => '/dev/zero (ETCD_CA_CERT_FILE) is a device; only regular files are read here', READ);
    fails('named pipe', () => {
      execFileSync('mkfifo', [path('pipe')]);
      return withKey(file('ETCD_KEY_FILE', path('pipe')));
    }, () => `${path('pipe')} (ETCD_KEY_FILE) is a named pipe; only regular files are read here`, 'check ETCD_KEY_FILE, and that this user may read the file');
    fails('not PEM', () => ({ authority: file('ETCD_CA_CERT_FILE', write('text.pem', 'hello')) }), () => `${path('text.pem')} (ETCD_CA_CERT_FILE) holds no certificate in PEM form`, 'check ETCD_CA_CERT_FILE');
    fails('damaged certificate', () => ({ authority: { origin: 'etcdCACert in /etc/c.cfg', pem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' } }), () => 'etcdCACert in /etc/c.cfg holds a damaged certificate', 'check etcdCACert in /etc/c.cfg');
    fails('expired client certificate', () => clientOf(authority.issue('old', { days: [-9, -8] })), () => {
      const day = new Date(Date.now() - 8 * 86_400_000).toISOString().slice(0, 10);
      return `the certificate in ${join(files.directory, 'authority', 'old.pem')} (ETCD_CERT_FILE) expired on ${day}`;
    }, "renew it, or check this machine's clock");
    fails('client certificate that is not valid yet', () => clientOf(authority.issue('early', { days: [8, 9] })), () => {
      const day = new Date(Date.now() + 8 * 86_400_000).toISOString().slice(0, 10);
      return `the certificate in ${join(files.directory, 'authority', 'early.pem')} (ETCD_CERT_FILE) is not valid before ${day}`;
    }, "renew it, or check this machine's clock");
    fails('key of another certificate', () => withKey(file('ETCD_KEY_FILE', authority.issue('second').key)), () => `the key in ${join(files.directory, 'authority', 'second-key.pem')} (ETCD_KEY_FILE) does not belong to the certificate in ${client.certificate} (ETCD_CERT_FILE)`, 'check ETCD_KEY_FILE and ETCD_CERT_FILE');
    fails('certificate in place of the key', () => withKey(file('ETCD_KEY_FILE', client.certificate)), () => `${client.certificate} (ETCD_KEY_FILE) holds no private key in PEM form`, 'check ETCD_KEY_FILE');
    fails('encrypted key', () => {
      execFileSync('openssl', ['pkcs8', '-topk8', '-in', client.key, '-out', path('encrypted.pem'), '-passout', 'pass:secret']);
      return withKey(file('ETCD_KEY_FILE', path('encrypted.pem')));
    }, () => `the key in ${path('encrypted.pem')} (ETCD_KEY_FILE) is encrypted`, 'use one without a passphrase');
  });

  it('does not read the files for http', async () => {
    const settings = { ...settingsFor(plain.endpoint), authority: file('ETCD_CA_CERT_FILE', '/none') };
    expect(await reading(settings)).to.equal(undefined);
  });
});

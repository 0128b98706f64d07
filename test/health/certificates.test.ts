import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { checkEndpoint } from '../../src/health/endpoints.js';
import { checkText } from '../../src/output/views/datastore/check.js';
import { certificateStore, type Authority, type CertificateStore, type Request } from '../support/certificates.js';

const HERE = 'IP:127.0.0.1,DNS:localhost';

describe('certificates on the way to etcd', () => {
  let files: CertificateStore;
  let authority: Authority;
  before(() => {
    files = certificateStore();
    authority = files.authority('authority');
  });
  after(() => files.remove());

  /** What is told of a server with such a certificate, without its port and day. */
  async function told(name: string, request: Request, trusted: string): Promise<string> {
    const { certificate, key } = authority.issue(name, request);
    const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key), ALPNProtocols: ['h2'] }, (socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      return await lastOf(endpoint, trusted);
    } finally {
      await closed(server);
    }
  }

  async function lastOf(endpoint: string, trusted: string): Promise<string> {
    const settings = { endpoints: [endpoint], endpointsOrigin: 'ETCD_ENDPOINTS', authority: { origin: 'ETCD_CA_CERT_FILE', file: 'ca.pem' } };
    let last = '';
    for await (const check of checkEndpoint(endpoint, { settings, timeoutMs: 5000, tls: { ca: readFileSync(trusted) }, signal: new AbortController().signal, now: new Date() })) last = checkText(check);
    return last.replace(endpoint, 'URL').replace(/until \d{4}-\d\d-\d\d/, 'until DAY').replace(/\n +/, ' / ').replace(/ +/g, ' ').trim();
  }

  const closed = (server: Server): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));

  it('says who and until when, and what is the matter in words', async () => {
    const other = files.authority('other');
    expect(await told('good', { names: HERE, days: [-1, 60] }, authority.certificate)).to.equal('ok tls URL: TLSv1.3, good by authority, until DAY');
    expect(await told('soon', { names: HERE, days: [-1, 5] }, authority.certificate)).to.match(/^WARNING tls URL: TLSv1\.3, soon by authority, until DAY: 4 days left \/ Fix: renew the certificate of this member$/);
    expect(await told('expired', { names: HERE, days: [-9, -2] }, authority.certificate)).to.equal("PROBLEM tls URL: expired by authority, until DAY: its certificate has expired / Fix: renew the server's certificate, or check this machine's clock");
    expect(await told('future', { names: HERE, days: [2, 9] }, authority.certificate)).to.equal("PROBLEM tls URL: future by authority, until DAY: its certificate is not valid yet / Fix: check this machine's clock and the server's certificate");
    expect(await told('elsewhere', { names: 'DNS:etcd.example.com' }, authority.certificate)).to.equal('PROBLEM tls URL: elsewhere by authority, until DAY: its certificate is not for 127.0.0.1 / Fix: use a name from the certificate in ETCD_ENDPOINTS');
    expect(await told('unknown', { names: HERE }, other.certificate)).to.equal('PROBLEM tls URL: unknown by authority, until DAY: its certificate is not signed by the authority in ca.pem (ETCD_CA_CERT_FILE) / Fix: check ETCD_CA_CERT_FILE');
  });
});

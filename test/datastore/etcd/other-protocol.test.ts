import { afterEach, describe, it } from 'mocha';
import { expect } from 'chai';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { readFileSync } from 'node:fs';
import { certificateStore } from '../../support/certificates.js';
import { failureOf, settingsFor, withStore } from '../../support/datastore.js';

const FIRST_BYTE_OF_TLS = 0x16;

/** What a real etcd does by chance only: it resets a connection that starts in the wrong protocol. */
describe('connect: a server that resets what it does not speak', () => {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  const listening = async (server: Server): Promise<number> => {
    ends.push(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  /** A server that hands each connection over with its first bytes, or resets it. */
  const picky = (accepts: (first: Buffer) => boolean, serve: (socket: Socket) => void): Server =>
    createServer((socket) => {
      socket.on('error', () => undefined).once('data', (first) => {
        if (!accepts(first)) return socket.resetAndDestroy();
        socket.unshift(first);
        serve(socket);
      });
    });
  const failure = async (endpoint: string): Promise<unknown> => failureOf(withStore(settingsFor(endpoint), (store) => store.get('/none')));

  it('https against http: says that it speaks no TLS', async () => {
    const port = await listening(picky((first) => first[0] !== FIRST_BYTE_OF_TLS, (socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n')));
    expect(await failure(`https://127.0.0.1:${port}`)).to.deep.equal({
      stage: 'tls',
      message: `etcd at https://127.0.0.1:${port}: does not speak TLS`,
      hint: 'write http:// in ETCD_ENDPOINTS, or enable TLS in etcd',
    });
  });

  it('http against https: says that it expects TLS', async () => {
    const files = certificateStore();
    ends.push(() => files.remove());
    const pair = files.authority('authority').issue('server', { names: 'IP:127.0.0.1' });
    const inner = await listening(createTlsServer({ cert: readFileSync(pair.certificate), key: readFileSync(pair.key) }));
    const relay = (socket: Socket): void => {
      const server = connect(inner, '127.0.0.1').on('error', () => undefined);
      socket.pipe(server).pipe(socket);
    };
    const port = await listening(picky((first) => first[0] === FIRST_BYTE_OF_TLS, relay));
    expect(await failure(`http://127.0.0.1:${port}`)).to.deep.equal({
      stage: 'tls',
      message: `etcd at http://127.0.0.1:${port}: closed the connection immediately; it probably expects TLS`,
      hint: 'write https:// in ETCD_ENDPOINTS if etcd uses TLS',
    });
  });

  for (const protocol of ['http', 'https']) {
    it(`${protocol} against a server that resets everything: says no more than that`, async () => {
      const port = await listening(picky(() => false, () => undefined));
      expect(await failure(`${protocol}://127.0.0.1:${port}`)).to.deep.equal({
        stage: 'connection',
        message: `etcd at ${protocol}://127.0.0.1:${port}: the connection was reset`,
        hint: 'check that etcd is running and that ETCD_ENDPOINTS names its client port',
      });
    });
  }
});

import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { TIME_IS_OVER, withTimeLimit } from '../base/time-limit.js';
import { NameError, resolveName } from '../dns/resolve.js';
import { daysUntil, fine, type Check } from './check.js';

/** What TLS needs, as PEM; the authorities built into Node.js where none is given. */
export interface TlsParts {
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
}

/** What there is for one endpoint: how long each step may take, in milliseconds, and TLS where it is spoken. */
export interface EndpointOptions {
  readonly timeoutMs: number;
  readonly tls?: TlsParts | undefined;
  readonly signal: AbortSignal;
  readonly now: Date;
}

/** A certificate that is good for fewer days than this is told. */
const SOON_DAYS = 30;

/** Goes the way to one endpoint, `http(s)://HOST:PORT`: its name, a connection, TLS. Ends with the first that fails. */
export async function* checkEndpoint(endpoint: string, options: EndpointOptions): AsyncGenerator<Check> {
  const url = new URL(endpoint);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const { addresses, failure } = await addressesOf(host, endpoint, options);
  if (failure !== undefined) {
    yield failure;
    return;
  }
  if (isIP(host) === 0) yield fine('name', `${host} is ${addresses.join(', ')}`, endpoint);
  const reached: string[] = [];
  for (const address of addresses) {
    const check = await checkTcp(address, Number(url.port), endpoint, options);
    if (check.state === 'ok') reached.push(address);
    yield check;
  }
  const [address] = reached;
  if (address !== undefined && url.protocol === 'https:') yield* checkTls({ address, host, port: Number(url.port) }, endpoint, options);
}

async function addressesOf(host: string, endpoint: string, { timeoutMs, signal }: EndpointOptions): Promise<{ readonly addresses: readonly string[]; readonly failure?: Check }> {
  try {
    return { addresses: await withTimeLimit(timeoutMs, signal, (limited) => resolveName(host, { signal: limited })) };
  } catch (error) {
    signal.throwIfAborted();
    const silent = error instanceof NameError ? error.message : 'no name server answers';
    const remedy = "check the host in the settings, and this machine's name servers in /etc/resolv.conf";
    return { addresses: [], failure: { step: 'name', state: 'problem', subject: endpoint, message: `${host}: ${silent}`, remedy } };
  }
}

const CAUSES: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: ['connection refused', 'start etcd there, or correct the port: etcd listens on 2379 unless --listen-client-urls says otherwise'],
  EHOSTUNREACH: ['no route to the host', 'check the routes of this machine, and firewalls on the way'],
  ENETUNREACH: ['no route to the network', 'check the routes of this machine'],
};

function checkTcp(address: string, port: number, endpoint: string, { timeoutMs, signal }: EndpointOptions): Promise<Check> {
  const started = performance.now();
  const failed = (code: string): Check => {
    const [cause, remedy] = CAUSES[code] ?? [code === 'timeout' ? `no answer within ${timeoutMs / 1000} s` : code, 'check firewalls on the way, and that the host is up'];
    return { step: 'tcp', state: 'problem', subject: endpoint, message: `${address}: ${cause}`, remedy };
  };
  const dial = (limited: AbortSignal): Promise<Check> =>
    new Promise((resolve, reject) => {
      const socket = connectTcp({ host: address, port, signal: limited });
      socket.once('connect', () => {
        socket.destroy();
        resolve(fine('tcp', `${address} is connected in ${(performance.now() - started).toFixed(1)} ms`, endpoint));
      });
      socket.once('error', (error: NodeJS.ErrnoException) => {
        if (signal.aborted) reject(signal.reason as Error);
        else resolve(failed(limited.reason === TIME_IS_OVER ? 'timeout' : (error.code ?? error.message)));
      });
    });
  return withTimeLimit(timeoutMs, signal, dial);
}

async function* checkTls({ address, host, port }: { readonly address: string; readonly host: string; readonly port: number }, endpoint: string, options: EndpointOptions): AsyncGenerator<Check> {
  const { tls = {}, timeoutMs, signal, now } = options;
  const servername = isIP(host) === 0 ? host : '';
  const socket = connectTls({ host: address, port, servername, rejectUnauthorized: false, ALPNProtocols: ['h2'], ...(tls.ca && { ca: tls.ca }), ...(tls.cert && { cert: tls.cert }), ...(tls.key && { key: tls.key }) });
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
  const stop = (): unknown => socket.destroy(new Error('interrupted'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    const failure = await new Promise<Error | undefined>((resolve) => socket.once('secureConnect', () => resolve(undefined)).once('error', resolve));
    signal.throwIfAborted();
    if (failure !== undefined) yield { step: 'tls', state: 'problem', subject: endpoint, message: `the handshake fails: ${failure.message}`, remedy: 'check that etcd speaks https there, and that its client port does not want an older TLS than 1.2' };
    else yield* certificateChecks(socket, endpoint, { host, now, own: tls.ca !== undefined });
  } finally {
    signal.removeEventListener('abort', stop);
    socket.on('error', () => undefined).destroy();
  }
}

function* certificateChecks(socket: TLSSocket, endpoint: string, { host, now, own }: { readonly host: string; readonly now: Date; readonly own: boolean }): Generator<Check> {
  const certificate: DetailedPeerCertificate = socket.getPeerCertificate(true);
  const until = new Date(certificate.valid_to);
  const days = daysUntil(until, now);
  const who = `${nameOf(certificate.subject)} by ${nameOf(certificate.issuer)}, until ${until.toISOString().slice(0, 10)}`;
  const error = socket.authorizationError as unknown;
  const code = error === undefined || error === null ? undefined : typeof error === 'string' ? error : ((error as NodeJS.ErrnoException).code ?? (error as Error).message);
  if (code !== undefined) yield { step: 'tls', state: 'problem', subject: endpoint, message: `the certificate (${who}) is not trusted: ${code}`, remedy: remedyFor(code, host, own) };
  else if (days < SOON_DAYS) yield { step: 'tls', state: 'warning', subject: endpoint, message: `${socket.getProtocol() ?? 'TLS'}, ${who}: ${days} days left`, remedy: 'renew the certificate of this member' };
  else yield fine('tls', `${socket.getProtocol() ?? 'TLS'}, ${who}`, endpoint);
}

function remedyFor(code: string, host: string, own: boolean): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `use a name that the certificate has, or have a certificate made that has ${host}`;
  if (code === 'CERT_HAS_EXPIRED') return 'renew the certificate of this member, or set the clock of this machine';
  return own ? 'the authority in the settings is not the one that signed it: give the right etcdCACertFile' : 'name the authority that signed it: etcdCACertFile or ETCD_CA_CERT_FILE';
}

function nameOf(name: { readonly CN?: string | string[]; readonly O?: string | string[] } | undefined): string {
  const text = name?.CN ?? name?.O ?? 'somebody without a name';
  return typeof text === 'string' ? text : text.join(', ');
}

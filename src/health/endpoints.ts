import { connect as connectTcp, isIP } from 'node:net';
import { checkServerIdentity, connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { TIME_IS_OVER, withTimeLimit } from '../base/time-limit.js';
import type { ConnectionSettings } from '../config/settings.js';
import { explainTls } from '../datastore/etcd/explain-tls.js';
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
  readonly settings: ConnectionSettings;
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
        resolve(fine('tcp', `connected to ${address} in ${(performance.now() - started).toFixed(1)} ms`, endpoint));
      });
      socket.once('error', (error: NodeJS.ErrnoException) => {
        if (signal.aborted) reject(signal.reason as Error);
        else resolve(failed(limited.reason === TIME_IS_OVER ? 'timeout' : (error.code ?? error.message)));
      });
    });
  return withTimeLimit(timeoutMs, signal, dial);
}

async function* checkTls({ address, host, port }: { readonly address: string; readonly host: string; readonly port: number }, endpoint: string, options: EndpointOptions): AsyncGenerator<Check> {
  const { tls = {}, timeoutMs, signal } = options;
  const servername = isIP(host) === 0 ? host : '';
  const socket = connectTls({ host: address, port, servername, rejectUnauthorized: false, ALPNProtocols: ['h2'], ...(tls.ca && { ca: tls.ca }), ...(tls.cert && { cert: tls.cert }), ...(tls.key && { key: tls.key }) });
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
  const stop = (): unknown => socket.destroy(new Error('interrupted'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    const failure = await new Promise<Error | undefined>((resolve) => socket.once('secureConnect', () => resolve(undefined)).once('error', resolve));
    signal.throwIfAborted();
    yield failure === undefined ? certificateCheck(socket, endpoint, host, options) : tlsProblem(endpoint, failure.message, options, 'the handshake fails');
  } finally {
    signal.removeEventListener('abort', stop);
    socket.on('error', () => undefined).destroy();
  }
}

function certificateCheck(socket: TLSSocket, endpoint: string, host: string, options: EndpointOptions): Check {
  const certificate: DetailedPeerCertificate = socket.getPeerCertificate(true);
  const until = new Date(certificate.valid_to);
  const days = daysUntil(until, options.now);
  const who = `${nameOf(certificate.subject)} by ${nameOf(certificate.issuer)}, until ${until.toISOString().slice(0, 10)}`;
  // A text, or an error: which of the two is not declared.
  const error = socket.authorizationError as { readonly code?: string } | string | null | undefined;
  if (error !== undefined && error !== null) {
    const code = typeof error === 'string' ? error : (error.code ?? String(error));
    return tlsProblem(endpoint, `${code} ${checkServerIdentity(host, certificate)?.message ?? ''}`, options, who);
  }
  const version = socket.getProtocol() ?? 'TLS';
  if (days < SOON_DAYS) return { step: 'tls', state: 'warning', subject: endpoint, message: `${version}, ${who}: ${days} days left`, remedy: 'renew the certificate of this member' };
  return fine('tls', `${version}, ${who}`, endpoint);
}

function tlsProblem(endpoint: string, details: string, { settings }: EndpointOptions, what: string): Check {
  const { cause = details.trim(), hint } = explainTls(details, endpoint, settings) ?? {};
  const remedy = typeof hint === 'string' ? hint : 'check that etcd speaks https there, in TLS 1.2 or later';
  return { step: 'tls', state: 'problem', subject: endpoint, message: `${what}: ${cause}`, remedy };
}

function nameOf(name: { readonly CN?: string | string[]; readonly O?: string | string[] } | undefined): string {
  const text = name?.CN ?? name?.O ?? 'somebody without a name';
  return typeof text === 'string' ? text : text.join(', ');
}

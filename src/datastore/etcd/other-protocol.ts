import { connect as connectPlain, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ownLookup } from '../../dns/lookup.js';

/** Long enough for any server that is there; the answer only improves a message. */
const LONGEST_MS = 1000;

/**
 * Asks whether a server that reset our connection speaks the other of http and https. It may reset, or just close:
 * that is chance, so what it says to the right protocol has to tell. Takes the endpoint that failed and the
 * milliseconds left; never throws.
 */
export async function speaksOther(endpoint: string, timeoutMs: number): Promise<boolean> {
  const { protocol, hostname, port } = new URL(endpoint);
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), lookup: ownLookup() };
  const ask = protocol === 'https:' ? asksPlain : asksTls;
  return new Promise((resolve) => {
    const socket = ask(target, resolve);
    const done = (): void => resolve(false);
    const timer = setTimeout(() => socket.destroy(), Math.min(Math.max(timeoutMs, 0), LONGEST_MS));
    socket.on('error', done).on('close', () => {
      clearTimeout(timer);
      done();
    });
  });
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly lookup: LookupFunction;
}

function asksPlain(target: Target, answer: (speaks: boolean) => void): Socket {
  const socket = connectPlain(target, () => socket.write(`GET /version HTTP/1.0\r\nHost: ${target.host}\r\n\r\n`));
  return socket.once('data', (bytes) => {
    answer(bytes.toString('latin1').startsWith('HTTP/'));
    socket.destroy();
  });
}

function asksTls(target: Target, answer: (speaks: boolean) => void): Socket {
  // Nothing is sent and nothing believed: only that a handshake is answered counts, so no certificate is checked.
  const socket = connectTls({ ...target, rejectUnauthorized: false, ALPNProtocols: ['h2'] }, () => {
    answer(true);
    socket.destroy();
  });
  // A refusal in TLS' own words, for want of a client certificate say, is an answer too.
  return socket.once('error', (error: NodeJS.ErrnoException) => answer(/alert/i.test(error.message)));
}

import { createSocket } from 'node:dgram';
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeResult, ProbeTask } from './task.js';

type Tell = (result: ProbeResult) => void;
type Listen = Extract<ProbeTask, { readonly do: 'listen' }>;
type Send = Extract<ProbeTask, { readonly do: 'send' }>;

/** What an error of a socket says about the packet, by its code; of any other, that it did not leave. */
const MEANINGS: Readonly<Record<string, 'refused' | 'nothing' | 'unreachable'>> = { ECONNREFUSED: 'refused', ECONNRESET: 'refused', ETIMEDOUT: 'nothing' };

/** Carries out a task and tells what comes of it. Settles when it is done; of listening, when the time is over. */
export async function probe(task: ProbeTask, tell: Tell): Promise<void> {
  if (task.do === 'send') return tell(task.protocol === 'tcp' ? await sendTcp(task) : await sendUdp(task));
  if (task.protocol === 'tcp') listenTcp(task, tell);
  else listenUdp(task, tell);
  await sleep(task.longestMs);
}

function listenTcp({ version, port }: Listen, tell: Tell): void {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    tell({ came: true });
  });
  server.on('error', () => tell({ listens: 'already' }));
  server.listen({ port, host: version === 4 ? '0.0.0.0' : '::', ipv6Only: version === 6 }, () => tell({ listens: 'here' }));
}

function listenUdp({ version, port }: Listen, tell: Tell): void {
  const socket = createSocket({ type: version === 4 ? 'udp4' : 'udp6', ipv6Only: version === 6 });
  socket.on('message', (message, { address, port: client }) => {
    tell({ came: true });
    socket.send(message, client, address);
  });
  socket.on('error', () => tell({ listens: 'already' }));
  socket.bind(port, () => tell({ listens: 'here' }));
}

/** Opens a connection and lets it go at once, by a reset, so that the port can be used again. */
function sendTcp({ source, sourcePort, target, port, longestMs }: Send): Promise<ProbeResult> {
  const began = performance.now();
  return new Promise((resolve) => {
    const socket = createConnection({ host: target, port, localPort: sourcePort, ...(source !== undefined && { localAddress: source }) });
    const end = (outcome: 'answered' | 'refused' | 'nothing' | 'unreachable', code?: string): void => {
      resolve({ outcome, ms: performance.now() - began, code });
      socket.resetAndDestroy();
    };
    socket.setTimeout(longestMs, () => end('nothing'));
    socket.on('connect', () => end('answered')).on('error', ({ code = '' }: NodeJS.ErrnoException) => end(MEANINGS[code] ?? 'unreachable', code));
  });
}

function sendUdp({ source, sourcePort, target, port, longestMs }: Send): Promise<ProbeResult> {
  const began = performance.now();
  const socket = createSocket(target.includes(':') ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    const end = (outcome: 'answered' | 'refused' | 'nothing' | 'unreachable', code?: string): void => {
      clearTimeout(timer);
      resolve({ outcome, ms: performance.now() - began, code });
      socket.close();
    };
    const timer = setTimeout(() => end('nothing'), longestMs);
    socket.once('message', () => end('answered')).once('error', ({ code = '' }: NodeJS.ErrnoException) => end(MEANINGS[code] ?? 'unreachable', code));
    socket.once('connect', () => socket.send('calicoctl lab connect'));
    // Without a function: of an error, such as that there is no route, it would be told in place of `error`.
    socket.bind(sourcePort, source, () => socket.connect(port, target));
  });
}

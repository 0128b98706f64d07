// Listens on ports where it is started, and sends packets as it is asked to, a line of JSON each. Arguments: the ports.
/* global clearInterval, clearTimeout, performance, setInterval, setTimeout */
'use strict';
const { execFile } = require('child_process');
const dgram = require('dgram');
const net = require('net');
const readline = require('readline');

const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const ports = process.argv.slice(2).map(Number);
let opening = ports.length * 4;
const opened = () => --opening === 0 && tell({ ready: true });
const failed = (error) => {
  tell({ broken: String(error) });
  process.exit(1);
};

for (const port of ports) {
  for (const ipv6Only of [false, true]) {
    net.createServer((socket) => socket.on('error', () => undefined).pipe(socket)).on('error', failed).listen({ port, host: ipv6Only ? '::' : '0.0.0.0', ipv6Only, backlog: 511 }, opened);
    const socket = dgram.createSocket({ type: ipv6Only ? 'udp6' : 'udp4', ipv6Only });
    socket.on('message', (message, { address, port: client }) => {
      tell({ came: message.toString() });
      socket.send(message, client, address);
    });
    socket.on('error', failed).bind(port, opened);
  }
}

const SENDERS = {
  tcp: ({ source, sourcePort, target, port, ms }, end) => {
    const socket = net.createConnection({ host: target, port, localAddress: source, localPort: sourcePort });
    socket.setTimeout(ms, () => socket.destroy(new Error('nothing')));
    socket.on('connect', () => {
      end('through');
      socket.resetAndDestroy();
    }).on('error', (error) => end(error.code ?? error.message));
  },
  udp: ({ id, source, sourcePort, target, port, ms }, end) => {
    const socket = dgram.createSocket(target.includes(':') ? 'udp6' : 'udp4');
    const finish = (said) => {
      clearTimeout(timer);
      end(said);
      socket.close();
    };
    const timer = setTimeout(() => finish('nothing'), ms);
    socket.once('message', () => finish('through')).once('error', (error) => finish(error.code));
    socket.bind(sourcePort, source, () => socket.send(String(id), port, target));
  },
  icmp: ({ source, target, ms }, end) => execFile('ping', ['-n', '-q', '-c', '1', '-W', String(ms / 1000), '-I', source, target], (error) => end(error === null ? 'through' : 'nothing')),
};

/** A connection that says something every 10 ms, and how long it went without an answer at most; ended by a second task with its id. */
const streams = new Map();
const stream = ({ id, source, target, port }) => {
  if (streams.has(id)) return streams.get(id)();
  const socket = net.createConnection({ host: target, port, localAddress: source }, () => tell({ id, said: 'through' }));
  let heard = performance.now();
  let longest = 0;
  let broken;
  const look = () => (longest = Math.max(longest, performance.now() - heard));
  const timer = setInterval(() => {
    look();
    socket.write('.');
  }, 10);
  socket.on('data', () => {
    look();
    heard = performance.now();
  }).on('error', (error) => (broken = error.code)).on('end', () => (broken ??= 'ended'));
  streams.set(id, () => {
    clearInterval(timer);
    look();
    tell({ id, said: broken ?? String(Math.round(longest)) });
    socket.resetAndDestroy();
  });
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const task = JSON.parse(line);
  if (task.protocol === 'stream') stream(task);
  else SENDERS[task.protocol](task, (said) => tell({ id: task.id, said }));
}).on('close', () => process.exit(0));

// Sends and receives in one network namespace. Reads a JSON object a line on stdin, writes one a line on stdout.
//   {"listen": [PORT, ...]}                         listens for TCP and UDP of both families
//   {"send": ID, "protocol", "src", "dst", "sport", "dport"}   sends one packet, or begins a connection
//   {"stream": ID, "text", "src", "dst", "sport", "dport"}     sends a packet of UDP with the text about every millisecond, until
//   {"halt": true}
// Written: {"listening": true}, {"arrived": ID} of UDP at its receiver unless the text is "count" or "echo", which is answered,
// {"connected": ID} of TCP at its sender, {"halted": {ID: COUNT of packets sent}}.
'use strict';
const dgram = require('node:dgram');
const net = require('node:net');
const readline = require('node:readline');
const { clearInterval, clearTimeout, setInterval, setTimeout } = require('node:timers');

const WAIT_MS = 700;
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const senders = new Map();

const streams = new Map();
let ticking;

const receive = (socket) => (message, from) => {
  const text = String(message);
  if (text === 'echo') socket.send('count', from.port, from.address, () => undefined);
  else if (text !== 'count') tell({ arrived: Number(text) });
};

const listenTcp = (port, host) => new Promise((resolve, reject) => {
  const server = net.createServer((socket) => socket.on('error', () => undefined).on('data', () => undefined));
  server.on('error', reject).listen({ port, host, ipv6Only: true }, resolve);
});

const listenUdp = (port, type) => new Promise((resolve, reject) => {
  const socket = dgram.createSocket({ type, ipv6Only: type === 'udp6', reuseAddr: true });
  socket.on('error', reject).on('message', receive(socket)).bind(port, resolve);
});

// One socket for each source, for as long as this runs.
const senderOf = (address, port) => {
  const key = `${address} ${port}`;
  if (!senders.has(key)) {
    senders.set(key, new Promise((resolve, reject) => {
      const socket = dgram.createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', reuseAddr: true, ipv6Only: address.includes(':') });
      // On a host it may stand before the listener of the same port.
      socket.on('error', reject).on('message', receive(socket)).bind(port, address, () => resolve(socket));
    }));
  }
  return senders.get(key);
};

const send = async ({ send: id, protocol, src, dst, sport, dport }) => {
  if (protocol === 'udp') {
    const socket = await senderOf(src, sport);
    socket.send(String(id), dport, dst, () => undefined);
    return;
  }
  const socket = net.connect({ host: dst, port: dport, localAddress: src, localPort: sport });
  const end = setTimeout(() => socket.destroy(), WAIT_MS);
  socket.on('error', () => undefined).on('close', () => clearTimeout(end)).on('connect', () => {
    tell({ connected: id });
    socket.resetAndDestroy();
  });
};

const stream = async ({ stream: id, text, src, dst, sport, dport }) => {
  const socket = await senderOf(src, sport);
  streams.set(id, { count: 0, send: () => socket.send(text, dport, dst, () => undefined) });
  ticking ??= setInterval(() => {
    for (const each of streams.values()) {
      each.send();
      each.count++;
    }
  }, 1);
};

const halt = () => {
  clearInterval(ticking);
  ticking = undefined;
  tell({ halted: Object.fromEntries([...streams].map(([id, { count }]) => [id, count])) });
  streams.clear();
};

const handle = async (request) => {
  if (request.stream !== undefined) return stream(request);
  if (request.halt !== undefined) return halt();
  if (request.listen === undefined) return send(request);
  await Promise.all(request.listen.flatMap((port) => [listenTcp(port, '0.0.0.0'), listenTcp(port, '::'), listenUdp(port, 'udp4'), listenUdp(port, 'udp6')]));
  return tell({ listening: true });
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  handle(JSON.parse(line)).catch((error) => tell({ failed: String(error) }));
}).on('close', () => process.exit(0));

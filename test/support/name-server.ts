import { createSocket, type Socket } from 'node:dgram';

/** What a name server says of a name: its addresses, a failure by code of DNS (2, 3 ...), or nothing at all. */
export type Zone = (name: string, family: 4 | 6) => readonly string[] | number | 'silence';

const TYPE_A = 1;
const TYPE_AAAA = 28;
const NO_ADDRESS = 0xc00c;

/** A real name server on the loopback, over UDP. */
export class NameServer {
  /** The names it was asked for, in order, once for both families. */
  readonly asked: string[] = [];

  private constructor(private readonly socket: Socket) {}

  static async start(zone: Zone): Promise<NameServer> {
    const socket = createSocket('udp4');
    const server = new NameServer(socket);
    socket.on('message', (query, from) => {
      const reply = server.answer(query, zone);
      if (reply !== undefined) socket.send(reply, from.port, from.address);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return server;
  }

  /** `127.0.0.1:PORT` */
  get address(): string {
    return `127.0.0.1:${(this.socket.address()).port}`;
  }

  stop(): void {
    this.socket.close();
  }

  private answer(query: Buffer, zone: Zone): Buffer | undefined {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const type = query.readUInt16BE(at + 1);
    const question = query.subarray(12, at + 5);
    const name = labels.join('.');
    if (!this.asked.includes(name)) this.asked.push(name);
    const found = zone(name, type === TYPE_AAAA ? 6 : 4);
    if (found === 'silence') return undefined;
    const addresses = typeof found === 'number' ? [] : found;
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180 | (typeof found === 'number' ? found : 0), 2);
    for (const [offset, count] of [[4, 1], [6, addresses.length], [8, 0], [10, 0]] as const) head.writeUInt16BE(count, offset);
    return Buffer.concat([head, question, ...addresses.map((address) => record(address, type === TYPE_AAAA ? TYPE_AAAA : TYPE_A))]);
  }
}

function record(address: string, type: number): Buffer {
  const data = type === TYPE_A ? Buffer.from(address.split('.').map(Number)) : bytesOf(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(NO_ADDRESS, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/** The bytes of an IPv6 address in hexadecimal groups, with one `::` at most. */
function bytesOf(address: string): Buffer {
  const [before = '', after = ''] = address.split('::');
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)));
  const all = address.includes('::') ? [...groups(before), ...Array<number>(8 - groups(before).length - groups(after).length).fill(0), ...groups(after)] : groups(address);
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]));
}

import { Log } from '../../src/text/log.js';
import type { Host } from '../../src/agent/startup/host.js';
import type { HostInterface } from '../../src/host/addresses/interfaces.js';
import { parseCidr } from '../../src/net/address.js';

/** An interface of a recorded host, and its addresses with their prefix lengths. */
export interface RecordedInterface {
  readonly name: string;
  readonly address: readonly string[];
}

/** A machine as data: what it has, and the files that were left on it. */
export class HostOfData implements Host {
  readonly files = new Map<string, string>();
  readonly folders: string[] = [];

  constructor(
    private readonly named: string,
    private readonly recorded: readonly RecordedInterface[],
  ) {}

  name(): string {
    return this.named;
  }

  /** Each has the link-local address that its MAC address gave it when it was recorded. */
  async interfaces(): Promise<HostInterface[]> {
    const loopback = { index: 1, name: 'lo', addresses: addresses('127.0.0.1/8', '::1/128') };
    const others = this.recorded.map(({ name, address }, at) => ({ index: at + 2, name, addresses: addresses(...address, at === 0 ? 'fe80::ff:fe00:111/64' : `fe80::ff:fe00:${(0x1ff + at).toString(16)}/64`) }));
    return [loopback, ...others];
  }

  /** The default route goes out of the first interface. */
  async sourceTo(_target: string, version: 4 | 6): Promise<string | undefined> {
    return this.recorded[0]?.address.find((text) => text.includes(':') === (version === 6))?.split('/')[0];
  }

  async hasIpv6(): Promise<boolean> {
    return true;
  }

  async read(path: string): Promise<string | undefined> {
    return this.files.get(path);
  }

  makeFolder(path: string): void {
    this.folders.push(path);
  }

  async write(path: string, text: string): Promise<void> {
    this.files.set(path, text);
  }
}

function addresses(...texts: readonly string[]): HostInterface['addresses'] {
  return texts.map((text) => {
    const { address: ip, length } = parseCidr(text)!;
    return { ip, length };
  });
}

/** A log, and what was written to it. */
export function logOf(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  return { log: new Log((line) => void lines.push(line), 'test', 1), lines };
}

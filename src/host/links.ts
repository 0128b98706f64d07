import { setTimeout as sleep } from 'node:timers/promises';
import { pauseMs } from '../base/back-off.js';
import { CalicoError } from '../base/errors.js';
import { runProgram, type RunProgram } from './program.js';

/** An interface of this host as a dataplane needs it. */
export interface HostLink {
  readonly name: string;
  readonly index: number;
  /** Whether it is up and operational. */
  readonly isUp: boolean;
  readonly mac?: string | undefined;
  readonly mtu: number;
  /** With their prefix lengths. */
  readonly addresses: readonly string[];
}

/** Some versions of ip put an empty object where an interface was filtered out. */
interface Listed {
  readonly ifindex?: number;
  readonly ifname?: string;
  readonly flags?: readonly string[];
  readonly mtu?: number;
  readonly link_type?: string;
  readonly address?: string;
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number }[];
}

const LIST = ['-json', 'address', 'show'];
const LIST_MS = 10_000;
/** Events that come so soon after one another are one change. */
const GATHER_MS = 10;
const AGAIN = { firstMs: 100, longestMs: 5000, fixed: 0.5 };

/** The interfaces in the network namespace that programs run in. Throws CalicoError. */
export async function listLinks(run: RunProgram = runProgram): Promise<HostLink[]> {
  const end = await run('ip', LIST, { whole: true, timeoutMs: LIST_MS }).catch((error: unknown) => ({ code: null, stdout: '', stderr: (error as Error).message }));
  if (end.code !== 0) throw new CalicoError('failed', `the interfaces of this host cannot be listed: ip ${LIST.join(' ')}: ${end.stderr.trim()}`, { hint: 'install iproute2' });
  return readLinks(end.stdout);
}

/** Reads what `ip -json address show` printed. It shows that an interface does not run by NO-CARRIER alone. */
export function readLinks(json: string): HostLink[] {
  return (JSON.parse(json) as Listed[]).flatMap(({ ifindex: index, ifname: name, flags = [], mtu = 0, link_type: type, address: mac, addr_info: info = [] }) => {
    if (index === undefined || name === undefined) return [];
    const addresses = info.flatMap(({ local, prefixlen }) => (local === undefined || prefixlen === undefined ? [] : [`${local}/${prefixlen}`]));
    return [{ name, index, isUp: flags.includes('UP') && !flags.includes('NO-CARRIER'), ...(type === 'ether' && { mac }), mtu, addresses }];
  });
}

/**
 * Calls back whenever interfaces or their addresses may have changed, and each time watching begins, until the signal is aborted. What
 * watches is started again when it ends. Never throws.
 * @param onChange gets the names of interfaces that were taken down since the last time; they may be up again, without what the kernel
 * had for them
 */
export async function watchLinks(onChange: (down: ReadonlySet<string>) => void, signal: AbortSignal, run: RunProgram = runProgram): Promise<void> {
  for (let tried = 0; !signal.aborted; tried++) {
    const gather = gatherer(onChange);
    const since = performance.now();
    gather();
    await run('ip', ['monitor', 'link', 'address'], { signal, onLine: (line) => gather(line) }).catch(() => undefined);
    if (performance.now() - since > AGAIN.longestMs) tried = 0;
    await sleep(pauseMs(AGAIN, tried), undefined, { signal }).catch(() => undefined);
  }
}

/** A link as `ip monitor` shows it. */
const SHOWN_LINK = /^\d+: ([^@:]+)(?:@[^:]*)?: <([^>]*)>/;

function gatherer(onChange: (down: ReadonlySet<string>) => void): (line?: string) => void {
  let isDue = false;
  let down = new Set<string>();
  return (line = '') => {
    const [, name, flags] = SHOWN_LINK.exec(line) ?? [];
    if (name !== undefined && flags?.split(',').includes('UP') === false) down.add(name);
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      const told = down;
      down = new Set();
      onChange(told);
    }, GATHER_MS);
  };
}

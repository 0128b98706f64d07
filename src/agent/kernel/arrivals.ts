import type { AwaitedWorkload } from '../../dataplane/host/state.js';
import type { RunProgram } from '../../host/program.js';

const TABLE = 'netdev calico-arrivals';
const NFT_MS = 10_000;
const POLL_MS = 200;
/** The protocol with which a hypervisor tells the network where a machine is now. */
const RARP = '0x8035';

interface Listed {
  readonly nftables: readonly { readonly rule?: { readonly chain: string; readonly expr: readonly { readonly counter?: { readonly packets: number } }[] } }[];
}

/**
 * Sees workloads that a live migration brings announce themselves: by a RARP, or a gratuitous ARP for one of their addresses
 * (reference/host-network 2.4). Rules of nftables at their interfaces count these packets; there are none while nobody is awaited.
 */
export class Arrivals {
  private readonly ids = new Set<string>();
  /** The rules that are there; undefined where an earlier run may have left some. */
  private rules: string | undefined;
  private isImpossible = false;

  constructor(private readonly run: RunProgram, private readonly warn: (text: string) => void) {}

  /** Ids of those that were seen and are still awaited by the plan. */
  get seen(): ReadonlySet<string> {
    return this.ids;
  }

  /** Looks whether anybody came. Returns when there is to be another attempt, in milliseconds since 1970. Never throws. */
  async look(awaited: readonly AwaitedWorkload[], now: number): Promise<number | undefined> {
    for (const id of this.ids) if (!awaited.some((each) => each.id === id)) this.ids.delete(id);
    const open = awaited.filter(({ id }) => !this.ids.has(id));
    if (this.isImpossible || (open.length === 0 && this.rules === '')) return undefined;
    try {
      await this.watch(open);
      const came = open.length === 0 ? [] : await this.counted(open);
      for (const { id } of came) this.ids.add(id);
      return came.length > 0 ? now : open.length > 0 ? now + POLL_MS : undefined;
    } catch (error) {
      this.isImpossible = true;
      if (open.length > 0) this.warn(`workloads that a live migration brings have routes only when it is over, as they cannot be seen before: ${(error as Error).message}`);
      return undefined;
    }
  }

  private async watch(open: readonly AwaitedWorkload[]): Promise<void> {
    const rules = open.map(chain).join('\n');
    if (rules === this.rules) return;
    // Adding it first makes the deletion right whether it was there or not.
    await this.nft(['-f', '-'], `table ${TABLE}\ndelete table ${TABLE}\n${rules === '' ? '' : `table ${TABLE} {\n${rules}\n}\n`}`);
    this.rules = rules;
  }

  private async counted(open: readonly AwaitedWorkload[]): Promise<readonly AwaitedWorkload[]> {
    const { nftables } = JSON.parse(await this.nft(['-j', 'list', 'table', ...TABLE.split(' ')])) as Listed;
    const came = new Set(nftables.flatMap(({ rule }) => (rule?.expr.some(({ counter }) => (counter?.packets ?? 0) > 0) === true ? [rule.chain] : [])));
    return open.filter((_, at) => came.has(chainName(at)));
  }

  private async nft(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.run('nft', args, { whole: true, timeoutMs: NFT_MS, ...(input !== undefined && { input }) });
    if (code !== 0) throw new Error(`nft ${args.join(' ')}: ${stderr.trim() || `ended with ${code ?? 'a signal'}`}`);
    return stdout;
  }
}

function chainName(at: number): string {
  return `workload-${at}`;
}

function chain({ device, addresses }: AwaitedWorkload, at: number): string {
  const own = addresses.map((address) => `arp saddr ip ${address} arp daddr ip ${address} counter`);
  return `chain ${chainName(at)} {\ntype filter hook ingress device "${device}" priority -500; policy accept;\n${[`ether type ${RARP} counter`, ...own].join('\n')}\n}`;
}

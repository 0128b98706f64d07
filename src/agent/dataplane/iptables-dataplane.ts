import type { Family } from '../../dataplane/desired.js';
import type { Link, ObjectsByKind } from '../../dataplane/input.js';
import { NetfilterPlanner } from '../../dataplane/netfilter/iptables/planner.js';
import { marksOf } from '../../dataplane/netfilter/marks.js';
import { tableSettings, type Settings } from '../../dataplane/settings/settings.js';
import type { RunProgram } from '../../host/program.js';
import type { Log } from '../../text/log.js';
import { chooseBackend, detectFeatures, programsOf } from './backend.js';
import { IpSets } from './ipsets.js';
import { Iptables, type Trouble } from './iptables.js';
import { ARP_TABLE, NftTables, OUR_NFT_TABLES } from './nftables.js';
import type { Metrics } from './metrics.js';
import type { NetfilterDataplane } from './programmer.js';

/** What rules and sets need of a host. */
export interface NetfilterParts {
  readonly settings: Settings;
  /** Whether there is an interface kube-ipvs0 at the start. */
  readonly usesIpvs: boolean;
  /** As `uname -r` prints it. */
  readonly kernelRelease: string;
  readonly searchPath: string;
  readonly run: RunProgram;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Rules by iptables, sets by ipset, and the guard of ARP by nft. */
export class IptablesDataplane implements NetfilterDataplane {
  private constructor(
    private readonly planner: NetfilterPlanner,
    private readonly sets: IpSets,
    private readonly tables: ReadonlyMap<Family, Iptables>,
    private readonly nft: { readonly guard: NftTables; readonly left: NftTables } | undefined,
    private readonly metrics: Metrics,
  ) {}

  /** Finds out what there is on this host. */
  static async start({ settings, usesIpvs, kernelRelease, searchPath, run, log, metrics }: NetfilterParts): Promise<IptablesDataplane> {
    const [features, backend] = await Promise.all([
      detectFeatures(kernelRelease, settings.featureDetectOverride, log, run),
      chooseBackend(settings.iptablesBackend, searchPath, log, run),
    ]);
    const acceptMark = marksOf(tableSettings(settings).markMask).accept;
    const planner = new NetfilterPlanner(settings, { usesIpvs, randomFully: features.masqueradeFullyRandom, warn: (text) => log.warning(text) });
    const families: readonly Family[] = settings.ipv6Support ? [4, 6] : [4];
    const tables = families.map((family) => [family, new Iptables({ family, programs: programsOf(family, backend, searchPath), waits: features.restoreWaits, acceptMark, log, run, metrics })] as const);
    // Chains of one family: for a list of tables nft would read all rules of the kernel.
    const hasNft = await run('nft', ['list', 'chains', 'arp']).then(({ code }) => code === 0, () => false);
    if (!hasNft) log.warning('nft does not work here: the host may answer workloads for their own addresses, and rules that were made in nftables stay');
    const inNft = (isOurs: (table: string) => boolean): NftTables => new NftTables({ acceptMark, ours: OUR_NFT_TABLES.filter(isOurs), log, run, metrics });
    const nft = hasNft ? { guard: inNft((table) => table === ARP_TABLE), left: inNft((table) => table !== ARP_TABLE) } : undefined;
    return new IptablesDataplane(planner, new IpSets({ maxelem: settings.maxIpsetSize, log, run, metrics }), new Map(tables), nft, metrics);
  }

  forgetTables(): void {
    for (const tables of this.tables.values()) tables.forget();
    this.nft?.guard.forget();
    this.nft?.left.forget();
  }

  forgetSets(): void {
    this.sets.forget();
  }

  /**
   * Sets are there before rules that refer to them, and go after them. What an earlier life had in nftables goes once ours are there: until then
   * it is what holds packets up.
   */
  async apply(objects: ObjectsByKind, links: readonly Link[]): Promise<{ readonly wrote: boolean; readonly troubles: readonly Trouble[] }> {
    const { tables, sets, arp } = this.planner.plan(objects, links);
    const guarded = this.nft?.guard.apply([arp]);
    const inSets = await this.sets.apply(sets);
    const families = await Promise.all([...[...this.tables].map(([family, own]) => own.apply(tables[family]!)), ...(guarded === undefined ? [] : [guarded])]);
    const isDone = !families.some(({ troubles }) => troubles.length > 0);
    const stale = isDone ? [...(await this.sets.removeStale()), ...((await this.nft?.left.apply([]))?.troubles ?? [])] : [];
    const all = Object.values(tables).flatMap((each) => Object.values(each)).flatMap(({ chains }) => [...chains.values()]);
    this.metrics.set('ipsets_calico', sets.size);
    this.metrics.set('iptables_chains', all.length);
    this.metrics.set('iptables_rules', all.reduce((sum, rules) => sum + rules.length, 0));
    return { wrote: families.some(({ wrote }) => wrote), troubles: [...inSets.troubles, ...families.flatMap(({ troubles }) => troubles), ...stale] };
  }
}

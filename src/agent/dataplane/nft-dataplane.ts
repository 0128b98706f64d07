import { TABLES, type Family, type TableName, type TableState } from '../../dataplane/desired.js';
import type { Link, ObjectsByKind } from '../../dataplane/input.js';
import { marksOf } from '../../dataplane/netfilter/marks.js';
import { NftPlanner } from '../../dataplane/netfilter/nft/planner.js';
import { tableSettings } from '../../dataplane/settings/settings.js';
import { chooseBackend, detectFeatures, programsOf } from './backend.js';
import type { NetfilterParts } from './iptables-dataplane.js';
import { IpSets } from './ipsets.js';
import { Iptables, type Trouble } from './iptables.js';
import { NftTables, OUR_NFT_TABLES } from './nftables.js';
import type { NetfilterDataplane } from './programmer.js';

const NOTHING: TableState = { chains: new Map(), hooks: new Map() };

/** Rules and sets in nftables. What an earlier life had in iptables goes once ours are there. */
export class NftDataplane implements NetfilterDataplane {
  private isCleared = false;

  private constructor(
    private readonly planner: NftPlanner,
    private readonly tables: NftTables,
    private readonly clear: () => Promise<void>,
    private readonly parts: NetfilterParts,
  ) {}

  /** Finds out what there is on this host. */
  static async start(parts: NetfilterParts): Promise<NftDataplane> {
    const { settings, kernelRelease, log, run, metrics } = parts;
    const features = await detectFeatures(kernelRelease, settings.featureDetectOverride, log, run);
    const acceptMark = marksOf(tableSettings(settings).markMask).accept;
    const planner = new NftPlanner(settings, { randomFully: features.masqueradeFullyRandom, warn: (text) => log.warning(text) });
    return new NftDataplane(planner, new NftTables({ acceptMark, ours: OUR_NFT_TABLES, log, run, metrics }), () => clearIptables(parts, features.restoreWaits, acceptMark), parts);
  }

  forgetTables(): void {
    this.tables.forget();
  }

  /** They are in the tables. */
  forgetSets(): void {
    this.tables.forget();
  }

  async apply(objects: ObjectsByKind, links: readonly Link[]): Promise<{ readonly wrote: boolean; readonly troubles: readonly Trouble[] }> {
    const tables = this.planner.plan(objects, links);
    const applied = await this.tables.apply(tables);
    if (!this.isCleared && applied.troubles.length === 0) {
      this.isCleared = true;
      await this.clear();
    }
    this.parts.metrics.set('nft_chains', tables.reduce((sum, { chains }) => sum + chains.size, 0));
    return applied;
  }
}

/** A host without iptables has nothing of ours in it. */
async function clearIptables({ settings, searchPath, run, log, metrics }: NetfilterParts, waits: boolean, acceptMark: number): Promise<void> {
  const backend = await chooseBackend(settings.iptablesBackend, searchPath, log, run);
  const empty = Object.fromEntries(TABLES.map((table) => [table, NOTHING])) as Record<TableName, TableState>;
  const families: readonly Family[] = [4, 6];
  await Promise.all(families.map((family) => new Iptables({ family, programs: programsOf(family, backend, searchPath), waits, acceptMark, log, run, metrics }).apply(empty)));
  const sets = new IpSets({ maxelem: settings.maxIpsetSize, log, run, metrics });
  await sets.apply(new Map());
  await sets.removeStale();
}

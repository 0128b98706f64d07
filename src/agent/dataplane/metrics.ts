import { readFileSync } from 'node:fs';

/** What is counted while tables and sets are applied; names are those of Felix without `felix_`. */
export interface ApplyMetrics {
  count(name: string, by?: number): void;
}

/** For who does not count. */
export const NO_METRICS: ApplyMetrics = { count: () => undefined };

interface Row {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'summary';
  readonly help: string;
}

/** The metrics that mean the same as those of Felix (reference/felix 5.4). */
const ROWS: readonly Row[] = [
  { name: 'active_local_endpoints', type: 'gauge', help: 'Endpoints on this host.' },
  { name: 'cluster_num_hosts', type: 'gauge', help: 'Nodes in the cluster.' },
  { name: 'cluster_num_host_endpoints', type: 'gauge', help: 'Host endpoints in the cluster.' },
  { name: 'cluster_num_workload_endpoints', type: 'gauge', help: 'Workload endpoints in the cluster.' },
  { name: 'cluster_num_policies', type: 'gauge', help: 'Policies in the cluster.' },
  { name: 'cluster_num_profiles', type: 'gauge', help: 'Profiles in the cluster.' },
  { name: 'cluster_num_tiers', type: 'gauge', help: 'Tiers in the cluster.' },
  { name: 'int_dataplane_apply_time_seconds', type: 'summary', help: 'Time of one application to the kernel.' },
  { name: 'int_dataplane_failures', type: 'counter', help: 'Applications that did not wholly succeed and are tried again.' },
  { name: 'ipset_calls', type: 'counter', help: 'Runs of ipset.' },
  { name: 'ipset_errors', type: 'counter', help: 'Runs of ipset that failed.' },
  { name: 'ipset_lines_executed', type: 'counter', help: 'Lines that ipset restore was given.' },
  { name: 'ipsets_calico', type: 'gauge', help: 'IP sets of Calico.' },
  { name: 'iptables_chains', type: 'gauge', help: 'Chains of Calico.' },
  { name: 'iptables_lines_executed', type: 'counter', help: 'Lines that iptables-restore was given.' },
  { name: 'iptables_restore_calls', type: 'counter', help: 'Runs of iptables-restore.' },
  { name: 'iptables_restore_errors', type: 'counter', help: 'Runs of iptables-restore that failed.' },
  { name: 'iptables_rules', type: 'gauge', help: 'Rules of Calico.' },
  { name: 'iptables_save_calls', type: 'counter', help: 'Runs of iptables-save.' },
  { name: 'iptables_save_errors', type: 'counter', help: 'Runs of iptables-save that failed.' },
  { name: 'nft_calls', type: 'counter', help: 'Runs of nft.' },
  { name: 'nft_chains', type: 'gauge', help: 'Chains of Calico in nftables.' },
  { name: 'nft_errors', type: 'counter', help: 'Runs of nft that failed.' },
  { name: 'resync_state', type: 'gauge', help: 'How far the datastore is read: 1 waiting, 2 reading, 3 in sync.' },
  { name: 'resyncs_started', type: 'counter', help: 'Times the datastore was read as a whole.' },
  { name: 'route_table_num_routes', type: 'gauge', help: 'Routes of Calico.' },
];

/** Counts, and values of the moment, in the form that Prometheus reads. */
export class Metrics implements ApplyMetrics {
  private readonly values = new Map<string, number>(ROWS.filter(({ type }) => type !== 'summary').map(({ name }) => [name, 0]));
  private readonly sums = new Map<string, { count: number; sum: number }>(ROWS.filter(({ type }) => type === 'summary').map(({ name }) => [name, { count: 0, sum: 0 }]));

  count(name: string, by = 1): void {
    this.values.set(name, (this.values.get(name) ?? 0) + by);
  }

  set(name: string, value: number): void {
    this.values.set(name, value);
  }

  /** All of it in one line, for the log. */
  line(): string {
    const sums = [...this.sums].map(([name, { count, sum }]) => `${name}=${count} in ${sum.toFixed(3)} s`);
    return [...[...this.values].map(([name, value]) => `${name}=${value}`), ...sums].join(' ');
  }

  /** Adds an observation to a summary. */
  observe(name: string, value: number): void {
    const sum = this.sums.get(name) ?? { count: 0, sum: 0 };
    this.sums.set(name, { count: sum.count + 1, sum: sum.sum + value });
  }

  /** @param withProcess whether memory and time of this process are told, too */
  text(host: string, withProcess: boolean): string {
    const lines = ROWS.flatMap(({ name, type, help }) => {
      const head = [`# HELP felix_${name} ${help}`, `# TYPE felix_${name} ${type}`];
      const sum = this.sums.get(name);
      return sum === undefined ? [...head, `felix_${name} ${this.values.get(name) ?? 0}`] : [...head, `felix_${name}_sum ${sum.sum}`, `felix_${name}_count ${sum.count}`];
    });
    const felixHost = ['# HELP felix_host The host this is, always 1.', '# TYPE felix_host gauge', `felix_host{host=${JSON.stringify(host)}} 1`];
    return [...lines, ...felixHost, ...(withProcess ? processLines() : []), ''].join('\n');
  }
}

const PAGE_BYTES = 4096;
const TICKS_PER_SECOND = 100;

/** What the kernel says of this process. */
function processLines(): readonly string[] {
  const words = readFileSync('/proc/self/stat', 'utf8').replace(/^.*\) /s, '').split(' ');
  const [user, system, resident] = [words[11], words[12], words[21]].map(Number);
  return [
    '# TYPE process_cpu_seconds_total counter', `process_cpu_seconds_total ${((user ?? 0) + (system ?? 0)) / TICKS_PER_SECOND}`,
    '# TYPE process_resident_memory_bytes gauge', `process_resident_memory_bytes ${(resident ?? 0) * PAGE_BYTES}`,
  ];
}

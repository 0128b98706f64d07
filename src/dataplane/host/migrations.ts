import { isMap, type Data } from '../../base/data.js';
import { effectiveLabels, ProfileLabels } from '../../policy/effective-labels.js';
import { matches } from '../../selector/matches.js';
import { parseSelector } from '../../selector/parse.js';
import type { ObjectsByKind } from '../input.js';
import type { HostSettings } from './settings.js';
import type { Workload } from './workload.js';
import type { Preference } from './workload-routes.js';

/** Where a workload is in a live migration towards this host. */
type Phase =
  /** It still runs elsewhere: no routes. */
  | { readonly name: 'awaited' }
  /** It was seen here: preferred routes, until the migration is over and others had time to learn of it. */
  | { readonly name: 'arrived' }
  | { readonly name: 'settling'; readonly until: number };

/** The migration a workload takes part in, as seen from this host. */
type Role = 'source' | 'target' | 'none';

/** Follows live migrations towards this host (reference/host-network 2.4). */
export class Migrations {
  private readonly phases = new Map<string, Phase>();

  constructor(private readonly settings: Pick<HostSettings, 'node' | 'liveMigrationRouteConvergenceTime'>) {}

  /**
   * Takes up what is stored now.
   * @param seen ids of workloads that announced themselves on this host
   * @param now milliseconds since 1970
   */
  update(objects: ObjectsByKind, workloads: Iterable<Workload>, seen: ReadonlySet<string>, now: number): void {
    const migrations = objects.get('LiveMigration') ?? [];
    if (migrations.length === 0 && this.phases.size === 0) return;
    const roleOf = this.roles(objects, migrations.map(({ spec }) => spec));
    const gone = new Set(this.phases.keys());
    for (const workload of workloads) {
      gone.delete(workload.id);
      const phase = this.next(this.phases.get(workload.id), roleOf(workload), seen.has(workload.id), now);
      if (phase === undefined) this.phases.delete(workload.id);
      else this.phases.set(workload.id, phase);
    }
    for (const id of gone) this.phases.delete(id);
  }

  /** How the routes to a workload are made now. */
  preferenceOf({ id }: Workload): Preference {
    const phase = this.phases.get(id);
    return phase === undefined ? 'normal' : phase.name === 'awaited' ? 'withheld' : 'elevated';
  }

  /** When the next workload has settled, in milliseconds since 1970. */
  get dueAt(): number | undefined {
    const times = [...this.phases.values()].flatMap((phase) => (phase.name === 'settling' ? [phase.until] : []));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  private next(phase: Phase | undefined, role: Role, isSeen: boolean, now: number): Phase | undefined {
    if (role === 'source') return undefined;
    const settling = { name: 'settling', until: now + this.settings.liveMigrationRouteConvergenceTime } as const;
    switch (phase?.name) {
      case undefined:
        return role === 'target' ? this.next({ name: 'awaited' }, role, isSeen, now) : undefined;
      case 'awaited':
        // Over without a sign of life: that was missed, and it must be here.
        return role === 'none' ? settling : isSeen ? { name: 'arrived' } : phase;
      case 'arrived':
        return role === 'none' ? settling : phase;
      case 'settling':
        return now >= phase.until ? undefined : phase;
    }
  }

  private roles(objects: ObjectsByKind, migrations: readonly Data[]): (workload: Workload) => Role {
    const profiles = new ProfileLabels(objects.get('Profile') ?? []);
    return (workload) => {
      const isEnd = (end: unknown): boolean => isMap(end) && this.means(end, workload, profiles);
      if (migrations.some(({ source }) => isEnd(source))) return 'source';
      return migrations.some(({ target }) => isEnd(target)) ? 'target' : 'none';
    };
  }

  /** Whether one end of a migration is a workload of this host: named, or selected by its labels. */
  private means({ workloadEndpoint, workload, selector }: Data, { identity, object }: Workload, profiles: ProfileLabels): boolean {
    const [orchestrator, name, endpoint] = identity.split('\0');
    if (isMap(workloadEndpoint)) {
      const { hostname, orchestratorID, workloadID, endpointID } = workloadEndpoint;
      return hostname === this.settings.node && orchestratorID === orchestrator && workloadID === name && endpointID === endpoint;
    }
    if (isMap(workload)) {
      const { hostname = this.settings.node, orchestratorID, workloadID } = workload;
      return hostname === this.settings.node && orchestratorID === orchestrator && workloadID === name;
    }
    const parsed = typeof selector === 'string' && selector !== '' ? parseSelector(selector, 'v3') : undefined;
    return parsed?.ok === true && matches(parsed.selector, effectiveLabels(object, profiles));
  }
}

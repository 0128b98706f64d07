import type { AddressClass } from '../policy/address-classes.js';
import type { Endpoint, KnownObject } from '../policy/known-objects.js';
import type { Model } from '../policy/model.js';
import type { ClassMembers } from './class-members.js';
import type { Directory } from './directory.js';
import { GroupNamer } from './groups.js';

/** One end of many flows: all who are of some classes of addresses. */
export interface EndGroup {
  /** What a person would call it. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  readonly hosts: readonly string[];
  readonly sets: readonly KnownObject[];
  /** Whether addresses are among it that nobody has and no set names; in which networks of rules, where all are in such. */
  readonly others: boolean;
  readonly networks: readonly string[];
}

/** Names ends of flows. */
export class EndNamer {
  private readonly workloads: GroupNamer;
  private readonly sets: GroupNamer;
  private readonly workloadsById = new Map<string, Endpoint>();
  private readonly hostNames: ReadonlySet<string>;

  /** @param models those whose endpoints count; the first that has one says its labels */
  constructor(
    private readonly models: readonly Model[],
    directory: Directory,
  ) {
    const sets = new Map<string, KnownObject>();
    for (const { parts } of [...models].reverse()) {
      for (const each of parts.endpoints) if (each.kind === 'workload') this.workloadsById.set(each.id, each);
      for (const each of parts.objects) if (each.kind === 'set') sets.set(each.id, each);
    }
    this.workloads = new GroupNamer([...this.workloadsById.values()], 'workloads', models, directory);
    this.sets = new GroupNamer([...sets.values()], 'sets', models, directory);
    this.hostNames = new Set(models.flatMap(({ parts }) => [...parts.hosts].filter(([, { interfaces }]) => [...interfaces.values()].flat().length > 0).map(([name]) => name)));
  }

  /** All who are of these classes. */
  of(classes: readonly AddressClass[], members: ClassMembers): EndGroup {
    const endpoints = new Map<string, Endpoint>();
    const hosts = new Set<string>();
    const sets = new Map<string, KnownObject>();
    const networks = new Set<string | undefined>();
    for (const each of classes) {
      const found = members.of(each);
      if (found.kind === 'workloads') for (const endpoint of found.endpoints) endpoints.set(endpoint.id, this.workloadsById.get(endpoint.id)!);
      else if (found.kind === 'hosts') for (const host of found.hosts) hosts.add(host);
      else if (found.kind === 'sets') for (const set of found.sets) sets.set(set.id, set);
      else networks.add(found.net);
    }
    const group = { endpoints: [...endpoints.values()], hosts: [...hosts].sort(), sets: [...sets.values()], others: networks.size > 0, networks: networks.has(undefined) ? [] : [...networks].map(String).sort() };
    return { name: this.nameOf(group), ...group };
  }

  /** What a person would call some workloads. */
  ofWorkloads(endpoints: readonly Endpoint[]): string {
    return this.workloads.of(endpoints);
  }

  /** A workload or an address that an example has. */
  nameOfAddress(text: string): string {
    for (const model of this.models) {
      const { place } = model.address(text);
      if (place?.gate.kind === 'workload' && place.gate.endpoint !== undefined) return this.workloads.nameOf(place.gate.endpoint);
      if (place !== undefined) return `host/${place.node}`;
    }
    return text;
  }

  private nameOf({ endpoints, hosts, sets, others, networks }: Omit<EndGroup, 'name'>): string {
    const names = [
      ...(endpoints.length === 0 ? [] : [this.workloads.of(endpoints)]),
      ...(hosts.length === 0 ? [] : [hosts.length === this.hostNames.size && hosts.length > 1 ? 'all hosts' : hosts.length > 3 ? `${hosts.slice(0, 3).map((name) => `host/${name}`).join(', ')} and ${hosts.length - 3} more hosts` : hosts.map((name) => `host/${name}`).join(', ')]),
      ...(sets.length === 0 ? [] : [sets.length === 1 ? `set ${sets[0]!.id.slice(sets[0]!.id.indexOf(':') + 1)}` : setsText(this.sets.of(sets))]),
      ...(others ? [networks.length === 0 ? 'other addresses' : `other addresses (${networks.length > 3 ? `${networks.slice(0, 3).join(', ')} and ${networks.length - 3} more` : networks.join(', ')})`] : []),
    ];
    return names.join('; ');
  }
}

function setsText(name: string): string {
  return name.startsWith('all ') ? name : `sets ${name}`;
}

/** How many ends are of a group; all other addresses are one. */
export function sizeOf({ endpoints, hosts, sets, others }: EndGroup): number {
  return endpoints.length + hosts.length + sets.length + (others ? 1 : 0);
}

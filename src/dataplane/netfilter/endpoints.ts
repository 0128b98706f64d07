import { isMap } from '../../base/data.js';
import type { Endpoint } from '../../policy/known-objects.js';
import type { Direction } from '../../policy/rule.js';
import { endpointChain, type EndpointLimits } from './endpoint-chain.js';
import { Kept } from './kept.js';
import { ANY_INTERFACE, PREFIX } from './names.js';
import { profileChainName } from './policy-chain.js';
import { RETURN, type Action, type Chain } from './rule.js';
import { nameOf } from './state/changed-objects.js';
import type { LocalEndpoint } from './state/local.js';
import { filterAllow, mangleAllow, type Terms } from './terms.js';

/** Where packets of a host's interface to a network go, table by table. */
export interface HostChains {
  readonly filter: { readonly from: Chain; readonly to: Chain; readonly fromForwarded: Chain; readonly toForwarded: Chain };
  readonly mangle: { readonly to: Chain; readonly from?: Chain };
  readonly raw?: { readonly from: Chain; readonly to: Chain };
}

export interface WorkloadChains {
  readonly from: Chain;
  readonly to: Chain;
}

/** The chains of the endpoints of a host; each is made anew only when something in it changes. */
export class EndpointChains {
  private readonly ofWorkloads = new WeakMap<LocalEndpoint, WorkloadChains>();
  private readonly ofHosts = new WeakMap<LocalEndpoint, Map<string, HostChains>>();
  private readonly made = new Kept<Chain>();

  constructor(
    private readonly terms: Terms,
    private readonly warn: (text: string) => void,
  ) {}

  /** The chains of a workload: what it sends, and what is sent to it. */
  workload(local: LocalEndpoint): WorkloadChains {
    let chains = this.ofWorkloads.get(local);
    if (chains === undefined) this.ofWorkloads.set(local, (chains = { from: this.workloadChain(local, 'egress'), to: this.workloadChain(local, 'ingress') }));
    return chains;
  }

  /** The chains of a host endpoint on one of its interfaces. */
  host(local: LocalEndpoint, interfaceName: string): HostChains {
    let byInterface = this.ofHosts.get(local);
    if (byInterface === undefined) this.ofHosts.set(local, (byInterface = new Map<string, HostChains>()));
    let chains = byInterface.get(interfaceName);
    if (chains === undefined) byInterface.set(interfaceName, (chains = this.hostChains(local, interfaceName)));
    return chains;
  }

  /** Forgets all chains but these. */
  keep(used: ReadonlySet<Chain>): void {
    this.made.keep((chain) => used.has(chain));
  }

  private workloadChain({ endpoint, object, applied }: LocalEndpoint, direction: Direction): Chain {
    const prefix = direction === 'ingress' ? PREFIX.toWorkload : PREFIX.fromWorkload;
    const limits = limitsOf(object.spec['qosControls'], direction);
    return this.chain('filter', prefix, endpoint.interfaceName, [applied.key('normal', direction), endpoint.profiles, limits], (name) => endpointChain(this.terms, {
      name, hook: 'workload', direction, allow: filterAllow(this.terms), limits, tiers: applied.tiers('normal', direction), profiles: this.profiles(endpoint, direction),
    }));
  }

  private hostChains(local: LocalEndpoint, interfaceName: string): HostChains {
    const { applied, object } = local;
    if (interfaceName === ANY_INTERFACE && applied.isAskedIn('untracked')) this.warn(`doNotTrack policies do not count for ${nameOf(object)}: it is for all interfaces`);
    const filter = {
      from: this.hostChain('filter', local, interfaceName, PREFIX.fromHost, 'ingress', filterAllow(this.terms)),
      to: this.hostChain('filter', local, interfaceName, PREFIX.toHost, 'egress', filterAllow(this.terms)),
      fromForwarded: this.forwardChain(local, interfaceName, PREFIX.fromHostForwarded, 'ingress'),
      toForwarded: this.forwardChain(local, interfaceName, PREFIX.toHostForwarded, 'egress'),
    };
    // What was translated by its destination is asked here, behind the choice of its interface; being accepted it only leaves the chain.
    const to = this.hostChain('mangle', local, interfaceName, PREFIX.toHost, 'egress', RETURN);
    const from = applied.isAskedIn('preDNAT') ? this.earlyChain(local, interfaceName, 'preDNAT', 'ingress') : undefined;
    const raw = applied.isAskedIn('untracked') ? { from: this.earlyChain(local, interfaceName, 'untracked', 'ingress'), to: this.earlyChain(local, interfaceName, 'untracked', 'egress') } : undefined;
    return { filter, mangle: { to, ...(from && { from }) }, ...(raw && { raw }) };
  }

  private hostChain(table: string, { endpoint, applied }: LocalEndpoint, interfaceName: string, prefix: string, direction: Direction, allow: Action): Chain {
    return this.chain(table, prefix, interfaceName, [applied.key('normal', direction), endpoint.profiles], (name) => endpointChain(this.terms, {
      name, hook: 'host', direction, allow, tiers: applied.tiers('normal', direction), profiles: this.profiles(endpoint, direction),
    }));
  }

  private forwardChain({ applied }: LocalEndpoint, interfaceName: string, prefix: string, direction: Direction): Chain {
    const acceptsForwarded = !applied.isAskedIn('forward');
    return this.chain('filter', prefix, interfaceName, [applied.key('forward', direction), acceptsForwarded], (name) => endpointChain(this.terms, {
      name, hook: 'forward', direction, allow: filterAllow(this.terms), tiers: applied.tiers('forward', direction), acceptsForwarded,
    }));
  }

  private earlyChain({ applied }: LocalEndpoint, interfaceName: string, hook: 'preDNAT' | 'untracked', direction: Direction): Chain {
    const prefix = direction === 'ingress' ? PREFIX.fromHost : PREFIX.toHost;
    return this.chain(hook, prefix, interfaceName, [applied.key(hook, direction)], (name) => endpointChain(this.terms, { name, hook, direction, allow: mangleAllow(this.terms), tiers: applied.tiers(hook, direction) }));
  }

  private profiles({ profiles }: Endpoint, direction: Direction): readonly string[] {
    return profiles.map((name) => profileChainName(this.terms, name, direction));
  }

  private chain(table: string, prefix: string, interfaceName: string, facts: unknown, make: (name: string) => Chain): Chain {
    return this.made.get(`${table} ${prefix}${interfaceName}`, facts, () => make(this.terms.chainName(prefix, interfaceName)));
  }
}

/** What the QoS controls of a workload say of one direction. */
function limitsOf(stored: unknown, direction: Direction): EndpointLimits | undefined {
  if (!isMap(stored)) return undefined;
  const of = (name: string): number | undefined => {
    const value = stored[direction + name];
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  const [packetRate, packetBurst, connections] = [of('PacketRate'), of('PacketBurst'), of('MaxConnections')];
  return { ...(packetRate && { packetRate }), ...(packetBurst && { packetBurst }), ...(connections && { connections }) };
}

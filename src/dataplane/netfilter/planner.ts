import { LabelIndex } from '../../policy/label-index.js';
import type { Link, ObjectsByKind } from '../input.js';
import type { Settings } from '../settings/settings.js';
import { EndpointChains } from './endpoints.js';
import { factsOf, type PlainSet } from './facts.js';
import { PolicyGroups } from './groups.js';
import { ChainLibrary } from './library.js';
import { placeEndpoints } from './placing.js';
import { RuleNeeds } from './rule-needs.js';
import type { Chain } from './rule.js';
import { SetStore, type SetSource } from './sets/set-store.js';
import { KnownObjects } from './state/known.js';
import { LocalEndpoints, type LocalEndpoint } from './state/local.js';
import { PolicyList } from './state/policy-list.js';
import { StaticChains } from './static-chains.js';
import { EndpointTables, familiesOf } from './tables.js';
import { termsOf, type Language, type Terms } from './terms.js';
import { mayBeEnforced, workloadRules, type WorkloadRules } from './workloads.js';
import type { Family, TableName } from '../desired.js';

/** What a host is, beside its settings, when the planner begins. */
export interface HostFacts {
  /** Whether there is an interface kube-ipvs0: kube-proxy works by IPVS. */
  readonly usesIpvs: boolean;
  /** Is told, once, of what is stored and not enforced as it stands. */
  readonly warn?: ((text: string) => void) | undefined;
}

/** The chains of a host in no language yet, by table and family, and where they are found by their names. */
export interface PlannedChains {
  readonly terms: Terms;
  readonly families: readonly Family[];
  find(family: Family, table: TableName, name: string): Chain | undefined;
  readonly workloads: readonly LocalEndpoint[];
  readonly plainSets: readonly PlainSet[];
}

/**
 * Plans the rules and sets of a host, as Felix 3.32 has them. It keeps what it made of objects that did not change: of a store with thousands
 * of endpoints a change of one is planned in milliseconds.
 */
export class ChainPlanner {
  readonly terms: Terms;
  readonly families: readonly Family[];
  readonly ruleSets: SetStore;
  private readonly known: KnownObjects;
  private readonly policies: PolicyList;
  private readonly groups: PolicyGroups;
  private readonly locals: LocalEndpoints;
  private readonly library: ChainLibrary;
  private readonly needs: RuleNeeds;
  private readonly endpoints: EndpointChains;
  private readonly statics: StaticChains;
  private readonly tables: EndpointTables;
  private readonly sources: LabelIndex<SetSource>;
  private links: readonly Link[] = [];
  private objects: ObjectsByKind = new Map();

  constructor(settings: Settings, { usesIpvs, warn = () => undefined }: HostFacts, language: Language) {
    this.terms = termsOf(settings, usesIpvs, language);
    this.families = familiesOf(this.terms);
    this.known = new KnownObjects((object) => mayBeEnforced(settings, object, warn));
    this.policies = new PolicyList(warn);
    this.groups = new PolicyGroups(this.terms);
    this.locals = new LocalEndpoints(settings.node, this.groups);
    this.library = new ChainLibrary(this.terms, warn);
    this.ruleSets = new SetStore(this.families, () => this.sources);
    this.sources = new LabelIndex<SetSource>({ onMatch: (selector, source, isMatch) => this.ruleSets.onMatch(selector, source, isMatch) });
    this.needs = new RuleNeeds(this.ruleSets);
    this.endpoints = new EndpointChains(this.terms, warn);
    this.statics = new StaticChains(this.terms);
    this.tables = new EndpointTables(this.terms);
  }

  /** Takes the next state of the store and of the host. */
  plan(objects: ObjectsByKind, links: readonly Link[]): PlannedChains {
    const known = this.known.take(objects);
    const policies = this.policies.take(objects);
    for (const { known: source } of known.removed) this.sources.deleteItem(source);
    for (const { known: source } of known.added) this.sources.addItem(source, source.labels);
    const profiles = this.library.take(policies, objects);
    if (this.locals.take(known, policies) || profiles.size > 0) this.needs.take(this.locals.all, this.library);
    this.objects = objects;
    this.links = links;
    return this.chains();
  }

  /** Forgets the chains that are not in use. */
  keep(used: ReadonlySet<Chain>): void {
    this.endpoints.keep(used);
  }

  private chains(): PlannedChains {
    const { terms, families } = this;
    const placed = placeEndpoints(terms, this.locals.all, this.links, this.endpoints);
    const facts = factsOf(terms, this.objects, this.links);
    const ofEndpoints = this.tables.of(placed);
    const shared = { raw: byName(ofEndpoints.raw), mangle: byName(ofEndpoints.mangle), filter: byName(ofEndpoints.filter), nat: byName([]) };
    const rules = new Map(families.map((family) => [family, workloadRules(terms, placed.placedWorkloads, family)]));
    const statics = new Map(families.flatMap((family) => TABLE_NAMES.map((table) => [`${family} ${table}`, byName(this.statics.of(table, family, facts, rules.get(family)!))] as const)));
    return {
      terms, families,
      workloads: placed.placedWorkloads,
      plainSets: [...facts.sets, dscpSources(rules)],
      find: (family, table, name) => statics.get(`${family} ${table}`)!.get(name) ?? shared[table].get(name) ?? this.library.chain(name, family) ?? this.groups.chain(name),
    };
  }
}

const TABLE_NAMES: readonly TableName[] = ['raw', 'mangle', 'nat', 'filter'];

function byName(chains: readonly Chain[]): ReadonlyMap<string, Chain> {
  return new Map(chains.map((chain) => [chain.name, chain]));
}

function dscpSources(rules: ReadonlyMap<Family, WorkloadRules>): PlainSet {
  return { id: 'dscp-src-net', type: 'hash:net', nets: [...rules.values()].flatMap(({ classes }) => classes.map(({ address }) => address)), families: [4, 6] };
}

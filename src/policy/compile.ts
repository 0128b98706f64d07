import { groupedBy } from '../base/grouped-by.js';
import type { FelixLayer } from '../resources/felix/values.js';
import type { StoredObject } from '../resources/kind.js';
import { defaultAllowProfile } from '../resources/v3/profile.js';
import { hasReadableSelectors } from './accepted.js';
import { ProfileLabels } from './effective-labels.js';
import { askedLabels } from './effective-selector.js';
import { felixLayersOf } from './felix-layers.js';
import { felixSettings, type FelixSettings } from './felix-settings.js';
import { givenInterfaces, Host, storedInterfaces, type HostInterfaces } from './host.js';
import { isKnownKind, knownObject, type Endpoint, type KnownObject } from './known-objects.js';
import { LabelGroups } from './label-groups.js';
import { Model, type ModelParts } from './model.js';
import { comparePolicies, Policy, Profile, readTiers, tierOf, type Tier } from './policy.js';
import { PolicyIndex } from './policy-index.js';
import { Whereabouts } from './whereabouts.js';

const ENFORCED = ['GlobalNetworkPolicy', 'NetworkPolicy'];
const STAGED = ['StagedGlobalNetworkPolicy'];

/**
 * Makes a model of a network and its policies, to ask `evaluate` and `reach`. Selectors and rules that cannot be read select and
 * match nothing.
 * @param resources as they are stored, of any kinds; others than policies and what they rest on are left alone
 * @param hosts the interfaces of hosts; of hosts that are not named there, what Node and HostEndpoint resources say
 */
export function compile(resources: Iterable<StoredObject>, hosts: HostInterfaces = {}): Model {
  return compileAll([resources], hosts)[0]!;
}

/** Models of several networks, to compare them: what is made of a resource that is the same object in several is made once. */
export function compileAll(networks: readonly Iterable<StoredObject>[], hosts: HostInterfaces = {}): readonly Model[] {
  const all = networks.map((resources) => groupedBy(resources, ({ kind }) => kind));
  const asking = all.flatMap((byKind) => [...ENFORCED, ...STAGED, 'Profile'].flatMap((kind) => byKind.get(kind) ?? []));
  const made = new Made(new LabelGroups(labelsAskedAbout(new Set(asking))));
  return all.map((byKind) => modelOf(byKind, hosts, made));
}

function modelOf(byKind: ByKind, hosts: HostInterfaces, made: Made): Model {
  const of = (kind: string): readonly StoredObject[] => byKind.get(kind) ?? [];
  const whereabouts = made.whereabouts(byKind, hosts);
  const tiers = readTiers(of('Tier'));
  const policiesOf = (kinds: readonly string[]): Policy[] => kinds.flatMap(of).filter(hasReadableSelectors).map((object) => made.policy(object, tierOf(object, tiers))).sort(comparePolicies);
  return new Model({
    groups: made.groups, whereabouts, objects: whereabouts.objects, endpoints: whereabouts.endpoints, hosts: whereabouts.hosts,
    policies: new PolicyIndex(policiesOf(ENFORCED), made.groups),
    staged: new PolicyIndex(policiesOf(STAGED), made.groups),
    profiles: new Map([defaultAllowProfile, ...of('Profile').filter(hasReadableSelectors)].map((object) => [object.metadata.name, made.profile(object)])),
    settings: made.settings(of('Node'), of('FelixConfiguration')),
  });
}

type ByKind = ReadonlyMap<string, readonly StoredObject[]>;
type KnownObjects = Map<StoredObject, KnownObject | Endpoint | undefined>;

/** What was made of stored objects, for all models that have them. */
class Made {
  private readonly tiers = new Map<string, Tier>();
  private readonly policies = new Map<StoredObject, Policy>();
  private readonly profiles = new Map<StoredObject, Profile>();
  /** Endpoints and sets have labels of profiles: they are the same where all profiles are. */
  private known: { readonly profiles: readonly StoredObject[]; readonly objects: KnownObjects } | undefined;
  private configured: { readonly nodes: readonly StoredObject[]; readonly configurations: readonly StoredObject[]; readonly settings: ModelParts['settings'] } | undefined;
  /** Who has which address, with the nodes that it was read of. */
  private last: { readonly nodes: readonly StoredObject[]; readonly whereabouts: Whereabouts } | undefined;

  constructor(readonly groups: LabelGroups) {}

  policy(object: StoredObject, tier: Tier): Policy {
    const text = JSON.stringify([tier.name, String(tier.order), tier.defaultAction, tier.isStored]);
    const same = this.tiers.get(text) ?? tier;
    this.tiers.set(text, same);
    let policy = this.policies.get(object);
    if (policy?.tier !== same) this.policies.set(object, (policy = new Policy(object, same, this.groups)));
    return policy;
  }

  profile(object: StoredObject): Profile {
    let profile = this.profiles.get(object);
    if (profile === undefined) this.profiles.set(object, (profile = new Profile(object.metadata.name, object, this.groups)));
    return profile;
  }

  settings(nodes: readonly StoredObject[], configurations: readonly StoredObject[]): ModelParts['settings'] {
    if (this.configured === undefined || !areSame(this.configured.nodes, nodes) || !areSame(this.configured.configurations, configurations)) this.configured = { nodes, configurations, settings: readSettings(nodes, configurations) };
    return this.configured.settings;
  }

  /** The same where nodes, endpoints and sets are. */
  whereabouts(byKind: ByKind, given: HostInterfaces): Whereabouts {
    const objects = this.objects(byKind);
    const nodes = byKind.get('Node') ?? [];
    if (this.last === undefined || !areSame(this.last.nodes, nodes) || !areSame(this.last.whereabouts.objects, objects)) {
      this.last = { nodes, whereabouts: new Whereabouts(objects, (endpoints) => readHosts(nodes, endpoints, given)) };
    }
    return this.last.whereabouts;
  }

  private objects(byKind: ByKind): readonly (KnownObject | Endpoint)[] {
    const profiles = byKind.get('Profile') ?? [];
    const labels = new ProfileLabels(profiles);
    const objects: KnownObjects = this.known !== undefined && areSame(this.known.profiles, profiles) ? this.known.objects : new Map<StoredObject, KnownObject | Endpoint | undefined>();
    this.known = { profiles, objects };
    return [...byKind].filter(([kind]) => isKnownKind(kind)).flatMap(([, stored]) => stored.flatMap((object) => {
      if (!objects.has(object)) objects.set(object, knownObject(object, labels, this.groups));
      return objects.get(object) ?? [];
    }));
  }
}

function areSame<T>(left: readonly T[], right: readonly T[]): boolean {
  return left.length === right.length && left.every((each, at) => each === right[at]);
}

function labelsAskedAbout(objects: Iterable<StoredObject>): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const object of objects) askedLabels(object, keys);
  return keys;
}

function readHosts(nodes: readonly StoredObject[], endpoints: readonly Endpoint[], given: HostInterfaces): ReadonlyMap<string, Host> {
  const stored = new Map(nodes.map((node) => [node.metadata.name, node]));
  const hostEndpoints = groupedBy(endpoints.filter(({ kind }) => kind === 'host'), ({ node }) => node);
  const names = new Set([...stored.keys(), ...endpoints.map(({ node }) => node), ...Object.keys(given)]);
  return new Map([...names].map((name) => {
    const own = (hostEndpoints.get(name) ?? []).sort((left, right) => (left.name < right.name ? -1 : 1));
    const interfaces = Object.hasOwn(given, name) ? givenInterfaces(given[name]!) : storedInterfaces(stored.get(name), own);
    return [name, new Host(name, interfaces, own)];
  }));
}

/** The settings of each host, made when they are first asked for: one for all hosts that the same resources are for. */
function readSettings(nodes: readonly StoredObject[], configurations: readonly StoredObject[]): ModelParts['settings'] {
  const byName = new Map(nodes.map((node) => [node.metadata.name, node]));
  const known = new Map<string, FelixSettings>();
  const byLayers = new Map<string, FelixSettings>();
  const shared = (layers: readonly FelixLayer[]): FelixSettings => {
    const text = layers.map(({ origin }) => origin).join('\n');
    let settings = byLayers.get(text);
    if (settings === undefined) byLayers.set(text, (settings = felixSettings(layers)));
    return settings;
  };
  return (name) => {
    let settings = known.get(name);
    if (settings === undefined) known.set(name, (settings = shared(felixLayersOf(name, byName.get(name), configurations))));
    return settings;
  };
}

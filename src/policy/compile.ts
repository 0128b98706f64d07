import { isMap, type Data } from '../base/data.js';
import { groupedBy } from '../base/grouped-by.js';
import type { StoredObject } from '../resources/kind.js';
import { defaultAllowProfile } from '../resources/v3/profile.js';
import { ProfileLabels } from './effective-labels.js';
import { askedLabels } from './effective-selector.js';
import { felixSettings, type FelixSettings } from './felix-settings.js';
import { givenInterfaces, Host, storedInterfaces, type HostInterfaces } from './host.js';
import { isKnownKind, knownObject, type Endpoint, type KnownObject } from './known-objects.js';
import { LabelGroups } from './label-groups.js';
import { Model } from './model.js';
import { NetworkIndex } from './network-index.js';
import { comparePolicies, Policy, Profile, readTiers, type Tier } from './policy.js';
import { PolicyIndex } from './policy-index.js';

const ENFORCED = ['GlobalNetworkPolicy', 'NetworkPolicy'];
const STAGED = ['StagedGlobalNetworkPolicy'];
const DEFAULT_TIER = 'default';

/**
 * Makes a model of a network and its policies, to ask `evaluate` and `reach`. Selectors and rules that cannot be read select and
 * match nothing.
 * @param resources as they are stored, of any kinds; others than policies and what they rest on are left alone
 * @param hosts the interfaces of hosts; of hosts that are not named there, what Node and HostEndpoint resources say
 */
export function compile(resources: Iterable<StoredObject>, hosts: HostInterfaces = {}): Model {
  const byKind = groupedBy(resources, ({ kind }) => kind);
  const of = (kind: string): readonly StoredObject[] => byKind.get(kind) ?? [];
  const groups = new LabelGroups(labelsAskedAbout([...ENFORCED, ...STAGED, 'Profile'].flatMap(of)));
  const objects = readObjects(byKind, groups);
  const endpoints = objects.filter(isEndpoint);
  const tiers = readTiers(of('Tier'));
  const policiesOf = (kinds: readonly string[]): Policy[] => kinds.flatMap(of).map((object) => new Policy(object, tierOf(object, tiers), groups)).sort(comparePolicies);
  return new Model({
    groups, objects, endpoints,
    networks: indexed(objects),
    policies: new PolicyIndex(policiesOf(ENFORCED), groups),
    staged: new PolicyIndex(policiesOf(STAGED), groups),
    profiles: new Map([defaultAllowProfile, ...of('Profile')].map((object) => [object.metadata.name, new Profile(object.metadata.name, object, groups)])),
    hosts: readHosts(of('Node'), endpoints, hosts),
    settings: readSettings(of('FelixConfiguration')),
  });
}

function labelsAskedAbout(objects: readonly StoredObject[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const object of objects) askedLabels(object, keys);
  return keys;
}

function readObjects(byKind: ReadonlyMap<string, readonly StoredObject[]>, groups: LabelGroups): readonly (KnownObject | Endpoint)[] {
  const labels = new ProfileLabels(byKind.get('Profile') ?? []);
  return [...byKind].filter(([kind]) => isKnownKind(kind)).flatMap(([, objects]) => objects.flatMap((object) => knownObject(object, labels, groups) ?? []));
}

function isEndpoint(object: KnownObject | Endpoint): object is Endpoint {
  return object.kind !== 'set';
}

function indexed(objects: readonly KnownObject[]): NetworkIndex<KnownObject> {
  const networks = new NetworkIndex<KnownObject>();
  for (const object of objects) for (const net of object.nets) networks.add(net, object);
  return networks;
}

/** A tier that nobody stored denies at its end. */
function tierOf({ spec }: StoredObject, tiers: Map<string, Tier>): Tier {
  const name = typeof spec['tier'] === 'string' && spec['tier'] !== '' ? spec['tier'] : DEFAULT_TIER;
  let tier = tiers.get(name);
  if (tier === undefined) tiers.set(name, (tier = { name, order: Infinity, defaultAction: 'deny', isStored: false }));
  return tier;
}

function readHosts(nodes: readonly StoredObject[], endpoints: readonly Endpoint[], given: HostInterfaces): ReadonlyMap<string, Host> {
  const stored = new Map(nodes.map((node) => [node.metadata.name, node]));
  const hostEndpoints = groupedBy(endpoints.filter(({ kind }) => kind === 'host'), ({ node }) => node);
  const names = new Set([...stored.keys(), ...endpoints.map(({ node }) => node), ...Object.keys(given)]);
  return new Map([...names].map((name) => {
    const own = (hostEndpoints.get(name) ?? []).sort((left, right) => (left.name < right.name ? -1 : 1));
    const interfaces = given[name] === undefined ? storedInterfaces(stored.get(name), own) : givenInterfaces(given[name]);
    return [name, new Host(name, interfaces, own)];
  }));
}

/** The settings of a host: those of all, overlaid with its own. */
function readSettings(objects: readonly StoredObject[]): (node: string) => FelixSettings {
  const specs = new Map(objects.map(({ metadata: { name }, spec }) => [name, present(spec)]));
  const known = new Map<string, FelixSettings>();
  return (node) => {
    let settings = known.get(node);
    if (settings === undefined) known.set(node, (settings = felixSettings({ ...specs.get('default'), ...specs.get(`node.${node}`) })));
    return settings;
  };
}

function present(spec: unknown): Data {
  return isMap(spec) ? Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== null && value !== '')) : {};
}

import { containsIp, formatCidr, formatIp, type Cidr } from '../../net/address.js';
import { addressClasses } from '../../policy/address-classes.js';
import { askedLabels } from '../../policy/effective-selector.js';
import type { Endpoint, KnownObject } from '../../policy/known-objects.js';
import type { Model } from '../../policy/model.js';
import { NAMESPACE_LABEL } from '../../resources/field-labels.js';
import type { Dialect, StoredObject } from '../../resources/kind.js';
import { classicLabelKey } from '../../resources/v1/names.js';
import { CalicoError } from '../../base/errors.js';
import { engineId } from '../directory.js';
import { endOf, endOfObject, type End } from '../end.js';
import { endName } from '../find-named.js';

/** What a graph shows as one: endpoints of equal labels, network sets, hosts that nothing protects, or what is outside. */
export interface Group {
  readonly kind: 'workload' | 'host' | 'set' | 'unprotected' | 'outside';
  /** What its members have in common: labels, profiles; empty where that is that they have none. */
  readonly shared: readonly string[];
  readonly ends: readonly End[];
}

/** By what members are put together: the values of labels, or the names of profiles. */
export type Grouping = { readonly by: 'labels'; readonly keys: readonly string[] } | { readonly by: 'profiles' };

/** Groups beyond which a graph is no picture any more. */
export const MOST_GROUPS = 24;

/** The word for profiles, and for the label of the namespace, where no label is called so. */
const PROFILE = 'profile';
const NAMESPACE = 'namespace';

/** What --by means. Throws CalicoError where nothing has such a label. */
export function groupingOf(words: readonly string[], { parts: { objects } }: Model): Grouping {
  const isLabel = (key: string): boolean => objects.some(({ labels }) => Object.hasOwn(labels, key));
  if (words.length === 1 && words[0] === PROFILE && !isLabel(PROFILE)) return { by: 'profiles' };
  const keys = words.map((word) => (word === NAMESPACE && !isLabel(word) ? NAMESPACE_LABEL : word));
  const unknown = keys.find((key) => !isLabel(key));
  if (unknown !== undefined) throw new CalicoError('missing', `no endpoint and no network set has the label ${unknown}`, { hint: 'give a label, namespace or profile; `calicoctl eval "has(LABEL)"` shows who has one' });
  return { by: 'labels', keys };
}

/**
 * What members are put together by where nobody says it: the labels that policies ask about and that are not the same for all, else the
 * namespace, else profiles: the first that makes some groups and not too many.
 */
export function usualGrouping(model: Model, resources: readonly StoredObject[]): Grouping {
  const asked = new Set<string>();
  for (const object of resources) if (/NetworkPolicy$|^Profile$/.test(object.kind)) askedLabels(object, asked);
  const objects = model.parts.objects;
  const used = [...asked].filter((key) => new Set(objects.map(({ labels }) => labels[key])).size > 1).sort();
  const choices: readonly Grouping[] = [{ by: 'labels', keys: used }, { by: 'labels', keys: [NAMESPACE_LABEL] }, { by: 'profiles' }];
  const counts = choices.map((grouping) => new Set(objects.map((object) => keyOf(object, sharedBy(object, grouping, 'v3')))).size);
  const best = counts.findIndex((count) => count > 1 && count <= MOST_GROUPS);
  return choices[best === -1 ? counts.indexOf(Math.min(...counts)) : best]!;
}

/** All groups of a network, the largest first, then what is outside. */
export function groupsOf(model: Model, resources: readonly StoredObject[], grouping: Grouping, dialect: Dialect): readonly Group[] {
  const byId = new Map(resources.map((object) => [engineId(object), object]));
  const groups = new Map<string, { kind: Group['kind']; shared: readonly string[]; ends: End[] }>();
  for (const object of model.parts.objects) {
    const end = attempt(() => endOfObject(byId.get(object.id)!, model, dialect));
    if (end === undefined) continue;
    const shared = sharedBy(object, grouping, dialect);
    const key = keyOf(object, shared);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { kind: object.kind, shared, ends: [end] });
    else known.ends.push(end);
  }
  const largest = [...groups.values()].sort((left, right) => right.ends.length - left.ends.length);
  return [...largest, ...unprotected(model, resources, dialect), ...outside(model, resources, dialect)];
}

/** What has no address, by its name: no packet is of it, so that it is in no group. */
export function withoutAddresses(model: Model, resources: readonly StoredObject[], dialect: Dialect): readonly string[] {
  const guarded = guardedHosts(model);
  const isEnd = ({ kind, metadata }: StoredObject): boolean => ENDS.includes(kind) || (kind === 'Node' && !guarded.has(metadata.name));
  return resources.filter((object) => isEnd(object) && attempt(() => endOfObject(object, model, dialect)) === undefined).map((object) => endName(object, dialect));
}

const ENDS = ['WorkloadEndpoint', 'HostEndpoint', 'NetworkSet', 'GlobalNetworkSet'];

function guardedHosts({ parts: { endpoints } }: Model): ReadonlySet<string> {
  return new Set(endpoints.filter(({ kind }) => kind === 'host').map(({ node }) => node));
}

function keyOf({ kind }: KnownObject, shared: readonly string[]): string {
  return JSON.stringify([kind, shared]);
}

function sharedBy(object: KnownObject, grouping: Grouping, dialect: Dialect): readonly string[] {
  if (grouping.by === 'profiles') return 'profiles' in object ? (object as Endpoint).profiles : [];
  return grouping.keys.flatMap((key) => (Object.hasOwn(object.labels, key) ? `${dialect === 'v1' ? classicLabelKey(key) : key}=${object.labels[key]!}` : []));
}

/** Hosts without a host endpoint: no policy is asked about their own traffic. */
function unprotected(model: Model, resources: readonly StoredObject[], dialect: Dialect): readonly Group[] {
  const guarded = guardedHosts(model);
  const ends = resources.filter(({ kind, metadata }) => kind === 'Node' && !guarded.has(metadata.name)).flatMap((node) => attempt(() => endOfObject(node, model, dialect)) ?? []);
  return ends.length === 0 ? [] : [{ kind: 'unprotected', shared: [], ends }];
}

/** The internet, and addresses that nobody has and that rules name, those of equal networks together. */
function outside(model: Model, resources: readonly StoredObject[], dialect: Dialect): readonly Group[] {
  const internet = endOf({ word: 'internet', by: 'internet' }, resources, model, dialect);
  const named = new Map<string, End>();
  for (const version of [4, 6] as const) {
    const nets = [...model.namedNets(version)];
    for (const { ranges } of addressClasses([model], version)) {
      const [ip] = ranges[0]!;
      const address = model.address(formatIp(ip));
      if (address.objects.length > 0 || address.place !== undefined || ranges.some(([from, to]) => internet.addresses.some((each) => each.version === version && from.value <= each.value && each.value <= to.value))) continue;
      const name = namesOf(nets.filter((net) => containsIp(net, ip)));
      const known = named.get(name);
      named.set(name, { name, addresses: [...(known?.addresses ?? []), ip] });
    }
  }
  return [{ kind: 'outside', shared: ['internet'], ends: [internet] }, ...[...named.values()].filter(({ name }) => name !== '').map((end): Group => ({ kind: 'outside', shared: [end.name], ends: [end] }))];
}

/** The smallest of networks, which says most. */
function namesOf(nets: readonly Cidr[]): string {
  const smallest = [...nets].sort((left, right) => right.length - left.length)[0];
  return smallest === undefined ? '' : formatCidr(smallest);
}

function attempt<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof CalicoError) return undefined;
    throw error;
  }
}

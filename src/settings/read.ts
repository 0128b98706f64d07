import type { Store } from '../datastore/store.js';
import { POOL_PREFIX, parseResource } from '../ipam/cluster/resources.js';
import { keyOf, prefixOf } from '../resources/keys.js';
import type { StoredObject } from '../resources/kind.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { bgpConfiguration } from '../resources/v3/bgp-configuration.js';
import { felixConfiguration } from '../resources/v3/felix-configuration.js';
import { NAMED_SETTINGS, settingOfField, type SettingLocation, type Setting } from './setting.js';
import { objectName, scopeOf, type Scope } from './scope.js';

/** A value and where it comes from. */
export interface Value {
  readonly text: string;
  /** `FelixConfiguration(default)`, `IP pools`, or `default`. */
  readonly origin: string;
}

/** A setting that is in force for somebody. */
export interface Listed extends Value {
  readonly setting: Setting;
  readonly scope: Scope;
}

const KINDS = [felixConfiguration, bgpConfiguration];

/** The value of a setting for the cluster, or for one node alone; undefined where there is none. Low-level settings have no default. */
export async function readSetting(store: Store, setting: Setting, node?: string): Promise<Value | undefined> {
  const keys = setting.places.map(({ kind }) => keyOf(kind, objectName(node)));
  const { ranges } = await store.snapshot([...keys.map((key) => ({ key })), { prefix: POOL_PREFIX }]);
  const objects = setting.places.flatMap(({ kind }, index) => ranges[index]!.map((entry) => decodeStored(kind, entry))).filter((object): object is StoredObject => !isCorrupt(object));
  const stored = valueIn(setting, objects);
  if (stored !== undefined || node !== undefined) return stored;
  return standardOf(setting, ranges.at(-1)!.map(({ value }) => value));
}

/** What is set, and the objects that cannot be read. */
export interface SettingList {
  readonly listed: readonly Listed[];
  readonly unreadable: readonly { readonly key: string; readonly reason: string }[];
}

/**
 * Every setting of the cluster that has a name of its own, and everything that is set, for the cluster, nodes and selectors. With
 * `node`: what holds for that node, its own settings first.
 */
export async function listSettings(store: Store, node?: string): Promise<SettingList> {
  const { ranges } = await store.snapshot([...KINDS.map((kind) => ({ prefix: prefixOf(kind) })), { prefix: POOL_PREFIX }]);
  const decoded = KINDS.flatMap((kind, index) => ranges[index]!.map((entry) => decodeStored(kind, entry)));
  const objects = decoded.filter((object): object is StoredObject => !isCorrupt(object));
  const pools = ranges.at(-1)!.map(({ value }) => value);
  const listed = node === undefined ? scopesOf(objects).flatMap((group) => listedOf(group.objects, group.scope, pools)) : effectiveFor(node, objects, pools);
  return { listed, unreadable: decoded.filter(isCorrupt) };
}

/** What holds for a node: of each field the node's own value, else that of the cluster. */
function effectiveFor(node: string, objects: readonly StoredObject[], pools: readonly string[]): Listed[] {
  const named = (name: string): StoredObject[] => objects.filter(({ metadata }) => metadata.name === name);
  const own = named(objectName(node));
  const listed = listedOf([...own, ...named(objectName(undefined))], { type: 'global' }, pools).map((each): Listed => {
    const origin = own.find((object) => originOf(object) === each.origin);
    return origin === undefined ? each : { ...each, scope: scopeOf(origin)! };
  });
  return [...listed.filter(({ scope }) => scope.type === 'node'), ...listed.filter(({ scope }) => scope.type === 'global')];
}

/** The settings in some objects; of several that have the same field the first counts. */
function listedOf(objects: readonly StoredObject[], scope: Scope, pools: readonly string[]): Listed[] {
  return [...named(objects, scope, pools), ...raw(objects, scope)];
}

function named(objects: readonly StoredObject[], scope: Scope, pools: readonly string[]): Listed[] {
  return NAMED_SETTINGS.filter(({ perNode }) => perNode || scope.type === 'global').flatMap((setting) => {
    const value = valueIn(setting, objects) ?? (scope.type === 'global' ? standardOf(setting, pools) : undefined);
    return value === undefined ? [] : [{ setting, scope, ...value }];
  });
}

/** Low-level settings, without those that the named ones say already. */
function raw(objects: readonly StoredObject[], scope: Scope): Listed[] {
  const said = NAMED_SETTINGS.flatMap((setting) => setting.places.filter((place) => saidBy(setting, place, objects)));
  const shown = new Set(said.map(({ kind, field }) => `${kind.kind} ${field}`));
  return objects.flatMap((object) => {
    const kind = KINDS.find((each) => each.kind === object.kind)!;
    return Object.keys(object.spec).flatMap((field) => {
      const place = `${kind.kind} ${field}`;
      const setting = shown.has(place) ? undefined : settingOfField(kind, field);
      shown.add(place);
      return setting === undefined ? [] : [{ setting, scope, text: setting.print(object.spec[field]), origin: originOf(object) }];
    });
  });
}

/** Whether the value at a place is what the setting reads. */
function saidBy(setting: Setting, place: SettingLocation, objects: readonly StoredObject[]): boolean {
  const object = holderOf(place, objects);
  return object !== undefined && valueIn(setting, objects)?.text === setting.print(object.spec[place.field]);
}

function valueIn(setting: Setting, objects: readonly StoredObject[]): Value | undefined {
  for (const place of setting.places) {
    const object = holderOf(place, objects);
    if (object !== undefined) return { text: setting.print(object.spec[place.field]), origin: originOf(object) };
  }
  return undefined;
}

/** The first object that has a value at a place. */
function holderOf({ kind, field }: SettingLocation, objects: readonly StoredObject[]): StoredObject | undefined {
  return objects.find((object) => object.kind === kind.kind && object.spec[field] !== undefined);
}

/** What holds without a stored value. Whether there are tunnels follows from the pools, as Felix decides it. */
function standardOf({ standard, raw: isRaw }: Setting, pools: readonly string[]): Value | undefined {
  if (isRaw !== undefined) return undefined;
  if (standard !== undefined) return { text: standard, origin: 'default' };
  const tunnels = pools.map((value) => parseResource('IPPool', value)?.spec.ipipMode).some((mode) => mode === 'Always' || mode === 'CrossSubnet');
  return { text: tunnels ? 'on' : 'off', origin: 'IP pools' };
}

function originOf({ kind, metadata }: StoredObject): string {
  return `${kind}(${metadata.name})`;
}

/** The objects of each scope, the cluster first, then selectors, then nodes, each in order of name. */
function scopesOf(objects: readonly StoredObject[]): { scope: Scope; objects: StoredObject[] }[] {
  const groups = new Map<string, { scope: Scope; objects: StoredObject[] }>([['0', { scope: { type: 'global' }, objects: [] }]]);
  for (const object of objects) {
    const scope = scopeOf(object);
    if (scope === undefined) continue;
    const key = scope.type === 'global' ? '0' : scope.type === 'selector' ? `1 ${object.metadata.name}` : `2 ${scope.node}`;
    const group = groups.get(key) ?? { scope, objects: [] };
    group.objects.push(object);
    groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

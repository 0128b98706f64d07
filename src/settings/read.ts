import type { Store } from '../datastore/store.js';
import { POOL_PREFIX, parseResource } from '../ipam/cluster.js';
import { keyOf, prefixOf } from '../resources/keys.js';
import type { StoredObject } from '../resources/kind.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { bgpConfiguration } from '../resources/v3/bgp-configuration.js';
import { felixConfiguration } from '../resources/v3/felix-configuration.js';
import { NAMED_SETTINGS, settingOfField, type Setting } from './setting.js';
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

/** Every setting of the cluster that has a name of its own, and everything that is set, for the cluster, nodes and selectors. */
export async function listSettings(store: Store): Promise<{ readonly listed: readonly Listed[]; readonly unreadable: readonly { readonly key: string; readonly reason: string }[] }> {
  const { ranges } = await store.snapshot([...KINDS.map((kind) => ({ prefix: prefixOf(kind) })), { prefix: POOL_PREFIX }]);
  const decoded = KINDS.flatMap((kind, index) => ranges[index]!.map((entry) => decodeStored(kind, entry)));
  const objects = decoded.filter((object): object is StoredObject => !isCorrupt(object));
  const pools = ranges.at(-1)!.map(({ value }) => value);
  const scopes = scopesOf(objects);
  const listed = scopes.flatMap(({ scope, objects: own }) => [...named(own, scope, pools), ...raw(own, scope)]);
  return { listed, unreadable: decoded.filter(isCorrupt) };
}

/** What holds for a node: its own value of each setting, else that of the cluster. */
export function effectiveFor(node: string, listed: readonly Listed[]): readonly Listed[] {
  const own = listed.filter(({ scope }) => scope.type === 'node' && objectName(scope.node) === objectName(node));
  const same = (a: Setting, b: Setting): boolean => a.name === b.name && a.raw === b.raw;
  const inherited = listed.filter(({ scope, setting }) => scope.type === 'global' && !own.some((each) => same(each.setting, setting)));
  return [...own, ...inherited];
}

function named(objects: readonly StoredObject[], scope: Scope, pools: readonly string[]): Listed[] {
  return NAMED_SETTINGS.filter(({ perNode }) => perNode || scope.type === 'global').flatMap((setting) => {
    const value = valueIn(setting, objects) ?? (scope.type === 'global' ? standardOf(setting, pools) : undefined);
    return value === undefined ? [] : [{ setting, scope, ...value }];
  });
}

/** Low-level settings, without those that the named ones say already. */
function raw(objects: readonly StoredObject[], scope: Scope): Listed[] {
  const shown = new Set(NAMED_SETTINGS.flatMap((setting) => setting.places.map((place) => [setting, place] as const)).filter(([setting, place]) => saidBy(setting, place, objects)).map(([, { kind, field }]) => `${kind.kind} ${field}`));
  return objects.flatMap((object) => {
    const kind = KINDS.find((each) => each.kind === object.kind)!;
    return Object.keys(object.spec).flatMap((field) => {
      const setting = shown.has(`${kind.kind} ${field}`) ? undefined : settingOfField(kind, field);
      return setting === undefined ? [] : [{ setting, scope, text: setting.print(object.spec[field]), origin: originOf(object) }];
    });
  });
}

/** Whether the value at a place is what the setting reads. */
function saidBy(setting: Setting, { kind, field }: Setting['places'][number], objects: readonly StoredObject[]): boolean {
  const object = objects.find((each) => each.kind === kind.kind);
  return object !== undefined && object.spec[field] !== undefined && valueIn(setting, objects)?.text === setting.print(object.spec[field]);
}

function valueIn(setting: Setting, objects: readonly StoredObject[]): Value | undefined {
  for (const { kind, field } of setting.places) {
    const object = objects.find((each) => each.kind === kind.kind);
    const value = object?.spec[field];
    if (object !== undefined && value !== undefined) return { text: setting.print(value), origin: originOf(object) };
  }
  return undefined;
}

/** What holds without a stored value. Whether there are tunnels follows from the pools, as Felix decides it. */
function standardOf({ standard, raw: isRaw }: Setting, pools: readonly string[]): Value | undefined {
  if (isRaw !== undefined) return undefined;
  if (standard !== undefined) return { text: standard, origin: 'default' };
  const tunnels = pools.map((value) => parseResource(value)?.spec['ipipMode']).some((mode) => mode === 'Always' || mode === 'CrossSubnet');
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

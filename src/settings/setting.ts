import { InvalidRequest, type NameOption } from '../base/errors.js';
import type { FieldType } from '../resources/fields/field.js';
import { bool, listWords } from '../resources/fields/scalars.js';
import type { StoredKind } from '../resources/kind.js';
import { plainText } from '../resources/plain-text.js';
import { similar } from '../text/similar.js';
import { bgpConfiguration } from '../resources/v3/bgp-configuration.js';
import { felixConfiguration, felixFieldOfV1Name, felixFields } from '../resources/v3/felix-configuration.js';
import type { FelixForm } from '../resources/v3/felix-field.js';
import { readValue, valueText, type Reading } from './value-text.js';

/** A field of a stored object that holds a setting. */
export interface SettingLocation {
  readonly kind: StoredKind;
  readonly field: string;
}

/** A setting of classic configuration and how Calico 3.32 stores it (reference/storage 4.4). */
export interface Setting {
  readonly name: string;
  /** Low-level settings of one component; undefined for those with a name of their own. */
  readonly raw?: 'felix' | 'bgp';
  /** Whether a node can have its own value. */
  readonly perNode: boolean;
  /** All are written; the first that holds a value is read. */
  readonly places: readonly SettingLocation[];
  /** What it may be, where that is one of a few words. */
  readonly values?: readonly string[] | undefined;
  /** What holds where nothing is stored; undefined where Calico decides. */
  readonly standard?: string;
  read(text: string): Reading;
  print(value: unknown): string;
}

const LEVELS: Readonly<Record<string, string>> = { debug: 'Debug', info: 'Info', warning: 'Warning', error: 'Error', critical: 'Fatal' };
const SWITCH: Readonly<Record<string, boolean>> = { on: true, off: false };

const oneOf = (values: Readonly<Record<string, unknown>>, text: string): Reading =>
  Object.hasOwn(values, text) ? { value: values[text] } : { problem: `it is ${listWords(Object.keys(values))}` };
const switchText = (value: unknown): string => (value === true ? 'on' : 'off');

function levelText(value: unknown): string {
  return Object.keys(LEVELS).find((level) => LEVELS[level] === value) ?? plainText(value).toLowerCase();
}

const logLevel: Setting = {
  name: 'logLevel',
  perNode: true,
  places: [{ kind: felixConfiguration, field: 'logSeverityScreen' }, { kind: bgpConfiguration, field: 'logSeverityScreen' }],
  standard: 'info',
  values: Object.keys(LEVELS),
  read: (text) => (text === 'none' ? { problem: 'Calico 3.32 cannot store a level without logs; critical logs least' } : oneOf(LEVELS, text)),
  print: levelText,
};

const nodeToNodeMesh: Setting = {
  name: 'nodeToNodeMesh',
  perNode: false,
  places: [{ kind: bgpConfiguration, field: 'nodeToNodeMeshEnabled' }],
  standard: 'on',
  values: Object.keys(SWITCH),
  read: (text) => oneOf(SWITCH, text),
  print: switchText,
};

const asNumber: Setting = {
  name: 'asNumber',
  perNode: false,
  places: [{ kind: bgpConfiguration, field: 'asNumber' }],
  standard: '64512',
  read: (text) => readValue(fieldType(bgpConfiguration, 'asNumber'), 'other', text),
  print: String,
};

const ipip: Setting = {
  name: 'ipip',
  perNode: false,
  places: [{ kind: felixConfiguration, field: 'ipipEnabled' }],
  values: Object.keys(SWITCH),
  read: (text) => oneOf(SWITCH, text),
  print: switchText,
};

/** The settings with names of their own, in the order of listings. */
export const NAMED_SETTINGS: readonly Setting[] = [logLevel, nodeToNodeMesh, asNumber, ipip];

/** Names of classic BGP keys, and those under which the migration read them. */
const BGP_NAMES: Readonly<Record<string, string>> = {
  as_num: 'asNumber', AsNumber: 'asNumber',
  node_mesh: 'nodeToNodeMeshEnabled', NodeMeshEnabled: 'nodeToNodeMeshEnabled',
  loglevel: 'logSeverityScreen', LogLevel: 'logSeverityScreen',
};

/** The setting of that name: those with names of their own in any letter case, low-level ones exactly. Throws InvalidRequest with the nearest known name. */
export function findSetting(name: string, raw: 'felix' | 'bgp' | undefined): Setting {
  const found = raw === undefined ? NAMED_SETTINGS.find((setting) => setting.name.toLowerCase() === name.toLowerCase()) : raw === 'felix' ? felixSetting(name) : bgpSetting(name);
  if (found !== undefined) return found;
  const names = settingNames(raw);
  const near = similar(name, names);
  const elsewhere = raw === undefined && felixFieldOfV1Name(name) !== undefined ? (option: NameOption) => `it is a Felix setting: add ${option('raw', 'felix')}` : undefined;
  const hint = elsewhere ?? (near === undefined ? (raw === 'felix' ? undefined : `it is one of ${names.join(', ')}`) : `did you mean ${near}?`);
  throw new InvalidRequest(`unrecognised config name '${name}'`, hint);
}

/** The low-level setting that a field of a stored object is; undefined for any other field. */
export function settingOfField(kind: StoredKind, field: string): Setting | undefined {
  if (kind === bgpConfiguration) return bgpSetting(Object.keys(BGP_NAMES).find((name) => BGP_NAMES[name] === field) ?? field);
  const name = felixFields().find((each) => each.name === field)?.v1Name;
  return name === undefined ? undefined : felixSetting(name);
}

/** The names of settings: of those with names of their own, or of one component. */
export function settingNames(raw: 'felix' | 'bgp' | undefined): string[] {
  if (raw === undefined) return NAMED_SETTINGS.map(({ name }) => name);
  if (raw === 'felix') return felixFields().flatMap(({ v1Name }) => v1Name ?? []);
  return [...Object.keys(BGP_NAMES), ...bgpConfiguration.spec.fields.map(({ name }) => name)];
}

/** Felix knows its settings in any letter case. */
function felixSetting(name: string): Setting | undefined {
  const lower = name.toLowerCase();
  const field = felixFieldOfV1Name(name) ?? felixFields().find(({ v1Name }) => v1Name?.toLowerCase() === lower);
  return field && rawSetting({ name: field.v1Name ?? name, raw: 'felix', kind: felixConfiguration, field: field.name, form: field.form });
}

function bgpSetting(name: string): Setting | undefined {
  const field = Object.hasOwn(BGP_NAMES, name) ? BGP_NAMES[name]! : name;
  if (!bgpConfiguration.spec.fields.some((each) => each.name === field)) return undefined;
  const setting = rawSetting({ name, raw: 'bgp', kind: bgpConfiguration, field, form: field === 'logSeverityScreen' ? 'text' : 'other' });
  if (field === 'logSeverityScreen' && name !== field) return { ...setting, print: (value) => plainText(value).toLowerCase() };
  return name === 'node_mesh' ? { ...setting, read: readMesh, print: (value) => JSON.stringify({ enabled: value === true }) } : setting;
}

/** The classic key holds `{"enabled": true}`. */
function readMesh(text: string): Reading {
  const match = /^\s*\{\s*"enabled"\s*:\s*(true|false)\s*\}\s*$/.exec(text);
  return match === null ? { problem: 'it is {"enabled": true} or {"enabled": false}' } : { value: match[1] === 'true' };
}

function rawSetting({ name, raw, kind, field, form }: { readonly name: string; readonly raw: 'felix' | 'bgp'; readonly kind: StoredKind; readonly field: string; readonly form: FelixForm }): Setting {
  return {
    name,
    raw,
    perNode: true,
    places: [{ kind, field }],
    values: fieldType(kind, field) === bool ? ['true', 'false'] : fieldType(kind, field).words,
    read: (text) => readValue(fieldType(kind, field), form, text),
    print: (value) => valueText(value, form),
  };
}

function fieldType(kind: StoredKind, name: string): FieldType {
  return kind.spec.fields.find((each) => each.name === name)!.type;
}

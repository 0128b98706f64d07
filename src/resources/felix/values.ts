import { isMap, type Data } from '../../base/data.js';
import { parseDuration } from '../../go/duration.js';
import { plainText } from '../plain-text.js';
import { felixFields } from '../v3/felix-configuration.js';
import type { FelixField } from '../v3/felix-field.js';
import { FELIX_SETTINGS, type FelixSetting, type FelixSettingName, type FelixValues } from './settings.js';

/** Texts of settings from one place, by the names of FelixConfiguration. */
export interface FelixLayer {
  /** Where they are from, for messages: `the environment`. */
  readonly origin: string;
  readonly texts: ReadonlyMap<string, string>;
  /** What somebody wrote in place of these names, where that is something else: `FELIX_VXLANPORT`. */
  readonly written?: ReadonlyMap<string, string>;
}

/** A setting whose text nobody can read. */
export interface Unreadable {
  /** As it was written. */
  readonly name: string;
  readonly text: string;
  readonly origin: string;
}

/** What somebody set, and which of it could not be read. */
export interface FelixReading {
  readonly values: FelixValues;
  /** The texts of settings that have no value here, by name: that they changed can be told. */
  readonly others: ReadonlyMap<string, string>;
  readonly unreadable: readonly Unreadable[];
}

const BY_NAME: Readonly<Record<string, FelixSetting<unknown>>> = FELIX_SETTINGS;

/**
 * The value of every setting: the first layer that has it counts. A text that cannot be read counts as not set, as does an
 * empty one; `none` stands for nothing (reference/felix 1.1, 1.3).
 */
export function readFelixValues(layers: readonly FelixLayer[]): FelixReading {
  const unreadable: Unreadable[] = [];
  const values = Object.fromEntries(Object.entries(BY_NAME).map(([name, setting]) => [name, valueOf(name, setting, layers, unreadable)]));
  const others = new Map<string, string>();
  for (const { texts } of layers) for (const [name, text] of texts) if (!Object.hasOwn(BY_NAME, name) && text !== '' && !others.has(name)) others.set(name, text);
  return { values: values as FelixValues, others, unreadable };
}

function valueOf(name: string, setting: FelixSetting<unknown>, layers: readonly FelixLayer[], unreadable: Unreadable[]): unknown {
  for (const { origin, texts, written } of layers) {
    const text = texts.get(name) ?? '';
    if (text === '') continue;
    const isNone = text.toLowerCase() === 'none';
    if (isNone && setting.mayBeNone) return setting.none;
    const value = isNone ? undefined : setting.read(text);
    if (value !== undefined) return value;
    unreadable.push({ name: written?.get(name) ?? name, text, origin });
  }
  return setting.builtIn;
}

let fieldsByName: ReadonlyMap<string, FelixField> | undefined;

/** The spec of a FelixConfiguration as texts, and the names in it that no release of Felix we know has. */
export function textsOfSpec(spec: Data): { readonly texts: ReadonlyMap<string, string>; readonly unknown: readonly string[] } {
  fieldsByName ??= new Map(felixFields().map((field) => [field.name, field]));
  const texts = new Map<string, string>();
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(spec)) {
    const field = fieldsByName.get(name);
    if (field === undefined) unknown.push(name);
    else if (value !== null && value !== undefined && name !== 'nodeSelector') texts.set(name, textOf(value, field));
  }
  return { texts, unknown };
}

/** A stored value as it would be written in Felix's environment. */
function textOf(value: unknown, { name, form }: FelixField): string {
  if (form === 'seconds' || form === 'milliseconds') return timeText(value, form === 'seconds' ? 1e9 : 1e6);
  if (!Array.isArray(value)) return plainText(value);
  if (form === 'failsafe-ports' && value.length === 0) return 'none';
  return value.map((each) => partText(each, name)).join(',');
}

function timeText(value: unknown, unit: number): string {
  const nanoseconds = typeof value === 'string' ? parseDuration(value) : undefined;
  return nanoseconds === undefined ? plainText(value) : String(Number(nanoseconds) / unit);
}

function partText(part: unknown, name: string): string {
  if (!isMap(part)) return plainText(part);
  if (name === 'healthTimeoutOverrides') return `${plainText(part['name'])}=${plainText(part['timeout'])}`;
  const { protocol, port, net } = part;
  const place = typeof net !== 'string' || net === '' ? '' : `${net.includes(':') ? `[${net}]` : net}:`;
  return `${typeof protocol === 'string' && protocol !== '' ? `${protocol}:` : ''}${place}${plainText(port)}`;
}

/** Which of these settings differ between two readings. */
export function changedSettings(left: FelixValues, right: FelixValues): readonly FelixSettingName[] {
  return (Object.keys(FELIX_SETTINGS) as FelixSettingName[]).filter((name) => comparable(left[name]) !== comparable(right[name]));
}

function comparable(value: unknown): string {
  return JSON.stringify([value], (_, each: unknown) => (each instanceof RegExp ? String(each) : each instanceof Map ? [...each].sort() : each));
}

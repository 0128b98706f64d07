import type { FelixLayer } from '../../resources/felix/values.js';
import { felixFields } from '../../resources/v3/felix-configuration.js';

/** Settings of one host alone: those of FelixConfiguration, and others that only the host's own environment or file can have. */
export interface LocalSettings extends FelixLayer {
  /** What is no field of FelixConfiguration, by its name in small letters. */
  readonly others: ReadonlyMap<string, string>;
  /** Names that Felix does not know either. */
  readonly unknown: readonly string[];
}

/** What Felix itself takes from the environment or its file alone, in small letters (reference/felix 1.4). */
const LOCAL_NAMES: ReadonlySet<string> = new Set([
  'felixhostname', 'datastoretype', 'etcdaddr', 'etcdscheme', 'etcdkeyfile', 'etcdcertfile', 'etcdcafile', 'etcdendpoints',
  'typhaaddr', 'typhak8sservicename', 'typhak8snamespace', 'typhareadtimeout', 'typhawritetimeout', 'typhakeyfile', 'typhacertfile', 'typhacafile', 'typhacn', 'typhaurisan',
  'ipv4vxlantunneladdr', 'ipv6vxlantunneladdr', 'vxlantunnelmacaddr', 'vxlantunnelmacaddrv6', 'ipiniptunneladdr',
  'clusterguid', 'clustertype', 'calicoversion', 'variant', 'debugcpuprofilepath', 'debugpanicafter', 'debugsimulatedatarace', 'debugbpfcgroupv2',
]);

const PREFIX = /^felix_/i;
let fieldNames: ReadonlyMap<string, string> | undefined;

/** The settings in an environment: `FELIX_NAME` in any letter case. */
export function settingsOfEnvironment(environment: Readonly<Record<string, string | undefined>>): LocalSettings {
  const named = Object.entries(environment).filter(([name, value]) => PREFIX.test(name) && value !== undefined);
  return localSettings('the environment', named.map(([name, value = '']) => [name.replace(PREFIX, ''), value]));
}

/** The settings in the text of Felix's own file: lines `Name = value`, with sections and comments (reference/felix 1.4). */
export function settingsOfFile(text: string, path: string): LocalSettings {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !/^[#;[]/.test(line));
  const entries = lines.map((line) => /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line)).filter((match) => match !== null);
  return localSettings(path, entries.map(([, name = '', value = '']) => [name, unquoted(value)]));
}

function unquoted(value: string): string {
  return /^(["'`])(.*)\1$/.exec(value)?.[2] ?? value.replace(/\s+[#;].*$/, '');
}

function localSettings(origin: string, entries: readonly (readonly [string, string])[]): LocalSettings {
  fieldNames ??= new Map(felixFields().flatMap(({ name, v1Name }) => (v1Name === undefined ? [] : [[v1Name.toLowerCase(), name]])));
  const texts = new Map<string, string>();
  const others = new Map<string, string>();
  const unknown: string[] = [];
  for (const [name, value] of entries) {
    const lower = name.toLowerCase();
    const field = fieldNames.get(lower);
    if (field !== undefined) texts.set(field, value);
    else if (LOCAL_NAMES.has(lower)) others.set(lower, value);
    else unknown.push(name);
  }
  return { origin, texts, others, unknown };
}

import type { FelixLayer } from '../../resources/felix/values.js';
import { felixFields } from '../../resources/v3/felix-configuration.js';

/** Settings of one host alone: those of FelixConfiguration, and others that only the host's own environment or file can have. */
export interface LocalSettings extends FelixLayer {
  /** What is no field of FelixConfiguration, by its name in small letters. */
  readonly others: ReadonlyMap<string, string>;
  /** Names that Felix does not know either, as they were written. */
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
  return localSettings('the environment', named.map(([written, value = '']) => ({ written, name: written.replace(PREFIX, ''), value })));
}

/** The settings in the text of Felix's own file: lines `Name = value`, with sections and comments (reference/felix 1.4). */
export function settingsOfFile(text: string, path: string): LocalSettings {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !/^[#;[]/.test(line));
  const entries = lines.map((line) => /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line)).filter((match) => match !== null);
  return localSettings(path, entries.map(([, name = '', value = '']) => ({ written: name, name, value: unquoted(value) })));
}

function unquoted(value: string): string {
  return /^(["'`])(.*)\1$/.exec(value)?.[2] ?? value.replace(/\s+[#;].*$/, '');
}

/** A setting as somebody wrote it, and its name alone. */
interface WrittenSetting {
  readonly written: string;
  readonly name: string;
  readonly value: string;
}

function localSettings(origin: string, entries: readonly WrittenSetting[]): LocalSettings {
  fieldNames ??= new Map(felixFields().flatMap(({ name, v1Name }) => (v1Name === undefined ? [] : [[v1Name.toLowerCase(), name]])));
  const texts = new Map<string, string>();
  const written = new Map<string, string>();
  const others = new Map<string, string>();
  const unknown: string[] = [];
  for (const each of entries) {
    const { value } = each;
    const lower = each.name.toLowerCase();
    const field = fieldNames.get(lower);
    if (field !== undefined) {
      texts.set(field, value);
      written.set(field, each.written);
    } else if (LOCAL_NAMES.has(lower)) others.set(lower, value);
    else unknown.push(each.written);
  }
  return { origin, texts, written, others, unknown };
}

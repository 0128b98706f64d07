import { readdirSync, readFileSync } from 'node:fs';
import { groupedBy } from '../../src/base/grouped-by.js';
import type { Link, ObjectsByKind } from '../../src/dataplane/input.js';
import { settingsOfEnvironment, settingsOfFile } from '../../src/dataplane/settings/local.js';
import { resolveSettings, type Settings } from '../../src/dataplane/settings/settings.js';
import { formatIp, parseIp } from '../../src/net/address.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { storedKindOfKey } from '../../src/resources/registry.js';
import { decodeStored, isCorrupt } from '../../src/resources/stored-value.js';

/** Keys of etcd with their values. */
export type StoreContent = Readonly<Record<string, string>>;

/** An interface that a recorded host had before Felix was started. */
export interface RecordedInterface {
  readonly name: string;
  readonly mac?: string;
  readonly address?: string;
  readonly addresses?: readonly string[];
  readonly mtu?: number;
  /** True where it does not say. */
  readonly up?: boolean;
  readonly gateway?: string;
}

/** A table of iptables: by chain, the rules as `iptables-save` prints them behind `-A CHAIN `. */
export interface RecordedTable {
  readonly policies: Readonly<Record<string, string>>;
  readonly chains: Readonly<Record<string, readonly string[]>>;
}

export interface RecordedSet {
  readonly type: string;
  readonly family: 'inet' | 'inet6';
  readonly maxelem: number;
  readonly members: readonly string[];
}

/** A table of nftables: lines of `nft -s list`. */
export interface RecordedNftTable {
  readonly sets: Readonly<Record<string, unknown>>;
  readonly maps: Readonly<Record<string, unknown>>;
  readonly chains: Readonly<Record<string, readonly string[]>>;
}

/** What was in the kernel and in files. */
export interface RecordedState {
  readonly iptables?: Readonly<Record<'v4' | 'v6', Readonly<Record<string, RecordedTable>>>>;
  readonly nftables?: Readonly<Record<string, RecordedNftTable>>;
  readonly arp?: RecordedNftTable;
  readonly ipsets: Readonly<Record<string, RecordedSet>>;
  readonly routes: readonly Readonly<Record<string, unknown>>[];
  readonly neighbours: readonly Readonly<Record<string, unknown>>[];
  readonly fdb: readonly Readonly<Record<string, unknown>>[];
  readonly links: Readonly<Record<string, unknown>>;
  readonly qdiscs?: unknown;
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly interface_sysctls: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly interface_addresses?: Readonly<Record<string, readonly string[]>>;
  readonly written: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

interface Recording {
  readonly name: string;
  readonly about: string;
  readonly host: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly interfaces: readonly RecordedInterface[];
  readonly store: StoreContent;
}

/** What Felix 3.32.1 made of one store. */
export interface FelixRecording extends Recording {
  /** Commands that were run on the host before. */
  readonly prepare?: readonly string[];
  readonly result: RecordedState & { readonly ready: boolean; readonly live: boolean; readonly exit?: number; readonly log: readonly string[] };
}

/** What a running Felix made of one change after another. */
export interface SequenceRecording extends Recording {
  readonly start: RecordedState;
  readonly steps: readonly RecordedStep[];
}

export interface RecordedStep {
  readonly about: string;
  /** Keys that changed; null was deleted. */
  readonly store?: Readonly<Record<string, string | null>>;
  /** What was done on the host. */
  readonly host?: readonly string[];
  readonly ready: boolean;
  readonly felix_ended_with?: readonly number[];
  /** `iptables v4 filter CHAIN`, `ipset NAME`, and whole new values of the other parts; null is gone. */
  readonly changed: Readonly<Record<string, unknown>>;
}

/** All recordings of Felix, by name. */
export function felixRecordings(): ReadonlyMap<string, FelixRecording> {
  return read<FelixRecording>('felix');
}

/** All recordings of sequences, by name. */
export function sequenceRecordings(): ReadonlyMap<string, SequenceRecording> {
  return read<SequenceRecording>('sequences');
}

function read<T extends Recording>(folder: string): ReadonlyMap<string, T> {
  const path = `test/cases/dataplane/${folder}`;
  return new Map(readdirSync(path).sort().map((file) => {
    const recording = JSON.parse(readFileSync(`${path}/${file}`, 'utf8')) as T;
    return [recording.name, recording];
  }));
}

/**
 * The objects of a store by kind.
 * @param before those of the state before: what is stored as it was is the identical object
 */
export function objectsIn(store: StoreContent, before?: StoredObjects): StoredObjects {
  const byKey = new Map<string, { readonly value: string; readonly object: StoredObject }>();
  for (const [key, value] of Object.entries(store)) {
    const known = before?.byKey.get(key);
    const kind = storedKindOfKey(key);
    if (known?.value === value) byKey.set(key, known);
    else if (kind !== undefined) {
      const object = decodeStored(kind, { key, value, modRevision: '1' });
      if (!isCorrupt(object)) byKey.set(key, { value, object });
    }
  }
  return { byKey, byKind: groupedBy([...byKey.values()].map(({ object }) => object), ({ kind }) => kind) };
}

export interface StoredObjects {
  readonly byKey: ReadonlyMap<string, { readonly value: string; readonly object: StoredObject }>;
  readonly byKind: ObjectsByKind;
}

/** The interfaces of a recorded host as the kernel has them: with lo, the link-local addresses that it gives itself, and what was put on it before. */
export function recordedLinks({ interfaces, prepare = [] }: Pick<FelixRecording, 'interfaces' | 'prepare'>): readonly Link[] {
  const lo: Link = { name: 'lo', index: 1, isUp: true, mtu: 65536, addresses: ['127.0.0.1/8', '::1/128'] };
  const added = prepare.flatMap((command) => [...command.matchAll(/^ip addr add (\S+) dev (\S+)/g)]);
  const given = interfaces.map((each, at) => recordedLink(each, at + 2));
  return [lo, ...given.map((link) => ({ ...link, addresses: [...link.addresses, ...added.filter(([, , name]) => name === link.name).map(([, address = '']) => address)] }))];
}

/** An interface that appeared. */
export function recordedLink({ name, mac, address, addresses = address === undefined ? [] : [address], mtu = 1500, up: isUp = true }: RecordedInterface, index: number): Link {
  const own = mac ?? (name.startsWith('e') ? '02:00:00:00:00:01' : 'ee:ee:ee:ee:ee:ee');
  return { name, index, isUp, mac: own, mtu, addresses: isUp ? [...addresses, `${linkLocal(own)}/64`] : addresses };
}

/** RFC 4291, appendix A. */
function linkLocal(mac: string): string {
  const bytes = mac.split(':').map((byte) => parseInt(byte, 16));
  bytes[0]! ^= 2;
  bytes.splice(3, 0, 0xff, 0xfe);
  const words = [0, 2, 4, 6].map((at) => ((bytes[at]! << 8) | bytes[at + 1]!).toString(16));
  return formatIp(parseIp(`fe80::${words.join(':')}`)!);
}

/** What the image's own file says; it counts before what is stored. */
const FILE = '[global]\nMetadataAddr = None\nLogFilePath = None\nLogSeverityFile = None\nLogSeveritySys = None\n';

/** The settings of a recorded host. */
export function recordedSettings({ host, environment }: Pick<FelixRecording, 'host' | 'environment'>, objects: ObjectsByKind): Settings {
  return resolveSettings(host, [settingsOfEnvironment(environment), settingsOfFile(FILE, '/etc/calico/felix.cfg')], objects).settings;
}

import { felixLayersOf } from '../../policy/felix-layers.js';
import type { FelixValues } from '../../resources/felix/settings.js';
import { changedSettings, readFelixValues, type Unreadable } from '../../resources/felix/values.js';
import { plainText } from '../../resources/plain-text.js';
import type { ObjectsByKind } from '../input.js';
import type { LocalSettings } from './local.js';

/** All that Felix is set to on a host: FelixConfiguration's fields, durations in milliseconds. */
export interface Settings extends FelixValues {
  /** The host's name, as Calico's Node has it. */
  readonly node: string;
  /** What ClusterInformation says of the cluster: words between commas. */
  readonly clusterType: string;
  /** Texts of settings that this agent has no use for. */
  readonly others: ReadonlyMap<string, string>;
}

/** Settings, and what is to be told about them. */
export interface ResolvedSettings {
  readonly settings: Settings;
  readonly unreadable: readonly Unreadable[];
  /** Names that Felix does not know, each with where it is from. */
  readonly unknown: readonly { readonly name: string; readonly origin: string }[];
}

/**
 * The settings of a host. The first place that has one counts: the host's environment, its file, FelixConfiguration `node.NAME`, one
 * whose nodeSelector selects the Node (of several the first by name), `default`, what is built in (reference/felix 1.1).
 */
export function resolveSettings(node: string, local: readonly LocalSettings[], objects: ObjectsByKind): ResolvedSettings {
  const ownNode = objects.get('Node')?.find(({ metadata: { name } }) => name === node);
  const stored = felixLayersOf(node, ownNode, objects.get('FelixConfiguration') ?? []);
  const { values, others, unreadable } = readFelixValues([...local, ...stored]);
  const unknown = [...local, ...stored].flatMap(({ origin, unknown: names }) => names.map((name) => ({ name, origin })));
  return { settings: { ...values, others, node, clusterType: clusterTypeOf(local, objects) }, unreadable, unknown };
}

function clusterTypeOf(local: readonly LocalSettings[], objects: ObjectsByKind): string {
  const given = local.map(({ others }) => others.get('clustertype') ?? '').find((text) => text !== '');
  if (given !== undefined) return given.toLowerCase() === 'none' ? '' : given;
  const cluster = objects.get('ClusterInformation')?.find(({ metadata: { name } }) => name === 'default');
  return plainText(cluster?.spec['clusterType']);
}

/** Changes of these are taken up as they come; for any other Felix starts anew (reference/felix 1.5). */
const TAKEN_UP = new Set<string>(['healthTimeoutOverrides']);

/** The settings that differ so that all has to begin anew. */
export function changesThatRestart(before: Settings, after: Settings): readonly string[] {
  const others = [...new Set([...before.others.keys(), ...after.others.keys()])].filter((name) => before.others.get(name) !== after.others.get(name));
  return [...changedSettings(before, after).filter((name) => !TAKEN_UP.has(name)), ...others];
}

/** Felix's own mode of nftables; `Auto` follows what kube-proxy does, and there is none where the datastore is etcd. */
export function usesNftables({ nftablesMode }: Settings): boolean {
  return nftablesMode === 'Enabled';
}

/** What rules do and which marks they use: there are two rows of settings, one for each of the dataplanes. */
export interface TableSettings {
  readonly filterAllowAction: 'Accept' | 'Return';
  readonly mangleAllowAction: 'Accept' | 'Return';
  readonly filterDenyAction: 'Drop' | 'Reject';
  readonly markMask: number;
  /** Milliseconds between two looks at the tables; 0: never again. */
  readonly refreshInterval: number;
}

/** The row of settings that counts. */
export function tableSettings(settings: Settings): TableSettings {
  if (usesNftables(settings)) {
    const { nftablesFilterAllowAction, nftablesMangleAllowAction, nftablesFilterDenyAction, nftablesMarkMask, nftablesRefreshInterval } = settings;
    return { filterAllowAction: nftablesFilterAllowAction, mangleAllowAction: nftablesMangleAllowAction, filterDenyAction: nftablesFilterDenyAction, markMask: nftablesMarkMask, refreshInterval: nftablesRefreshInterval };
  }
  const { iptablesFilterAllowAction, iptablesMangleAllowAction, iptablesFilterDenyAction, iptablesMarkMask, iptablesRefreshInterval } = settings;
  return { filterAllowAction: iptablesFilterAllowAction, mangleAllowAction: iptablesMangleAllowAction, filterDenyAction: iptablesFilterDenyAction, markMask: iptablesMarkMask, refreshInterval: iptablesRefreshInterval };
}

/** Whether Felix takes the host for one of OpenStack (reference/felix 1.6). */
export function isOpenStack({ clusterType, metadataAddr, metadataPort, interfacePrefix }: Settings): boolean {
  if (clusterType.toLowerCase().includes('openstack') || interfacePrefix.includes('tap')) return true;
  return (metadataAddr !== '' && metadataAddr !== '127.0.0.1') || (metadataPort !== 0 && metadataPort !== 8775);
}

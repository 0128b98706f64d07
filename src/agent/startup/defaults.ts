import { CALICO_VERSION } from '../../base/calico-version.js';
import type { Data } from '../../base/data.js';
import { ensureInitialized, INITIAL_KEYS, type Sources } from '../../changes/initialize.js';
import type { Store } from '../../datastore/store.js';
import type { StoredKind } from '../../resources/kind.js';
import { bgpConfiguration } from '../../resources/v3/bgp-configuration.js';
import { clusterInformation } from '../../resources/v3/cluster-information.js';
import { felixConfiguration } from '../../resources/v3/felix-configuration.js';
import type { AgentContext } from '../part.js';
import { Overtaken } from '../repeat.js';
import { create, read, replace } from './objects.js';

export interface DefaultsContext extends Pick<AgentContext, 'env'> {
  readonly store: Store;
  readonly sources: Sources;
  readonly name: string;
}

/** Writes what of a datastore only nodes write (reference/node-agent 7). Nothing that somebody set is changed. Throws Overtaken where somebody else was faster. */
export async function writeDefaults({ store, sources, name, env }: DefaultsContext): Promise<void> {
  await initialize(store, sources);
  await describeCluster(store, env['CLUSTER_TYPE'] ?? '', sources);
  await ensure(store, felixConfiguration, 'default', { reportingInterval: '0s', logSeverityScreen: 'Info' }, sources);
  await ensure(store, felixConfiguration, `node.${name}`, { defaultEndpointToHostAction: 'Return' }, sources);
  await ensure(store, bgpConfiguration, 'default', {}, sources);
}

/** Writes those of the objects that every datastore starts with that are missing. */
export async function initialize(store: Store, sources: Sources): Promise<void> {
  const { ranges } = await store.snapshot(INITIAL_KEYS.map((key) => ({ key })));
  await ensureInitialized(store, new Set(ranges.flat().map(({ key }) => key)), sources);
}

async function describeCluster(store: Store, type: string, sources: Sources): Promise<void> {
  const found = await read(store, clusterInformation, 'default');
  if (found === undefined) throw new Overtaken('ClusterInformation(default) was deleted meanwhile');
  const { spec } = found.object;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const clusterType = withWords(text(spec.clusterType), type);
  await replace(store, clusterInformation, found, {
    ...spec,
    clusterGUID: text(spec.clusterGUID) || sources.uuid().replaceAll('-', ''),
    calicoVersion: CALICO_VERSION,
    ...(clusterType !== '' && { clusterType }),
    datastoreReady: spec.datastoreReady ?? true,
  });
}

/** The words of a list and those of another one that it lacks, behind them. */
function withWords(list: string, more: string): string {
  const words = list === '' ? [] : list.split(',');
  for (const word of more === '' ? [] : more.split(',')) if (!words.includes(word)) words.push(word);
  return words.join(',');
}

/** Creates an object, or fills in those of these fields that the stored one leaves open. */
async function ensure<Spec extends Data>(store: Store, kind: StoredKind<Spec>, name: string, fields: Data, sources: Sources): Promise<void> {
  const found = await read(store, kind, name);
  if (found === undefined) {
    await create(store, kind, name, fields, sources);
    return;
  }
  const { spec } = found.object as { readonly spec: Data };
  const open = Object.entries(fields).filter(([field]) => (spec[field] ?? '') === '');
  if (open.length > 0) await replace(store, kind, found, { ...spec, ...Object.fromEntries(open) });
}

import { isMap } from '../base/data.js';
import { textsOfSpec, type FelixLayer } from '../resources/felix/values.js';
import type { StoredObject } from '../resources/kind.js';
import { plainText } from '../resources/plain-text.js';
import { matches } from '../selector/matches.js';
import { parseSelector } from '../selector/parse.js';

/** The settings of one FelixConfiguration, and names in it that Felix does not know. */
export interface StoredLayer extends FelixLayer {
  readonly unknown: readonly string[];
}

/** What the names of the settings of one host begin with. */
const OF_NODE = 'node.';
const OF_ALL = 'default';

/**
 * The FelixConfigurations that are for a host, the first to count first: `node.NAME`, those whose nodeSelector selects the Node, by
 * name, and `default` (reference/felix 1.1).
 */
export function felixLayersOf(name: string, node: StoredObject | undefined, configurations: readonly StoredObject[]): readonly StoredLayer[] {
  const named = (wanted: string): readonly StoredObject[] => configurations.filter(({ metadata }) => metadata.name === wanted);
  const selecting = configurations.filter(({ metadata, spec }) => metadata.name !== OF_ALL && !metadata.name.startsWith(OF_NODE) && isMap(spec) && selects(spec['nodeSelector'], node));
  selecting.sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  return [...named(OF_NODE + name), ...selecting, ...named(OF_ALL)].map(({ metadata, spec }) => ({ origin: `FelixConfiguration ${metadata.name}`, ...textsOfSpec(isMap(spec) ? spec : {}) }));
}

/** A host without a Node is selected by nothing. */
function selects(selector: unknown, node: StoredObject | undefined): boolean {
  if (typeof selector !== 'string' || selector === '' || node === undefined) return false;
  const parsed = parseSelector(selector, 'v3');
  const labels: unknown = node.metadata.labels;
  return parsed.ok && matches(parsed.selector, isMap(labels) ? Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, plainText(value)])) : {});
}

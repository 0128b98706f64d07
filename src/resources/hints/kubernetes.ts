import { isMap, type Data } from '../../base/data.js';
import { selectorOfLabels } from '../fields/label-selector.js';
import { plainText } from '../plain-text.js';
import type { Level } from './type-tree.js';
import { fieldOf } from './type-tree.js';

/** Words of Kubernetes' own policies, which people bring along. They are names of something else, not misspelt fields of ours. */
export const KUBERNETES_WORDS: readonly string[] = ['podSelector', 'namespaceSelector', 'ipBlock', 'except', 'matchLabels', 'matchExpressions', 'policyTypes', 'from', 'to', 'endPort', 'port'];

/**
 * What to write in a Calico policy for a field of a Kubernetes policy, or undefined.
 * @param level the map in which the field was found
 */
export function kubernetesHint(name: string, value: unknown, { fields }: Level): string | undefined {
  const has = (field: string): boolean => fieldOf(fields, field) !== undefined;
  const isRule = has('source') && has('destination');
  if (isRule && (name === 'from' || name === 'to')) return peersHint(name, value);
  if (isRule && name === 'ports') return portsHint(value);
  if (has('podSelector')) return undefined;
  if (name === 'podSelector' || name === 'matchLabels' || name === 'matchExpressions') {
    const written = selectorOfLabels(name === 'podSelector' ? value : { [name]: value });
    if (has('selector')) return `Calico writes it as text in "selector"${written === undefined ? '' : `: ${written}`}`;
    return isRule ? `Calico writes it as text in "selector", under "source" or "destination"${written === undefined ? '' : `: ${written}`}` : undefined;
  }
  return has('nets') ? blockHint(name, value) : undefined;
}

function peersHint(name: 'from' | 'to', value: unknown): string {
  const side = name === 'from' ? 'source' : 'destination';
  const several = Array.isArray(value) && value.length > 1 ? ', in a rule for each entry' : '';
  return `Calico writes it as "${side}"${several}: "selector" for podSelector, "namespaceSelector" as before, "nets" for ipBlock`;
}

/** Ports of Kubernetes are those of the destination, whichever the direction. */
function portsHint(value: unknown): string | undefined {
  const entries = Array.isArray(value) ? value.filter(isMap) : [];
  if (entries.length === 0) return undefined;
  const ports = entries.map(portOf).filter((port) => port !== undefined);
  const protocol = entries.map((entry) => entry['protocol']).find((each) => typeof each === 'string');
  return `it belongs under "destination"${ports.length === 0 ? '' : `, as ports: [${ports.join(', ')}]`}${protocol === undefined ? '' : `, with protocol: ${protocol} in the rule itself`}`;
}

function portOf(entry: Data): string | undefined {
  const { port, endPort } = entry;
  if (typeof port !== 'number' && typeof port !== 'string') return undefined;
  return endPort === undefined ? String(port) : `"${port}:${plainText(endPort)}"`;
}

function blockHint(name: string, value: unknown): string | undefined {
  if (name === 'except') return 'Calico writes it as "notNets"';
  if (name !== 'ipBlock') return undefined;
  const { cidr, except } = isMap(value) ? value : {};
  const nets = typeof cidr === 'string' ? `: nets: [${cidr}]` : '';
  return `Calico writes it as "nets"${nets}${Array.isArray(except) ? ', with "notNets" for except' : ''}`;
}

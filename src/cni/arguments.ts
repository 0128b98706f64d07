import { FAILURE, Failure } from './failure.js';

/** Arguments of CNI_ARGS by name. */
export type Arguments = ReadonlyMap<string, string>;

/**
 * Reads CNI_ARGS, `NAME=VALUE;NAME=VALUE` (reference/network-plugin 4.3). Throws Failure for what is not such a pair, and for names
 * that are not `known`, unless `IgnoreUnknown` is 1 or true.
 */
export function readArguments(text: string, known: readonly string[]): Arguments {
  const found = new Map<string, string>();
  const unknown: string[] = [];
  for (const pair of text === '' ? [] : text.split(';')) {
    const [name = '', value, ...more] = pair.split('=');
    if (value === undefined || more.length > 0) throw new Failure(FAILURE.other, `ARGS: invalid pair ${JSON.stringify(pair)}`);
    if (name === 'IgnoreUnknown' || known.includes(name)) found.set(name, value);
    else unknown.push(pair);
  }
  const ignores = ignoresUnknown(found.get('IgnoreUnknown'));
  if (unknown.length > 0 && !ignores) throw new Failure(FAILURE.other, `ARGS: unknown args [${unknown.map((pair) => JSON.stringify(pair)).join(' ')}]`);
  return found;
}

function ignoresUnknown(text = '0'): boolean {
  const word = text.toLowerCase();
  if (['1', 'true'].includes(word)) return true;
  if (['0', 'false'].includes(word)) return false;
  throw new Failure(FAILURE.other, `ARGS: error parsing value of pair ${JSON.stringify(`IgnoreUnknown=${text}`)}: boolean unmarshal error: invalid input ${text}`);
}

/** The pod that arguments name; undefined where they name none. */
export function podOf(args: Arguments): { readonly namespace: string; readonly name: string } | undefined {
  const [namespace = '', name = ''] = [args.get('K8S_POD_NAMESPACE'), args.get('K8S_POD_NAME')];
  return namespace === '' || name === '' ? undefined : { namespace, name };
}

/** What the plugins know of CNI_ARGS; what calls them for Kubernetes sends more, and says that it may be ignored. */
export const KNOWN_ARGUMENTS = ['IP', 'K8S_POD_NAME', 'K8S_POD_NAMESPACE', 'K8S_POD_INFRA_CONTAINER_ID'] as const;

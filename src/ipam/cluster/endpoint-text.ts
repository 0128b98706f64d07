import { isUnreadable, type Unreadable } from '../records/block-codec.js';
import { readResource } from './resources.js';
import { StoredFields } from './stored-fields.js';

/** What address management wants to know of a stored workload endpoint. */
export interface EndpointFacts {
  /** Its addresses as they are stored, usually as networks of one address. */
  readonly networks: readonly string[];
  readonly node: string;
}

let usual: RegExp | undefined;

/**
 * The addresses of a stored endpoint. There are hundreds of thousands of endpoints, and one that
 * is written as Calico writes it is searched by an expression, five times as fast as JSON.parse; any other is parsed.
 */
export function readEndpoint(value: string): EndpointFacts | Unreadable {
  const found = (usual ??= usualEndpoint()).exec(value);
  if (found !== null) return { node: found[1]!, networks: found[2]!.includes('"') ? found[2]!.split('","') : [found[2]!] };
  const resource = readResource('WorkloadEndpoint', value);
  if (isUnreadable(resource)) return resource;
  const fields = new StoredFields();
  const node = fields.text(resource.spec.node, 'spec.node');
  const networks = fields.texts(resource.spec.ipNetworks, 'spec.ipNetworks');
  return fields.problem === undefined ? { node, networks } : { problem: fields.problem };
}

/**
 * Calico's order of fields, no escapes, nothing nested deeper than usual. It describes the whole text: what matches is JSON, no
 * field is there twice, and `node` and `ipNetworks` are those of the spec. Every choice is decided by the next character, so the
 * time is in proportion to the length.
 */
function usualEndpoint(): RegExp {
  const plain = '[^"\\\\\\x00-\\x1f]';
  const text = `"${plain}*"`;
  const listOf = (element: string): string => `(?:${element}(?:,${element})*)?`;
  const scalar = `(?:${text}|true|false|null|0|[1-9]\\d{0,14})`;
  const simple = `(?:${scalar}|\\{${listOf(`${text}:${scalar}`)}\\})`;
  const field = `${text}:(?:${simple}|\\[${listOf(simple)}\\])`;
  const mapped = '(?!"(?:labels|annotations)":[^{])';
  const other = '(?!"node"|"ipNetworks")';
  return new RegExp(
    `^\\{"kind":"WorkloadEndpoint","apiVersion":${text},"metadata":\\{${listOf(`${mapped}${field}`)}\\},"spec":\\{` +
      `(?:${other}${text}:${text},)*"node":"(${plain}*)",(?:${other}${text}:${text},)*"ipNetworks":\\["((?:${plain}|",")*)"\\](?:,${other}${field})*\\}\\}$`,
  );
}

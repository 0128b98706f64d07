import { parseCidr, parseCidrOrIp, type Cidr } from './address.js';
import { isObject } from './json.js';
import { matches } from '../selector/matches.js';
import { parseSelector } from '../selector/parse.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org/';
export const POOL_PREFIX = `${RESOURCES}ippools/`;
export const RESERVATION_PREFIX = `${RESOURCES}ipreservations/`;
export const NODE_PREFIX = `${RESOURCES}nodes/`;
export const ENDPOINT_PREFIX = `${RESOURCES}workloadendpoints/`;
export const HOST_ENDPOINT_PREFIX = `${RESOURCES}hostendpoints/`;

/** For what an address is taken (reference/storage 3.2 `allowedUses`). */
export type PoolUse = 'Workload' | 'Tunnel' | 'LoadBalancer';

/** What address management needs of an IPPool; defaults of older objects filled in. */
export interface Pool {
  readonly name: string;
  readonly cidr: Cidr;
  readonly blockSize: number;
  readonly disabled: boolean;
  readonly nodeSelector: string;
  readonly namespaceSelector: string | undefined;
  readonly allowedUses: readonly string[];
  readonly manual: boolean;
  /** False where a status condition says that nothing may be allocated. */
  readonly allocatable: boolean;
}

/** Reads an IPPool; undefined for a value that is none, which Calico passes over in silence. */
export function decodePool(key: string, value: string): Pool | undefined {
  const resource = parseResource(value);
  const spec = resource?.spec;
  const cidr = typeof spec?.['cidr'] === 'string' ? parseCidr(spec['cidr']) : undefined;
  if (resource === undefined || spec === undefined || cidr === undefined) return undefined;
  const uses = spec['allowedUses'];
  const blockSize = spec['blockSize'];
  return {
    name: key.slice(POOL_PREFIX.length),
    cidr,
    blockSize: typeof blockSize === 'number' && blockSize !== 0 ? blockSize : cidr.address.version === 4 ? 26 : 122,
    disabled: spec['disabled'] === true,
    nodeSelector: textOr(spec['nodeSelector'], ''),
    namespaceSelector: textOr(spec['namespaceSelector'], '') === '' ? undefined : (spec['namespaceSelector'] as string),
    allowedUses: Array.isArray(uses) && uses.length > 0 ? uses.filter((use) => typeof use === 'string') : ['Workload', 'Tunnel'],
    manual: spec['assignmentMode'] === 'Manual',
    allocatable: !conditions(resource.status).some((condition) => condition['type'] === 'Allocatable' && condition['status'] === 'False'),
  };
}

/** The networks an IPReservation keeps from automatic assignment. */
export function decodeReservation(value: string): Cidr[] {
  const cidrs = parseResource(value)?.spec['reservedCIDRs'];
  if (!Array.isArray(cidrs)) return [];
  return cidrs.map((text) => (typeof text === 'string' ? parseCidrOrIp(text) : undefined)).filter((cidr) => cidr !== undefined);
}

/** The labels of a stored Node. */
export function decodeLabels(value: string): Readonly<Record<string, string>> {
  const labels = parseResource(value)?.metadata['labels'];
  return isObject(labels) ? (labels as Record<string, string>) : {};
}

/** Whether the pool is for nodes with these labels. A selector that cannot be read selects nothing. */
export function selectsNode(pool: Pool, labels: Readonly<Record<string, string>>): boolean {
  return selects(pool.nodeSelector, labels);
}

/** Whether a v3 selector is true for the labels; blank text is true for all, text that is no selector for none. */
export function selects(selector: string, labels: Readonly<Record<string, string>>): boolean {
  const parsed = parseSelector(selector, 'v3');
  return parsed.ok && matches(parsed.selector, labels);
}

/** The parts of a stored v3 object, or undefined where the value is none. */
export function parseResource(value: string): { metadata: Record<string, unknown>; spec: Record<string, unknown>; status: unknown } | undefined {
  try {
    const resource: unknown = JSON.parse(value);
    if (!isObject(resource)) return undefined;
    const { metadata, spec, status } = resource;
    return { metadata: isObject(metadata) ? metadata : {}, spec: isObject(spec) ? spec : {}, status };
  } catch {
    return undefined;
  }
}


function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

function conditions(status: unknown): Record<string, unknown>[] {
  const list = isObject(status) ? status['conditions'] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

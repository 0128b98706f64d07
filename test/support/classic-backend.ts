import type { Data } from '../../src/base/data.js';
import type { ClassicDocument } from '../../src/resources/kind.js';

/** A key and value of the classic datastore. */
export interface BackendEntry {
  readonly keyType: string;
  readonly keyFields: Readonly<Record<string, string>>;
  readonly valueType: string;
  readonly value?: Data;
}

const SIDES = { src: 'source', dst: 'destination' } as const;
const SIDE_FIELDS: Readonly<Record<string, string>> = { tag: 'tag', net: 'net', nets: 'nets', selector: 'selector', ports: 'ports' };
const PLAIN_FIELDS: Readonly<Record<string, string>> = { action: 'action', ip_version: 'ipVersion', protocol: 'protocol' };

/** Where a field of a stored rule is in a manifest: `!src_nets` is source.notNets. */
function placeOf(name: string): readonly [string, string?] {
  const negated = name.startsWith('!');
  const [first = '', second = ''] = name.replace('!', '').split('_');
  const not = (field: string): string => (negated ? `not${field.charAt(0).toUpperCase()}${field.slice(1)}` : field);
  if (first === 'icmp') return [negated ? 'notICMP' : 'icmp', second];
  const side = SIDES[first as keyof typeof SIDES];
  return side === undefined ? [not(PLAIN_FIELDS[name.replace('!', '')] as string)] : [side, not(SIDE_FIELDS[second] as string)];
}

/** A stored rule as a manifest would have it. Stored rules may leave out the action, manifests may not. */
export function manifestRule(stored: Data): Data {
  const rule: Data = { action: 'allow' };
  for (const [name, value] of Object.entries(stored)) {
    const [first, second] = placeOf(name);
    rule[first] = second === undefined ? value : { ...(rule[first] as Data | undefined), [second]: value };
  }
  return rule;
}

function rulesIn(list: unknown): Data[] {
  return ((list as Data[] | undefined) ?? []).map(manifestRule);
}

function nodeAddress(address: unknown, net: unknown, bits: number): string | undefined {
  if (typeof address !== 'string') return undefined;
  return `${address}/${typeof net === 'string' ? String(net.split('/')[1]) : bits}`;
}

function nodeSpec(value: Data): Data {
  const ipv4Address = nodeAddress(value['BGPIPv4Addr'], value['BGPIPv4Net'], 32);
  const ipv6Address = nodeAddress(value['BGPIPv6Addr'], value['BGPIPv6Net'], 128);
  // The datastore has no block of settings that could be empty.
  return ipv4Address === undefined && ipv6Address === undefined ? {} : { bgp: { asNumber: value['BGPASNumber'], ipv4Address, ipv6Address } };
}

/**
 * What the datastore's entry says, as a manifest would say it: the classic client reads entries so before it shows them.
 * Throws where the key or the value is not of the kind.
 */
export function backendDocument(kind: string, { keyType, keyFields, valueType, value = {} }: BackendEntry): ClassicDocument {
  const type = kind === 'bgpPeer' ? 'BGPPeer' : kind.charAt(0).toUpperCase() + kind.slice(1);
  if (!keyType.endsWith(`${type}Key`) || valueType !== `*model.${type}`) throw new Error(`a ${valueType} at a ${keyType} is not a ${kind}`);
  return { kind, apiVersion: 'v1', ...sectionsOf(kind, keyFields, value) };
}

function sectionsOf(kind: string, key: Readonly<Record<string, string>>, value: Data): Pick<ClassicDocument, 'metadata' | 'spec'> {
  switch (kind) {
    case 'node':
      return { metadata: { name: key['Hostname'] }, spec: nodeSpec(value) };
    case 'policy': {
      const { order, selector, untracked, pre_dnat, inbound_rules, outbound_rules } = value;
      return {
        metadata: { name: key['Name'] },
        spec: { order, selector, doNotTrack: untracked, preDNAT: pre_dnat, ingress: rulesIn(inbound_rules), egress: rulesIn(outbound_rules) },
      };
    }
    case 'profile': {
      const { inbound_rules, outbound_rules } = value['Rules'] as Data;
      return {
        metadata: { name: key['Name'], tags: value['Tags'], labels: value['Labels'] },
        spec: { ingress: rulesIn(inbound_rules), egress: rulesIn(outbound_rules) },
      };
    }
    default:
      return { metadata: { node: key['Hostname'], orchestrator: key['OrchestratorID'], workload: key['WorkloadID'], name: key['EndpointID'] }, spec: {} };
  }
}

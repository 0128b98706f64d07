import type { Condition } from '../../../policy/condition.js';
import type { KnownObject } from '../../../policy/known-objects.js';
import type { Address, Packet } from '../../../policy/packet.js';
import { WITH_PORTS } from '../../../policy/protocol-number.js';
import { wordOf } from '../../../insight/flow-between.js';
import type { Dialect } from '../../../resources/kind.js';
import { plainText } from '../../../resources/plain-text.js';
import { classicLabelKey } from '../../../resources/v1/names.js';
import { reasonsOf, type Reason } from '../../../selector/reasons.js';

/** Why a packet does not fulfil a condition: what it has, and what is wanted. */
export function conditionText(condition: Condition, packet: Packet, dialect: Dialect): string {
  const { field } = condition;
  switch (condition.kind) {
    case 'family':
      return `it is for the other IP version: ${field} is ${listText(condition.wants)}`;
    case 'services':
      return 'it names services, which Calico does not know on etcd: it matches nothing';
    case 'protocol':
      return `the protocol is ${wordOf(packet.protocol)}, ${condition.not ? 'which it excludes' : `not ${condition.protocol === undefined ? plainText(condition.wants) : wordOf(condition.protocol)}`}`;
    case 'icmp':
      return packet.type === undefined ? 'this is not ICMP' : `the ICMP type is ${packet.type}, code ${packet.code ?? 0}, ${condition.not ? 'which it excludes' : `not ${icmpText(condition)}`}`;
    case 'nets':
      return `${condition.side} ${packet[condition.side].text} is ${condition.not ? '' : 'not '}in ${listText(condition.wants)}`;
    case 'selector':
      return selectorText(condition, packet[condition.side], dialect);
    case 'ports': {
      const port = condition.side === 'source' ? packet.sourcePort : packet.destinationPort;
      if (port === undefined) return WITH_PORTS.includes(packet.protocol) ? `no ${condition.side} port is given` : `${wordOf(packet.protocol)} has no ports`;
      return `${condition.side} port ${port} is ${condition.not ? 'excluded by' : 'not'} ${listText(condition.wants)}`;
    }
  }
}

function icmpText({ type, code }: Extract<Condition, { readonly kind: 'icmp' }>): string {
  return `type ${type}${code === undefined ? '' : `, code ${code}`}`;
}

function listText(wants: unknown): string {
  return Array.isArray(wants) ? wants.map((each) => plainText(each)).join(', ') : plainText(wants);
}

/** At an address of several objects the endpoint is told. */
function selectorText(condition: Extract<Condition, { readonly kind: 'selector' }>, address: Address, dialect: Dialect): string {
  const { side, not, matcher } = condition;
  const object = told(address.objects);
  if (object === undefined) return `${side} ${address.text} is no endpoint and in no network set`;
  if (not) return `${side} ${address.text} is excluded by ${matcher.text}`;
  return `${side} ${reasonsOf(matcher.selector, object.labels).slice(0, 2).map((reason) => reasonText(reason, object, dialect)).join(' and ')}`;
}

function told(objects: readonly KnownObject[]): KnownObject | undefined {
  return objects.find(({ kind }) => kind !== 'set') ?? objects[0];
}

/** Comparisons with a part of a value. */
const PARTS: Readonly<Record<string, { readonly holds: string; readonly fails: string }>> = {
  contains: { holds: 'contains', fails: 'does not contain' },
  startsWith: { holds: 'starts with', fails: 'does not start with' },
  endsWith: { holds: 'ends with', fails: 'does not end with' },
};

/** What an object has of a label that a condition is about: `has role=web`, `has role=web, not db`, `has no label role`. */
export function reasonText({ condition, holds }: Reason, { labels }: Pick<KnownObject, 'labels'>, dialect: Dialect): string {
  if (condition.kind === 'all' || condition.kind === 'global') return `is known (${condition.kind}())`;
  const key = dialect === 'v1' ? classicLabelKey(condition.label) : condition.label;
  const value = Object.hasOwn(labels, condition.label) ? labels[condition.label] : undefined;
  if (value === undefined) return `has no label ${key}`;
  if (condition.kind === 'has') return `has ${key}=${value}`;
  const wanted = 'values' in condition ? condition.values.join(' or ') : condition.value;
  const differs = condition.kind in PARTS ? `, which ${PARTS[condition.kind]![holds ? 'holds' : 'fails']} ${wanted}` : `, not ${wanted}`;
  // Of a value that is just the wanted one nothing more is to be said, whether it was to be that or not to be.
  const isWanted = (condition.kind === 'equals' || condition.kind === 'in') === holds;
  return `has ${key}=${value}${isWanted && !(condition.kind in PARTS) ? '' : differs}`;
}

import { parseCidr } from '../../net/address.js';
import { eachOnce, listOf } from '../fields/collections.js';
import { field, reportedUnder, wrongValue, type AsRead, type Decoding, type FieldType, type ObjectOf } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { integer, oneOf, text } from '../fields/scalars.js';
import type { Path } from '../problem.js';
import { entityRule } from './entity-rule.js';
import { annotations } from './metadata.js';
import { ruleProtocol, supportsPorts } from './protocol.js';
import { warnOfRisks } from './rule-risks.js';
import { exclusive } from '../fields/json-rules.js';

const wholeVersion = integer({ name: 'an IP version (4 or 6)' });

/** The IP version of a rule. */
export const ipVersion: FieldType<4 | 6> = {
  ...wholeVersion,
  json: { enum: [4, 6] },
  decode(raw, path, to) {
    const value = wholeVersion.decode(raw, path, to);
    return value === undefined || value === 4 || value === 6 ? value : wrongValue(`${value} is not an IP version: expected 4 or 6`, path, to);
  },
};

/** A type, or a type and a code. */
export const icmp = objectOf(
  'an ICMP match',
  [
    field('type', integer({ name: 'an ICMP type', minimum: 0, maximum: 254 }), { write: 'given' }),
    field('code', integer({ name: 'an ICMP code', minimum: 0, maximum: 255 }), { write: 'given' }),
  ],
  {
    check(value, path, to) {
      if (value.code === undefined || value.type !== undefined || reportedUnder([...path, 'type'], to)) return;
      to.problems.add('rule', [...path, 'code'], 'an ICMP code needs an ICMP type', { hint: 'add the type', lacks: [[...path, 'type']] });
    },
  },
);

const HTTP_PATH = 'a path starts with "/" and has no "?", "#" or blank';

const httpPathText = text({ json: { pattern: '^/[^?# ]*$' } });

const httpPath = objectOf('a path of HTTP requests', [field('exact', httpPathText), field('prefix', httpPathText)], {
  json: exclusive('exact', 'prefix'),
  check(value, path, to) {
    const given = value.exact ?? value.prefix;
    if (given === undefined) {
      if (!['exact', 'prefix'].some((name) => reportedUnder([...path, name], to))) to.problems.add('rule', path, 'a path needs either exact or prefix', { lacks: [[...path, 'exact'], [...path, 'prefix']] });
    } else if (value.exact !== undefined && value.prefix !== undefined) to.problems.add('rule', path, 'exact and prefix cannot be given together', { hint: 'remove one of the two' });
    else if (!given.startsWith('/') || /[?# ]/.test(given)) to.problems.add('value', path, `"${given}" is not a path of HTTP requests: ${HTTP_PATH}`);
  },
});

const httpMatch = objectOf('an HTTP match', [
  field('methods', listOf(text(), { json: { uniqueItems: true }, check: eachOnce('method') })),
  field('paths', listOf(httpPath)),
]);

const ACTIONS = ['Allow', 'Deny', 'Log', 'Pass'] as const;

const fields = [
  field('action', oneOf('an action', ACTIONS, { checkEmpty: true }), { write: 'always', required: 'a rule needs an action: Allow, Deny, Log or Pass' }),
  field('ipVersion', ipVersion, { write: 'given', goName: 'IPVersion' }),
  field('protocol', ruleProtocol),
  field('icmp', icmp, { goName: 'ICMP' }),
  field('notProtocol', ruleProtocol, { mistakenFor: ['!protocol'] }),
  field('notICMP', icmp, { mistakenFor: ['!icmp'] }),
  field('source', entityRule, { write: 'always', mistakenFor: ['from'] }),
  field('destination', entityRule, { write: 'always', mistakenFor: ['to'] }),
  field('http', httpMatch, { goName: 'HTTP' }),
  field('metadata', objectOf('the metadata of a rule', [field('annotations', annotations)])),
];

/** One rule of a policy or a profile, in stored form (reference/storage 3.4). */
export type Rule = ObjectOf<typeof fields>;

/** A rule as it was read: a side that was wrong is absent. */
export type ReadRule = AsRead<Rule>;

/** A rule, in the order of the stored JSON. Source and destination are always stored (reference/storage 2.1). */
const ruleType = objectOf('a rule', fields, { check: checkRule });

/** Rules of one direction. */
export const ruleList = listOf(ruleType, { name: 'a list of rules' });

const SIDES = ['source', 'destination'] as const;

function checkRule(rule: ReadRule, path: Path, to: Decoding): void {
  if (!reportedUnder([...path, 'protocol'], to)) {
    checkPorts(rule, path, to);
    checkIcmp(rule, path, to);
  }
  checkIcmpVersion(rule, path, to);
  checkNets(rule, path, to);
  checkHttp(rule, path, to);
  warnOfRisks(rule, path, to);
  const { destination } = rule;
  for (const name of ['ports', 'notPorts'] as const) {
    if (destination?.services === undefined || destination[name] === undefined) continue;
    to.problems.add('rule', [...path, 'destination', name], `${name} and services cannot be given together in a destination: services bring their own ports`);
  }
}

function checkPorts(rule: ReadRule, path: Path, to: Decoding): void {
  const { protocol } = rule;
  if (protocol !== undefined && supportsPorts(protocol)) return;
  for (const side of SIDES) {
    for (const name of ['ports', 'notPorts'] as const) {
      const ports = rule[side]?.[name];
      if (ports === undefined) continue;
      const at = [...path, side, name];
      if (protocol !== undefined) to.problems.add('rule', at, `${name} need the protocol TCP, UDP or SCTP, not ${protocol}`);
      else if (ports.some(isNumeric)) to.problems.add('rule', at, `numeric ${name} need a protocol: TCP, UDP or SCTP`, { hint: 'add protocol: TCP to the rule', lacks: [[...path, 'protocol']] });
    }
  }
}

function isNumeric(port: number | string): boolean {
  return typeof port === 'number' || port.includes(':');
}

function checkIcmp(rule: ReadRule, path: Path, to: Decoding): void {
  if (rule.icmp === undefined || rule.protocol === 'ICMP' || rule.protocol === 'ICMPv6') return;
  to.problems.add('rule', [...path, 'icmp'], 'icmp needs the protocol ICMP or ICMPv6, by name', { hint: 'add protocol: ICMP to the rule', ...(rule.protocol === undefined && { lacks: [[...path, 'protocol']] }) });
}

function checkIcmpVersion(rule: ReadRule, path: Path, to: Decoding): void {
  for (const [protocol, version] of [['ICMP', 4], ['ICMPv6', 6]] as const) {
    const named = rule.protocol === protocol || rule.notProtocol === protocol;
    if (!named || rule.ipVersion === undefined || rule.ipVersion === version) continue;
    to.problems.add('rule', [...path, 'ipVersion'], `the protocol ${protocol} belongs to IPv${version}, not to the rule's ipVersion ${rule.ipVersion}`);
  }
}

/** All networks of a rule are of one family. Lists with wrong elements are left out: their indexes are no longer those of the document. */
function checkNets(rule: ReadRule, path: Path, to: Decoding): void {
  let family: number | undefined = rule.ipVersion;
  for (const side of SIDES) {
    for (const name of ['nets', 'notNets'] as const) {
      const at = [...path, side, name];
      const nets = rule[side]?.[name];
      if (nets === undefined || reportedUnder(at, to)) continue;
      for (const [index, net] of nets.entries()) {
        const version = parseCidr(net)?.address.version;
        family ??= version;
        if (version !== family) to.problems.add('rule', [...at, index], ...familyProblem(rule, net));
      }
    }
  }
}

function familyProblem({ ipVersion }: ReadRule, net: string): [string, { hint?: string }] {
  if (ipVersion !== undefined) return [`${net} is not of the rule's ipVersion ${ipVersion}`, {}];
  return ['a rule cannot have both IPv4 and IPv6 networks', { hint: 'write one rule for each' }];
}

function checkHttp(rule: ReadRule, path: Path, to: Decoding): void {
  if (rule.http === undefined) return;
  // What was wrong is missing, and what is missing was reported.
  const { action } = rule;
  if (action !== undefined && action !== '' && action !== 'Allow') to.problems.add('rule', [...path, 'http'], `http is only possible with the action Allow, not ${action}`);
  if (rule.protocol !== undefined && rule.protocol !== 'TCP') to.problems.add('rule', [...path, 'http'], `http needs the protocol TCP, by name, or none; not ${rule.protocol}`);
}

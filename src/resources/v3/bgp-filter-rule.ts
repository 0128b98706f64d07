import { listOf } from '../fields/collections.js';
import { field, type AsRead, type Of } from '../fields/field.js';
import { asNumber } from '../fields/network.js';
import { objectOf } from '../fields/object.js';
import { integer, oneOf, text } from '../fields/scalars.js';
import type { Path, Problems } from '../problem.js';
import { isUncertain } from '../uncertain.js';
import { COMMUNITY, communityProblem } from './community.js';
import { maskedCidrText } from './networks.js';
import { whole } from '../fields/patterns.js';
import { demandedBy } from '../fields/json-rules.js';

const PRIORITY = { name: 'a route priority', minimum: 1, maximum: 2147483646 };

const MOST_OPERATIONS = 10;
const MOST_PREPENDED = 10;

/** A rule's community has no leading zeros. */
const community = text({
  name: 'a BGP community',
  checkEmpty: true,
  json: { pattern: whole(`(?!0[0-9]|.*:0[0-9])${COMMUNITY}`) },
  problem: (value) => (/(^|:)0\d/.test(value) ? `${JSON.stringify(value)} has leading zeros` : communityProblem(value)),
});

const communities = objectOf('a match of communities', [
  field('values', listOf(community, { json: { minItems: 1, maxItems: 1 } }), { write: 'always', required: 'a match of communities needs values' }),
]);

const OPERATIONS = ['addCommunity', 'prependASPath', 'setPriority'] as const;

const operation = objectOf('an operation', [
  field('addCommunity', objectOf('a community to add', [field('value', community, { write: 'always', required: 'addCommunity needs a value' })]), { write: 'given' }),
  field('prependASPath', objectOf('AS numbers to prepend', [field('prefix', listOf(asNumber, { json: { minItems: 1, maxItems: MOST_PREPENDED } }), { write: 'always', required: 'prependASPath needs a prefix' })]), {
    write: 'given',
  }),
  field('setPriority', objectOf('a priority to set', [field('value', integer(PRIORITY), { write: 'always', required: 'setPriority needs a value' })]), { write: 'given' }),
]);

/** A rule of a BGPFilter for routes of one family (reference/storage 3.11). */
export function bgpFilterRule(version: 4 | 6) {
  const prefixLength = integer({ name: 'a prefix length', minimum: 0, maximum: version === 4 ? 32 : 128 });
  return objectOf('a rule', [
    field('cidr', maskedCidrText(version), { goName: 'CIDR' }),
    field('prefixLength', objectOf('a range of prefix lengths', [field('min', prefixLength, { write: 'given' }), field('max', prefixLength, { write: 'given' })]), { write: 'given' }),
    field('source', oneOf('a source', ['RemotePeers'])),
    field('interface', text({ name: 'the name of an interface', pattern: /^[a-zA-Z0-9_.*-]{1,15}$/, rule: 'up to 15 letters, digits, "_", ".", "-" and "*" are allowed' })),
    field('matchOperator', oneOf('a match operator', ['Equal', 'NotEqual', 'In', 'NotIn'])),
    field('peerType', oneOf('a type of peer', ['eBGP', 'iBGP'])),
    field('communities', communities, { write: 'given' }),
    field('asPathPrefix', listOf(asNumber), { goName: 'ASPathPrefix' }),
    field('priority', integer(PRIORITY), { write: 'given' }),
    field('action', oneOf('an action', ['Accept', 'Reject'], { checkEmpty: true }), { write: 'always', required: 'a rule needs an action: Accept or Reject' }),
    field('operations', listOf(operation, { json: { maxItems: MOST_OPERATIONS } })),
  ], { json: { allOf: [demandedBy('cidr', 'matchOperator'), demandedBy('matchOperator', 'cidr')] } });
}

/** A rule of a BGPFilter. */
export type BgpFilterRule = Of<ReturnType<typeof bgpFilterRule>>;

/** Rules over several fields of a rule, each right by itself. */
export function checkBgpFilterRule(rule: AsRead<BgpFilterRule>, path: Path, problems: Problems): void {
  const { cidr, matchOperator, prefixLength, communities: match, operations = [] } = rule;
  if (cidr !== undefined && matchOperator === undefined) {
    problems.add('required', [...path, 'matchOperator'], 'a rule with a cidr needs a matchOperator: Equal, NotEqual, In or NotIn');
  }
  if (cidr === undefined && (matchOperator ?? prefixLength) !== undefined) {
    problems.add('required', [...path, 'cidr'], `a rule with a ${matchOperator === undefined ? 'prefixLength' : 'matchOperator'} needs a cidr`);
  }
  const values = match?.values;
  if (values !== undefined && values.length !== 1 && !isUncertain(problems, [...path, 'communities', 'values'])) problems.add('rule', [...path, 'communities', 'values'], `exactly one community is allowed here, not ${values.length}`);
  if (operations.length > 0 && rule.action !== 'Accept' && !isUncertain(problems, [...path, 'action'])) problems.add('rule', [...path, 'operations'], 'only a rule that accepts routes can have operations');
  checkOperations(operations, [...path, 'operations'], problems);
}

function checkOperations(operations: readonly AsRead<Of<typeof operation>>[], path: Path, problems: Problems): void {
  if (operations.length > MOST_OPERATIONS) problems.add('rule', path, `at most ${MOST_OPERATIONS} operations are allowed, not ${operations.length}`);
  operations.forEach((each, index) => {
    const set = OPERATIONS.filter((name) => each[name] !== undefined);
    if (set.length !== 1 && !isUncertain(problems, [...path, index])) {
      problems.add('rule', [...path, index], `exactly one of ${OPERATIONS.join(', ')} must be set, ${set.length === 0 ? 'none is' : `not ${set.join(' and ')}`}`);
    }
    const prefix = each.prependASPath?.prefix;
    if (prefix !== undefined && (prefix.length < 1 || prefix.length > MOST_PREPENDED) && !isUncertain(problems, [...path, index, 'prependASPath', 'prefix'])) {
      problems.add('rule', [...path, index, 'prependASPath', 'prefix'], `1 to ${MOST_PREPENDED} AS numbers can be prepended, not ${prefix.length}`);
    }
  });
}

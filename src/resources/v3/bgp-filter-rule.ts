import { listOf } from '../fields/collections.js';
import { field, wrongValue, type Decoding } from '../fields/field.js';
import { asNumber } from '../fields/network.js';
import { objectOf, type Data, type ObjectType } from '../fields/object.js';
import { integer, oneOf, text } from '../fields/scalars.js';
import type { Path } from '../problem.js';
import { communityProblem } from './community.js';
import { maskedCidrText } from './networks.js';

const PRIORITY = { name: 'a route priority', minimum: 1, maximum: 2147483646 };

/** A rule's community has no leading zeros. */
const community = text({
  name: 'a BGP community',
  checkEmpty: true,
  problem: (value) => (/(^|:)0\d/.test(value) ? `${JSON.stringify(value)} has leading zeros` : communityProblem(value)),
});

function lengthBetween(least: number, most: number) {
  return (value: readonly unknown[], path: Path, to: Decoding): void => {
    if (value.length < least || value.length > most) {
      wrongValue(`${least === most ? least : `${least} to ${most}`} elements are allowed here, these are ${value.length}`, path, to);
    }
  };
}

const communities = objectOf('a match of communities', [
  field('values', listOf(community, { check: lengthBetween(1, 1) }), { write: 'always', required: 'a match of communities needs values' }),
]);

const OPERATIONS = ['addCommunity', 'prependASPath', 'setPriority'];

const operation = objectOf<Data>(
  'an operation',
  [
    field('addCommunity', objectOf('a community to add', [field('value', community, { write: 'always', required: 'addCommunity needs a value' })]), { write: 'given' }),
    field(
      'prependASPath',
      objectOf('AS numbers to prepend', [field('prefix', listOf(asNumber, { check: lengthBetween(1, 10) }), { write: 'always', required: 'prependASPath needs a prefix' })]),
      { write: 'given' },
    ),
    field('setPriority', objectOf('a priority to set', [field('value', integer(PRIORITY), { write: 'always', required: 'setPriority needs a value' })]), { write: 'given' }),
  ],
  {
    check(value, path, to) {
      const set = OPERATIONS.filter((name) => value[name] !== undefined);
      if (set.length !== 1) wrongValue(`exactly one of ${OPERATIONS.join(', ')} must be set, ${set.length === 0 ? 'none is' : `not ${set.join(' and ')}`}`, path, to);
    },
  },
);

const MOST_OPERATIONS = 10;

/** A rule of a BGPFilter for routes of one family (v3-storage.md 3.11). */
export function bgpFilterRule(version: 4 | 6): ObjectType {
  const prefixLength = integer({ name: 'a prefix length', minimum: 0, maximum: version === 4 ? 32 : 128 });
  return objectOf<Data>(
    'a rule',
    [
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
      field('operations', listOf(operation)),
    ],
    { check: checkRule },
  );
}

function checkRule(value: Data, path: Path, to: Decoding): void {
  const { cidr, matchOperator, prefixLength, operations } = value;
  if (cidr !== undefined && matchOperator === undefined) wrongValue('a rule with a cidr needs a matchOperator: Equal, NotEqual, In or NotIn', [...path, 'matchOperator'], to);
  if (cidr === undefined && matchOperator !== undefined) wrongValue('a rule with a matchOperator needs a cidr', [...path, 'cidr'], to);
  if (cidr === undefined && prefixLength !== undefined) wrongValue('a rule with a prefixLength needs a cidr', [...path, 'cidr'], to);
  if (!Array.isArray(operations)) return;
  if (value['action'] !== 'Accept') wrongValue('only a rule that accepts routes can have operations', [...path, 'operations'], to);
  if (operations.length > MOST_OPERATIONS) wrongValue(`at most ${MOST_OPERATIONS} operations are allowed, these are ${operations.length}`, [...path, 'operations'], to);
}

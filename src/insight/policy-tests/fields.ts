import { describe, field, reportedUnder, wrongType, wrongValue, type AsRead, type Decoding, type FieldType, type Of } from '../../resources/fields/field.js';
import { listOf } from '../../resources/fields/collections.js';
import { objectOf } from '../../resources/fields/object.js';
import { BYTE, eitherCase, whole } from '../../resources/fields/patterns.js';
import { integer, oneOf, text } from '../../resources/fields/scalars.js';
import { selectorText } from '../../resources/fields/selector.js';
import type { Path } from '../../resources/problem.js';
import { portWithoutName, PROTOCOL_NAMES } from '../../resources/v1/numbers.js';
import { similar } from '../../text/similar.js';

/** Who is meant by from or to, as it was written, and where. */
export type WrittenEnd = { readonly at: Path } & ({ readonly word: string } | { readonly selector: string });

const labelled = objectOf('a group by labels', [field('selector', selectorText('v3'), { required: 'a group needs its selector, such as {selector: "role == \'web\'"}' })]);

const SELECTOR_JSON = { type: 'object', minProperties: 1, additionalProperties: false, patternProperties: { [whole(eitherCase('selector'))]: { type: 'string', minLength: 1 } } };
const END_JSON = [{ type: ['string', 'number'], minLength: 1 }, SELECTOR_JSON];

/** One end, a group by labels, or a list of both. */
const ends: FieldType<readonly WrittenEnd[]> = {
  name: 'an end, {selector: ...}, or a list of them',
  standIn: '',
  isZero: (value) => value.length === 0,
  json: { anyOf: [...END_JSON, { type: 'array', minItems: 1, items: { anyOf: END_JSON } }] },
  decode(raw, path, to) {
    if (!Array.isArray(raw)) return decodedEnd(raw, path, to);
    if (raw.length === 0) return wrongValue('the list is empty: nobody is meant', path, to, 'name an end, or leave the test out');
    return raw.flatMap((each: unknown, index) => decodedEnd(each, [...path, index], to) ?? []);
  },
};

function decodedEnd(raw: unknown, path: Path, to: Decoding): readonly WrittenEnd[] | undefined {
  const at = [...path];
  if (typeof raw === 'string' || typeof raw === 'number') return raw === '' ? wrongValue('the name is empty', path, to) : [{ at, word: String(raw) }];
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return wrongType(ends, raw, path, to);
  const { selector } = labelled.decode(raw, path, to) ?? {};
  return typeof selector === 'string' ? [{ at, selector }] : undefined;
}

const ANY = 'any';
const WORDS = [...PROTOCOL_NAMES, ANY];

/** Protocols that people know by names which Calico has none of. */
const NUMBERS: ReadonlyMap<string, number> = new Map([['igmp', 2], ['ipip', 4], ['gre', 47], ['esp', 50], ['ah', 51], ['ospf', 89], ['vrrp', 112]]);

/** A protocol by name in any letter case, by number, or all of them. */
const protocol: FieldType<string | number> = {
  name: `a protocol: ${PROTOCOL_NAMES.join(', ')}, a number from 1 to 255, or any`,
  standIn: '',
  isZero: () => false,
  json: { type: ['integer', 'string'], minimum: 1, maximum: 255, pattern: whole(`${eitherCase(WORDS.join('|'))}|${BYTE}`) },
  decode(raw, path, to) {
    if (typeof raw !== 'string' && typeof raw !== 'number') return wrongType(protocol, raw, path, to);
    const word = String(raw).toLowerCase();
    if (WORDS.includes(word)) return word;
    const number = /^\d+$/.test(word) ? Number(word) : 0;
    if (number >= 1 && number <= 255) return number;
    const known = NUMBERS.get(word);
    const near = similar(word, WORDS);
    return wrongValue(`${describe(raw)} is not ${protocol.name}`, path, to, known !== undefined ? `the number of ${word} is ${known}` : near === undefined ? undefined : `did you mean ${near}?`);
  },
};

const port = portWithoutName('a test has no named ports: write the number');

/** No ports are none at all, and not all of them. */
const ports = listOf(port, { json: { minItems: 1 }, check: checkPorts });

function checkPorts(value: readonly unknown[], path: Path, to: Decoding): void {
  if (value.length === 0 && !reportedUnder(path, to)) wrongValue('the list is empty: no packet is meant', path, to, 'name a port, or leave ports out, which means all of them');
}

const byte = (name: string) => integer({ name, minimum: 0, maximum: 255 });

const icmp = objectOf('an ICMP type', [
  field('type', byte('an ICMP type'), { required: 'icmp needs its type, such as {type: 8}', write: 'given' }),
  field('code', byte('an ICMP code'), { write: 'given' }),
]);

const by = objectOf('what decides', [
  field('policy', text({ name: 'the name of a policy' })),
  field('profile', text({ name: 'the name of a profile' })),
  field('rule', integer({ name: 'the number of a rule, counted from 1', minimum: 1 }), { write: 'given' }),
  field('tier', text({ name: 'the name of a tier' })),
], { check: checkDecider });

function checkDecider({ policy, profile, tier, rule }: AsRead<{ policy?: string; profile?: string; tier?: string; rule?: number }>, path: Path, to: Decoding): void {
  const named = [policy, profile, tier].filter((each) => each !== undefined).length;
  if (named !== 1) to.problems.add('rule', path, `by names ${named === 0 ? 'nothing that decides' : 'several things that decide'}`, { hint: 'write one of policy, profile (each with rule, if one of its rules is meant) and tier (whose end denies)' });
  else if (rule !== undefined && tier !== undefined) to.problems.add('rule', [...path, 'rule'], 'the end of a tier is no rule', { hint: 'leave out rule, or name the policy' });
}

const test = objectOf('a test', [
  field('name', text({ name: 'a name' })),
  field('from', ends, { required: 'a test says where the packets come from' }),
  field('to', ends, { required: 'a test says where the packets go' }),
  field('protocol', protocol),
  field('port', port, { write: 'given' }),
  field('ports', ports, { write: 'given' }),
  field('fromPort', port, { write: 'given' }),
  field('icmp', icmp),
  field('expect', oneOf('a verdict', ['allow', 'deny'], { checkEmpty: true }), { required: 'a test says what it expects: allow or deny' }),
  field('by', by),
], { check: checkTest });

const ICMP_WORDS: readonly unknown[] = ['icmp', 'icmpv6', 1, 58];
const PORT_WORDS: readonly unknown[] = [undefined, 'tcp', 'udp', 'sctp', 'udplite', 6, 17, 132, 136];

interface ReadTest {
  readonly protocol?: string | number;
  readonly port?: unknown;
  readonly ports?: unknown;
  readonly fromPort?: unknown;
  readonly icmp?: unknown;
  readonly expect?: string;
  readonly by?: { readonly tier?: string };
}

/** What the parts of a test have to do with each other. */
function checkTest(value: ReadTest, path: Path, to: Decoding): void {
  if (value.port !== undefined && value.ports !== undefined) to.problems.add('rule', [...path, 'ports'], 'port and ports are both given', { hint: 'write all of them into ports' });
  for (const field of ['port', 'ports', 'fromPort'] as const) {
    if (value[field] === undefined) continue;
    if (value.icmp !== undefined) to.problems.add('rule', [...path, field], 'ICMP has no ports', { hint: 'make two tests of it' });
    else if (!PORT_WORDS.includes(value.protocol)) to.problems.add('rule', [...path, field], `protocol ${String(value.protocol)} has no ports`, { hint: 'ports go with tcp, udp, sctp and udplite' });
  }
  if (value.icmp !== undefined && value.protocol !== undefined && !ICMP_WORDS.includes(value.protocol)) to.problems.add('rule', [...path, 'icmp'], `protocol ${String(value.protocol)} has no ICMP type`, { hint: 'leave out protocol' });
  if (value.by?.tier !== undefined && value.expect === 'allow') to.problems.add('rule', [...path, 'by', 'tier'], 'the end of a tier allows nothing', { hint: 'expect deny, or name the policy that allows' });
}

const NO_TESTS = 'there are no tests: list them under tests';

function checkTests(value: readonly unknown[], path: Path, to: Decoding): void {
  if (value.length === 0 && !reportedUnder(path, to)) wrongValue(NO_TESTS, path, to);
}

/** The file of `policy test`. */
export const testsFile = objectOf('a file of tests', [
  field('manifests', listOf(text({ name: 'the path of a manifest or a directory', checkEmpty: true }))),
  field('tests', listOf(test, { json: { minItems: 1 }, check: checkTests }), { required: NO_TESTS, write: 'always' }),
]);

export type TestsFile = Of<typeof testsFile>;
export type WrittenTest = Of<typeof test>;

import { eachOnce, listOf, mapOf } from '../fields/collections.js';
import { field, type AsRead, type AsStored, type Decoding, type ObjectOf, type Of } from '../fields/field.js';
import { bool, float, oneOf, text } from '../fields/scalars.js';
import { selectorText } from '../fields/selector.js';
import { goFloat } from '../../go/number.js';
import { sortKeys } from '../../go/json.js';
import type { ClassicDocument, StoredObject, Verb } from '../kind.js';
import type { Path } from '../problem.js';
import type { PolicySpec } from '../v3/policy.js';
import { API_VERSION } from '../v3/document.js';
import { globalNetworkPolicy as stored } from '../v3/global-network-policy.js';
import { NAME_ANNOTATION } from '../v3/policy-storage.js';
import { allowedName, allowedNames, classicKind, escapedName, named } from './classic-kind.js';
import { classicSelector, storedNameWithoutDots, storedSelector } from './names.js';
import { OWN_WORDS } from './own-words.js';
import { rulesToClassic, rulesToStored, texts, textOf } from './rule-conversion.js';
import { compact, rules } from './rules.js';
import { sections } from './sections.js';
import { slashedName } from './texts.js';

const annotations = mapOf(text(), {
  name: 'a map of annotations',
  keyJson: { not: { const: OWN_WORDS } },
  keyProblem: (key) => (key === OWN_WORDS ? `the annotation ${OWN_WORDS} is reserved for calicoctl` : undefined),
});

const DIRECTIONS = ['ingress', 'egress'] as const;

const specFields = [
  field('order', float({ name: 'a finite number' }), { write: 'given' }),
  field('ingress', rules, { goName: 'IngressRules', mistakenFor: ['inbound', 'ingressRules'] }),
  field('egress', rules, { goName: 'EgressRules', mistakenFor: ['outbound', 'egressRules'] }),
  field('selector', selectorText('classic'), { write: 'always' }),
  field('doNotTrack', bool, { mistakenFor: ['untracked'] }),
  field('preDNAT', bool),
  field('types', listOf(oneOf('a type', DIRECTIONS, { checkEmpty: true }), { json: { uniqueItems: true }, check: eachOnce('type') }), { mistakenFor: ['policyTypes'] }),
];

/** The spec of a classic document. */
type Spec = ObjectOf<typeof specFields>;

function checkPreDnat({ doNotTrack, preDNAT, egress, types = [] }: AsRead<Spec>, path: Path, to: Decoding): void {
  if (preDNAT !== true) return;
  if (doNotTrack === true) to.problems.add('rule', [...path, 'preDNAT'], 'preDNAT and doNotTrack cannot both be true', { hint: 'remove one of the two' });
  if (egress !== undefined) to.problems.add('rule', [...path, 'egress'], 'a preDNAT policy cannot have egress rules');
  if (types.includes('egress')) to.problems.add('rule', [...path, 'types'], 'a preDNAT policy cannot have the type egress', { hint: 'write types: [ingress]' });
}

/** Rules of a direction that is not among the types are stored, and never looked at. */
function checkTypes(value: AsRead<Spec>, path: Path, to: Decoding): void {
  const { types = [] } = value;
  if (types.length === 0) return;
  for (const direction of DIRECTIONS) {
    if (value[direction] === undefined || types.includes(direction)) continue;
    to.problems.warn('ignored', [...path, direction], `these rules are ignored: types does not have ${direction}`, { hint: `add ${direction} to types` });
  }
}

const { metadata, spec } = sections(
  'policy',
  [field('name', slashedName), field('annotations', annotations)],
  specFields,
  {
    spec(value, path, to) {
      checkPreDnat(value, path, to);
      checkTypes(value, path, to);
    },
  },
);

/** The types that follow from the rules (reference/classic 1.6). */
function typesOf({ ingress, egress }: AsStored<Pick<Spec, 'ingress' | 'egress'>>): string[] {
  if (egress === undefined) return ['ingress'];
  return ingress === undefined ? ['egress'] : ['ingress', 'egress'];
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

type Document = ClassicDocument<Spec, Of<typeof metadata>>;

function convert({ metadata, spec }: Document): StoredObject<PolicySpec> {
  const name = named(metadata, 'name');
  const selector = storedSelector(named(spec, 'selector'));
  const ingress = rulesToStored(spec.ingress);
  const egress = rulesToStored(spec.egress);
  const types = texts(spec.types);
  const flags = { doNotTrack: spec.doNotTrack === true || undefined, preDNAT: spec.preDNAT === true || undefined };
  return {
    kind: stored.kind,
    apiVersion: API_VERSION,
    metadata: { name: allowedName(stored, storedNameWithoutDots(name), name, 'name'), ...annotationsOf(metadata.annotations) },
    spec: compact({
      order: spec.order,
      ingress,
      egress,
      selector: selector === '' ? undefined : selector,
      types: (types.length === 0 ? typesOf({ ingress, egress }) : types).map(capitalized),
      ...flags,
      applyOnForward: flags.doNotTrack ?? flags.preDNAT,
    }),
  };
}

function annotationsOf(map: unknown): { annotations?: Record<string, string> } {
  const annotations = sortKeys((map ?? {}) as Record<string, string>);
  return Object.keys(annotations).length === 0 ? {} : { annotations };
}

function revert({ metadata, spec }: StoredObject<PolicySpec>): Document {
  const { [OWN_WORDS]: _words, [NAME_ANNOTATION]: _name, ...annotations } = metadata.annotations ?? {};
  const ingress = rulesToClassic(spec.ingress);
  const egress = rulesToClassic(spec.egress);
  const types = texts(spec.types).map((type) => type.toLowerCase());
  return {
    kind: 'policy',
    apiVersion: 'v1',
    metadata: { name: metadata.name, ...annotationsOf(annotations) },
    spec: compact({
      order: spec.order ?? undefined,
      ingress,
      egress,
      selector: classicSelector(textOf(spec.selector) ?? ''),
      doNotTrack: spec.doNotTrack === true || undefined,
      preDNAT: spec.preDNAT === true || undefined,
      types: types.length === 0 ? typesOf({ ingress, egress }) : types,
    }),
  };
}

/** A v3 tool may have asked for a policy on forwarded traffic that is neither untracked nor before DNAT; v1 cannot. */
function keepForwarding(existing: AsStored<PolicySpec>, joined: AsStored<PolicySpec>): void {
  const asked = existing.applyOnForward === true && existing.doNotTrack !== true && existing.preDNAT !== true;
  if (asked) joined.applyOnForward = true;
}

const RESERVED_PREFIX = 'knp.default.';
const OPERATIONS: Partial<Record<Verb, string>> = { create: 'Create', apply: 'Apply', replace: 'Update', delete: 'Delete' };

const NAME = { heading: 'NAME', cell: ({ metadata }: Document) => named(metadata, 'name') };

/** policy: rules for the endpoints that a selector chooses (reference/classic 1.6). */
export const policy = classicKind({
  kind: 'policy',
  goName: 'Policy',
  words: ['policy', 'policies', 'pol', 'pols'],
  metadata,
  spec,
  stored,
  identity: ['name'],
  applyDefaults(document) {
    document.spec.types ??= typesOf(document.spec);
  },
  identityText: (metadata) => `Policy(name=${named(metadata, 'name')})`,
  nameField: 'name',
  identifiers: [],
  convert,
  revert,
  decides: {
    spec: ['order', 'ingress', 'egress', 'selector', 'types', 'doNotTrack', 'preDNAT', 'applyOnForward'],
    annotations: true,
    join: keepForwarding,
  },
  storedNames(metadata) {
    const name = named(metadata, 'name');
    if (name === '') return [];
    const names = [storedNameWithoutDots(name), name];
    return allowedNames(stored, [...names, ...names.flatMap((each) => stored.legacyNames?.(each) ?? [])]);
  },
  sortKey: (metadata) => escapedName(named(metadata, 'name')),
  columns: {
    ps: [NAME],
    wide: [
      NAME,
      { heading: 'ORDER', cell: ({ spec }: Document) => (typeof spec.order === 'number' ? goFloat(spec.order) : '<nil>') },
      { heading: 'SELECTOR', cell: ({ spec }: Document) => named(spec, 'selector') },
    ],
  },
  readOnly(metadata, verb) {
    const name = named(metadata, 'name');
    const operation = OPERATIONS[verb];
    return name.startsWith(RESERVED_PREFIX) && operation !== undefined ? `operation ${operation} is not supported on ${name}` : undefined;
  },
});

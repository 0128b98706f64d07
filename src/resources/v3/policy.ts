import { eachOnce, listOf } from '../fields/collections.js';
import { field, type ObjectOf } from '../fields/field.js';
import { bool, float, oneOf, text } from '../fields/scalars.js';
import { selectorText } from '../fields/selector.js';
import type { Columns, StoredKind, StoredObject } from '../kind.js';
import { nameColumn, orderText, specColumn } from './columns.js';
import { withDefaults } from './defaults.js';
import { globalProblem, NO_GLOBAL } from './entity-rule.js';
import { NAME_SCHEMAS, subdomainProblem } from './names.js';
import { namedIn } from './references.js';
import { ruleList } from './rules.js';
import { tier } from './tier.js';
import { demandedBy, exclusive } from '../fields/json-rules.js';

/** Whether policies belong to the network or to a namespace. */
export type PolicyScope = 'global' | 'namespaced';

export const DEFAULT_TIER = 'default';

const selector = selectorText('v3', { problem: globalProblem, json: NO_GLOBAL });
const types = listOf(oneOf('a policy type', ['Ingress', 'Egress'], { checkEmpty: true }), { name: 'a list of policy types', json: { uniqueItems: true }, check: eachOnce('type') });
const hints = listOf(oneOf('a performance hint', ['AssumeNeededOnEveryNode'], { checkEmpty: true }), { json: { uniqueItems: true }, check: eachOnce('hint') });

/** The fields of a policy's spec, in the order of the stored JSON. */
export function policyFields(scope: PolicyScope) {
  const global = scope === 'global';
  return [
    field('tier', text({ name: "a tier's name", problem: subdomainProblem, json: NAME_SCHEMAS.subdomain })),
    field('order', float({ name: 'a finite number' }), { write: 'given' }),
    field('ingress', ruleList),
    field('egress', ruleList),
    field('selector', selector),
    field('types', types, { mistakenFor: ['policyTypes'] }),
    ...(global ? [field('doNotTrack', bool), field('preDNAT', bool, { mistakenFor: ['preDnat'] }), field('applyOnForward', bool)] : []),
    field('serviceAccountSelector', selector),
    ...(global ? [field('namespaceSelector', selector)] : []),
    field('performanceHints', hints),
  ];
}

/** What JSON Schema can say of rules over several fields of a global policy. */
export const GLOBAL_POLICY_SCHEMA = { allOf: [demandedBy('doNotTrack', 'applyOnForward'), demandedBy('preDNAT', 'applyOnForward'), exclusive('doNotTrack', 'preDNAT')] };

/** The spec of a policy (reference/storage 3.5, 3.6). Those of a namespace lack `doNotTrack`, `preDNAT`, `applyOnForward` and `namespaceSelector`. */
export type PolicySpec = ObjectOf<ReturnType<typeof policyFields>>;

/** The defaults of enforced policies: the default tier, and the types that follow from the rules (reference/storage 2.3). */
export function fillInPolicy(kind: StoredKind<PolicySpec>, object: StoredObject<PolicySpec>): void {
  const { ingress, egress } = object.spec;
  const given = egress === undefined ? (['Ingress'] as const) : ingress === undefined ? (['Egress'] as const) : (['Ingress', 'Egress'] as const);
  object.spec = withDefaults(kind.spec, object.spec, { tier: DEFAULT_TIER, types: given });
}

/** What policies name: their tier, which must exist. */
export const policyReferences = [namedIn<PolicySpec>('tier', tier, { demanded: true, otherwise: DEFAULT_TIER })];

const TIER = specColumn<PolicySpec>('TIER', 'tier');

/** The columns of all policies (reference/storage 5.3). */
export const policyColumns: Columns<StoredObject<PolicySpec>> = {
  ps: [nameColumn, TIER],
  wide: [
    nameColumn,
    TIER,
    { heading: 'ORDER', cell: ({ spec: { order } }) => orderText(order, '<nil>') },
    specColumn('SELECTOR', 'selector'),
  ],
};

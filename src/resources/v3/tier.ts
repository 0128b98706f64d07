import { field, type Of } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { float, oneOf } from '../fields/scalars.js';
import { compareBytes } from '../../go/json.js';
import { goFloat } from '../../go/number.js';
import type { StoredKind, StoredObject } from '../kind.js';
import { nameColumn, orderText } from './columns.js';
import { dnsLabelProblem } from './names.js';

/** The tiers that every datastore has, with their fixed orders (reference/storage 2.6, 3.11). */
export const BUILT_IN_TIERS: Readonly<Record<string, { readonly order: number; readonly defaultAction: string }>> = Object.assign(
  // Tiers may be called `constructor`.
  Object.create(null) as object,
  {
    default: { order: 1_000_000, defaultAction: 'Deny' },
    'kube-admin': { order: 1000, defaultAction: 'Pass' },
    'kube-baseline': { order: 10_000_000, defaultAction: 'Pass' },
  },
);

const spec = objectOf('the spec of a Tier', [
  field('order', float({ name: 'a finite number' }), { write: 'given' }),
  field('defaultAction', oneOf('a default action', ['Pass', 'Deny'], { checkEmpty: true }), { write: 'given' }),
]);

/** The spec of a tier (reference/storage 3.11). */
export type TierSpec = Of<typeof spec>;

const DEFAULT_ORDER = 1_000_000;

function orderOf({ spec: { order } }: StoredObject<TierSpec>): number {
  return typeof order === 'number' ? order : DEFAULT_ORDER;
}

function fillIn(object: StoredObject<TierSpec>): void {
  object.spec = { order: DEFAULT_ORDER, defaultAction: 'Deny', ...object.spec };
}

const columns = [nameColumn, { heading: 'ORDER', cell: (object: StoredObject<TierSpec>) => orderText(object.spec.order, goFloat(DEFAULT_ORDER)) }];

/** Tier: policies are evaluated tier by tier (reference/storage 3.11). */
export const tier: StoredKind<TierSpec> = {
  dialect: 'v3',
  kind: 'Tier',
  plural: 'tiers',
  namespaced: false,
  words: ['tier', 'tiers'],
  spec,
  status: objectOf('the status of a Tier', []),
  nameProblem: dnsLabelProblem,
  applyDefaults: fillIn,
  applyReadDefaults: fillIn,
  check(object, problems) {
    const { name } = object.metadata;
    const fixed = BUILT_IN_TIERS[name];
    if (fixed === undefined) return;
    if (orderOf(object) !== fixed.order) problems.add('rule', ['spec', 'order'], `the order of tier ${name} is fixed: ${fixed.order}`);
    if (object.spec.defaultAction !== fixed.defaultAction) {
      problems.add('rule', ['spec', 'defaultAction'], `the default action of tier ${name} is fixed: ${fixed.defaultAction}`);
    }
  },
  readOnly(object, verb) {
    const { name } = object.metadata;
    return verb === 'delete' && BUILT_IN_TIERS[name] !== undefined ? `the tier ${name} cannot be deleted: every Calico network has it` : undefined;
  },
  columns: { ps: columns, wide: columns },
  compare: (left, right) => orderOf(left) - orderOf(right) || compareBytes(left.metadata.name, right.metadata.name),
};

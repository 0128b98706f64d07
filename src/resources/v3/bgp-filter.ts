import { listOf } from '../fields/collections.js';
import { field, type Of } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import type { StoredKind, StoredObject } from '../kind.js';
import { plainText } from '../plain-text.js';
import { bgpFilterRule, checkBgpFilterRule } from './bgp-filter-rule.js';
import { nameColumn } from './columns.js';
import { subdomainProblem } from './names.js';

/** The four lists of rules. */
const LISTS = ['exportV4', 'importV4', 'exportV6', 'importV6'] as const;

const rulesV4 = listOf(bgpFilterRule(4));
const rulesV6 = listOf(bgpFilterRule(6));

const spec = objectOf('the spec of a BGPFilter', [field('exportV4', rulesV4), field('importV4', rulesV4), field('exportV6', rulesV6), field('importV6', rulesV6)]);

/** The spec of a BGPFilter (reference/storage 3.11). */
export type BgpFilterSpec = Of<typeof spec>;

function count(name: keyof BgpFilterSpec): (object: StoredObject<BgpFilterSpec>) => string {
  return ({ spec: { [name]: rules } }) => (Array.isArray(rules) ? String(rules.length) : plainText(rules, '0'));
}

const columns = [
  nameColumn,
  { heading: 'NUMEXPORTV4', cell: count('exportV4') },
  { heading: 'NUMIMPORTV4', cell: count('importV4') },
  { heading: 'NUMEXPORTV6', cell: count('exportV6') },
  { heading: 'NUMIMPORTV6', cell: count('importV6') },
];

/** BGPFilter: which routes a peer gets and gives (reference/storage 3.11). */
export const bgpFilter: StoredKind<BgpFilterSpec> = {
  dialect: 'v3',
  kind: 'BGPFilter',
  plural: 'bgpfilters',
  namespaced: false,
  words: ['bgpfilter', 'bgpfilters', 'bgpf', 'bgpfs', 'bf', 'bfs'],
  spec,
  nameProblem: subdomainProblem,
  check(object, problems) {
    for (const list of LISTS) {
      object.spec[list]?.forEach((rule, index) => checkBgpFilterRule(rule, ['spec', list, index], problems));
    }
  },
  columns: { ps: columns, wide: columns },
};

import { formatCidr, overlaps, parseCidr, type Cidr } from '../../net/address.js';
import { parseSelector } from '../../selector/parse.js';
import { usesGlobal } from '../../selector/questions.js';
import { listOf } from '../fields/collections.js';
import { field, reportedUnder, type AsRead, type Decoding, type ObjectOf } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { bool, integer, oneOf, text } from '../fields/scalars.js';
import { selectorText } from '../fields/selector.js';
import type { StoredKind, StoredObject } from '../kind.js';
import { plainText } from '../plain-text.js';
import type { Path } from '../problem.js';
import { nameColumn, specColumn } from './columns.js';
import { withDefaults } from './defaults.js';
import { USUAL_USES, usualBlockSize } from './ip-pool-defaults.js';
import { checkPool } from './ip-pool-rules.js';
import { subdomainProblem } from './names.js';
import { cidrText } from './networks.js';
import { STORED_AS } from './stored-as.js';
import { demanded } from '../fields/json-rules.js';

const MODES = ['Never', 'Always', 'CrossSubnet'] as const;

const selector = selectorText('v3', {
  problem(value) {
    const parsed = parseSelector(value, 'v3');
    return parsed.ok && usesGlobal(parsed.selector) ? 'global() cannot be used in the selectors of a pool; write all()' : undefined;
  },
});

const fields = [
  field('cidr', cidrText, { goName: 'CIDR', write: 'always', mistakenFor: ['network', 'subnet', 'ipRange'] }),
  field('vxlanMode', oneOf('a VXLAN mode', MODES), { goName: 'VXLANMode', mistakenFor: ['vxlan'] }),
  field('ipipMode', oneOf('an IPIP mode', MODES), { goName: 'IPIPMode', mistakenFor: ['ipip'] }),
  field('natOutgoing', bool, { goName: 'NATOutgoing', mistakenFor: ['nat-outgoing'] }),
  field('disabled', bool),
  field('disableBGPExport', bool),
  field('blockSize', integer({ name: 'a block size' })),
  field('nodeSelector', selector),
  field('namespaceSelector', selector),
  field('allowedUses', listOf(oneOf('a use of a pool', ['Workload', 'Tunnel', 'LoadBalancer'], { checkEmpty: true }))),
  field('assignmentMode', oneOf('an assignment mode', ['Automatic', 'Manual'], { checkEmpty: true }), { write: 'given' }),
];

/** The spec of a pool (reference/storage 3.2). */
export type IpPoolSpec = ObjectOf<typeof fields>;

const spec = objectOf('the spec of an IPPool', fields, { check: checkMapped, json: { ...demanded('cidr'), properties: { blockSize: { anyOf: [{ enum: [null, 0] }, { minimum: 20, maximum: 32 }, { minimum: 116, maximum: 128 }] } } } });

/** Calico counts the 96 bits before an IPv4-mapped network as part of its length, and finds no block in it (libcalico-go's ippool.go). */
function checkMapped({ cidr: text = '', disabled }: AsRead<IpPoolSpec>, path: Path, to: Decoding): void {
  const cidr = parseCidr(text);
  if (cidr?.address.version !== 4 || !text.includes(':') || disabled === true || reportedUnder([...path, 'disabled'], to)) return;
  to.problems.add('rule', [...path, 'cidr'], `${text} is too small for Calico IPAM, which treats an IPv4-mapped network as IPv6`, { hint: `write ${formatCidr(cidr)}` });
}

const condition = objectOf('a condition', [
  field('type', text(), { write: 'always' }),
  field('status', text(), { write: 'always' }),
  field('observedGeneration', integer({ name: 'a generation' })),
  field('lastTransitionTime', text(), { write: 'always' }),
  field('reason', text(), { write: 'always' }),
  field('message', text(), { write: 'always' }),
]);

/** Defaults that depend on the family of the pool; an unreadable cidr leaves the block size out. */
function fillIn(object: StoredObject<IpPoolSpec>): void {
  const cidr = poolCidr(object);
  object.spec = withDefaults(spec, object.spec, {
    ...(cidr === undefined ? {} : { blockSize: usualBlockSize(cidr) }),
    vxlanMode: 'Never',
    ipipMode: 'Never',
    nodeSelector: 'all()',
    allowedUses: USUAL_USES,
    assignmentMode: 'Automatic',
  });
}

/** The network of a pool, or undefined where a stored pool's is unreadable. */
export function poolCidr(object: StoredObject<IpPoolSpec>): Cidr | undefined {
  return parseCidr(plainText(object.spec.cidr));
}

/** IPPool: where the addresses of workloads come from (reference/storage 3.2). */
export const ipPool: StoredKind<IpPoolSpec> = {
  dialect: 'v3',
  ...STORED_AS.IPPool,
  words: ['ippool', 'ippools', 'ipp', 'ipps', 'pool', 'pools'],
  spec,
  optionalStatus: objectOf('the status of an IPPool', [field('conditions', listOf(condition))]),
  nameProblem: subdomainProblem,
  applyDefaults(object) {
    fillIn(object);
    const cidr = poolCidr(object);
    if (cidr !== undefined) object.spec.cidr = formatCidr(cidr);
  },
  applyReadDefaults: fillIn,
  check: checkPool,
  columns: {
    ps: [nameColumn, specColumn('CIDR', 'cidr'), specColumn('SELECTOR', 'nodeSelector')],
    wide: [
      nameColumn,
      specColumn('CIDR', 'cidr'),
      specColumn('NAT', 'natOutgoing', 'false'),
      specColumn('IPIPMODE', 'ipipMode'),
      specColumn('VXLANMODE', 'vxlanMode'),
      specColumn('DISABLED', 'disabled', 'false'),
      specColumn('DISABLEBGPEXPORT', 'disableBGPExport', 'false'),
      specColumn('SELECTOR', 'nodeSelector'),
      specColumn('ASSIGNMENTMODE', 'assignmentMode'),
    ],
  },
};

/** Whether a pool's network overlaps that of another pool, disabled ones included; a pool of the same name is skipped (reference/storage 2.7). */
export function poolOverlapProblem(object: StoredObject<IpPoolSpec>, pools: readonly StoredObject<IpPoolSpec>[]): string | undefined {
  const cidr = poolCidr(object);
  if (cidr === undefined) return undefined;
  for (const other of pools) {
    if (other.metadata.name === object.metadata.name) continue;
    const taken = poolCidr(other);
    if (taken !== undefined && overlaps(cidr, taken)) {
      return `the network ${formatCidr(cidr)} overlaps with ${formatCidr(taken)} of the pool ${other.metadata.name}`;
    }
  }
  return undefined;
}

/** What of a pool an update would change although it can never change, or undefined (reference/storage 2.7). */
export function immutablePoolProblem(before: StoredObject<IpPoolSpec>, after: StoredObject<IpPoolSpec>): string | undefined {
  const changed = (['cidr', 'blockSize'] as const).filter((name) => before.spec[name] !== after.spec[name]);
  const facts = changed.map((name) => `the ${name} of a pool cannot be changed from ${String(before.spec[name])} to ${String(after.spec[name])}`);
  return facts.length === 0 ? undefined : facts.join('; ');
}

/**
 * Whether addresses were already handed out from the pool's network in blocks of another size (reference/storage 2.7).
 * @param blocks the networks of all allocation blocks
 */
export function poolBlockSizeProblem(object: StoredObject<IpPoolSpec>, blocks: readonly Cidr[]): string | undefined {
  const cidr = poolCidr(object);
  const size = object.spec.blockSize;
  const other = cidr && blocks.find((block) => block.length !== size && overlaps(cidr, block));
  return other && `addresses of this network are already allocated in blocks of another size: ${formatCidr(other)}, not /${String(size)}`;
}

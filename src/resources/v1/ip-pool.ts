import { isMap } from '../../base/data.js';
import { bits, formatCidr, isMasked, network, overlaps, parseCidr, parseCidrOrIp, type Cidr } from '../../net/address.js';
import { InvalidRequest } from '../../base/errors.js';
import { field, type AsStored, type Of } from '../fields/field.js';
import { cidr } from '../fields/network.js';
import { objectOf, type ObjectType } from '../fields/object.js';
import { bool, oneOf } from '../fields/scalars.js';
import type { ClassicDocument, StoredObject } from '../kind.js';
import type { Problems } from '../problem.js';
import { API_VERSION } from '../v3/document.js';
import { ipPool as stored, type IpPoolSpec } from '../v3/ip-pool.js';
import { allowedNames, classicKind, isNamed, named, sortText } from './classic-kind.js';
import { NAME_NOT_ADDRESS, poolName } from './names.js';
import { textOf } from './rule-conversion.js';
import { compact } from './rules.js';
import { sections } from './sections.js';

/** IPIP that is off and has no mode is not printed (reference/classic 1.5). */
const ipipType = objectOf('the IPIP settings of a pool', [field('enabled', bool), field('mode', oneOf('an IPIP mode', ['always', 'cross-subnet'], { off: 'enabled: false switches it off' }))]);

type Ipip = Of<typeof ipipType>;

const ipip: ObjectType<Ipip> = {
  ...ipipType,
  isZero: (value) => Object.keys(value).length === 0,
};

const { metadata, spec } = sections(
  'ipPool',
  [field('cidr', cidr(), { write: 'always', goName: 'CIDR', mistakenFor: ['network', 'subnet'] })],
  [
    field('ipip', ipip, { goName: 'IPIP' }),
    field('nat-outgoing', bool, { goName: 'NATOutgoing', mistakenFor: ['natOutgoing', 'nat'] }),
    field('disabled', bool),
  ],
);

const LINK_LOCAL = { 4: parseCidr('169.254.0.0/16') as Cidr, 6: parseCidr('fe80::/10') as Cidr };

/** The length of the longest pool that is as large as a block. */
const LONGEST = { 4: 26, 6: 122 };

/** Rules 1 to 4 (reference/classic 1.5); all that are broken are reported. */
function check({ metadata, spec }: Document, problems: Problems): void {
  const pool = parseCidr(named(metadata, 'cidr'));
  if (pool === undefined) return;
  const path = ['metadata', 'cidr'];
  const { version } = pool.address;
  const text = formatCidr(pool);
  if (version === 6 && isEnabled(spec)) problems.add('rule', ['spec', 'ipip', 'enabled'], 'IPIP is not supported on an IPv6 pool', { hint: 'leave ipip out' });
  if (spec.disabled !== true && pool.length > LONGEST[version]) {
    const hint = pool.length === bits(pool.address) ? `give the length of the network, such as /${version === 4 ? 16 : 64}` : undefined;
    problems.add('rule', path, `the pool ${text} is too small: /${LONGEST[version]} is the smallest from which addresses can be assigned`, { hint });
  }
  if (!isMasked(pool)) problems.add('rule', path, `${text} has bits set after its prefix length`, { hint: `write ${formatCidr(network(pool))}` });
  if (overlaps(pool, LINK_LOCAL[version])) problems.add('rule', path, `${text} overlaps with the link-local range ${formatCidr(LINK_LOCAL[version])}`);
}

function ipipOf({ ipip }: AsStored<Spec>): AsStored<Ipip> {
  return isMap(ipip) ? ipip : {};
}

function isEnabled(spec: AsStored<Spec>): boolean {
  return ipipOf(spec).enabled === true;
}

function modeToStored(spec: AsStored<Spec>): IpPoolSpec['ipipMode'] & string {
  if (!isEnabled(spec)) return 'Never';
  return ipipOf(spec).mode === 'cross-subnet' ? 'CrossSubnet' : 'Always';
}

/** The metadata of a classic document, and its spec. */
export type IpPoolMetadata = Of<typeof metadata>;
export type ClassicIpPoolSpec = Of<typeof spec>;

/** The spec of a classic document. */
type Spec = Of<typeof spec>;
type Meta = Of<typeof metadata>;
type Document = ClassicDocument<Spec, Meta>;

function convert({ metadata, spec }: Document): StoredObject<IpPoolSpec> {
  const text = named(metadata, 'cidr');
  return {
    kind: stored.kind,
    apiVersion: API_VERSION,
    metadata: { name: poolName(text) },
    spec: {
      cidr: text,
      vxlanMode: 'Never',
      ipipMode: modeToStored(spec),
      ...(spec['nat-outgoing'] === true ? { natOutgoing: true } : {}),
      ...(spec.disabled === true ? { disabled: true } : {}),
      blockSize: text.includes(':') ? LONGEST[6] : LONGEST[4],
      nodeSelector: 'all()',
      allowedUses: ['Workload', 'Tunnel'],
    },
  };
}

const CLASSIC_MODES: Readonly<Record<string, Ipip>> = { Always: { enabled: true, mode: 'always' }, CrossSubnet: { enabled: true, mode: 'cross-subnet' } };

function revert({ spec }: StoredObject<IpPoolSpec>): Document {
  const mode = textOf(spec.ipipMode) ?? '';
  const text = textOf(spec.cidr) ?? '';
  return {
    kind: 'ipPool',
    apiVersion: 'v1',
    metadata: { cidr: networkText(text) },
    spec: compact({
      ipip: Object.hasOwn(CLASSIC_MODES, mode) ? { ...CLASSIC_MODES[mode] } : undefined,
      'nat-outgoing': spec.natOutgoing === true ? true : undefined,
      disabled: spec.disabled === true ? true : undefined,
    }),
  };
}

/** A network in the form in which it is compared: without host bits. Unreadable text stays. */
function networkText(text: string): string {
  const parsed = parseCidrOrIp(text);
  return parsed === undefined ? text : formatCidr(network(parsed));
}

/** The pool that an argument of the command line names: its prefix length is needed, its host bits are not (reference/classic 4.2). */
function networkArgument(metadata: AsStored<Meta>): AsStored<Meta> {
  const text = named(metadata, 'cidr');
  if (text !== '' && parseCidr(text) === undefined) throw new InvalidRequest(`invalid CIDR address: ${text}`, 'write a network with its prefix length, such as 10.0.0.0/16');
  return text === '' ? metadata : { ...metadata, cidr: networkText(text) };
}

/** A pool has one encapsulation: where the document asks for IPIP, it ends an earlier VXLAN. */
function endOtherEncapsulation(_existing: unknown, joined: AsStored<IpPoolSpec>): void {
  if (joined.ipipMode !== 'Never') joined.vxlanMode = 'Never';
}

const CIDR = { heading: 'CIDR', cell: ({ metadata }: Document) => named(metadata, 'cidr') };

/** ipPool: a network from which workloads get their addresses (reference/classic 1.5). */
export const ipPool = classicKind({
  kind: 'ipPool',
  goName: 'IPPool',
  words: ['ippool', 'ippools', 'ipp', 'ipps', 'pool', 'pools'],
  metadata,
  spec,
  stored,
  identity: ['cidr'],
  check,
  identityText: (metadata) => `IPPool(cidr=${named(metadata, 'cidr')})`,
  nameField: 'cidr',
  readArgument: networkArgument,
  identifiers: [],
  convert,
  revert,
  places: {
    'metadata.name': ['metadata', 'cidr'],
    'spec.cidr': ['metadata', 'cidr'],
    'spec.ipipMode': ['spec', 'ipip'],
    'spec.natOutgoing': ['spec', 'nat-outgoing'],
  },
  decides: { spec: ['ipipMode', 'natOutgoing', 'disabled'], join: endOtherEncapsulation },
  storedNames: (metadata) => (isNamed(metadata.cidr) ? allowedNames(stored, [poolName(metadata.cidr)]) : []),
  foundByContent: true,
  storedNameForm: NAME_NOT_ADDRESS,
  matches: (wanted, found) => !isNamed(wanted.cidr) || networkText(wanted.cidr) === networkText(named(found, 'cidr')),
  sortKey(metadata) {
    const text = named(metadata, 'cidr');
    return sortText(text.includes(':') ? '6' : '4', text);
  },
  columns: {
    ps: [CIDR],
    wide: [
      CIDR,
      { heading: 'NAT', cell: ({ spec }: Document) => String(spec['nat-outgoing'] === true) },
      { heading: 'IPIP', cell: ({ spec }: Document) => String(isEnabled(spec)) },
    ],
  },
});

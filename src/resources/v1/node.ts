import { isMap, type Data } from '../../base/data.js';
import { formatCidr } from '../../net/address.js';
import { listOf } from '../fields/collections.js';
import { field, type AsStored, type Decoding, type ObjectOf, type Of } from '../fields/field.js';
import { asNumber, cidr } from '../fields/network.js';
import { objectOf } from '../fields/object.js';
import { text } from '../fields/scalars.js';
import { ConversionError, type ClassicDocument, type StoredObject } from '../kind.js';
import { plainText } from '../plain-text.js';
import type { Path } from '../problem.js';
import { API_VERSION } from '../v3/document.js';
import { node as stored, type NodeBgp, type NodeSpec } from '../v3/node.js';
import { allowedName, allowedNames, classicKind, isNamed, named } from './classic-kind.js';
import { sameNode, storedNodeName } from './names.js';
import { maps, textOf } from './rule-conversion.js';
import { compact } from './rules.js';
import { isGiven, sections } from './sections.js';
import { nodeName } from './texts.js';
import { CIDR_OR_IP, IPV6 } from '../fields/patterns.js';

function address(version: 4 | 6): ReturnType<typeof cidr> {
  const name = `an IPv${version} address with a prefix length, such as ${version === 4 ? '10.0.0.1/24' : 'fd00::1/64'}`;
  return cidr({ name, checkEmpty: true, pattern: version === 4 ? CIDR_OR_IP : `${IPV6}(?:/[0-9]+)?`, problem: (value) => (value.address.version === version ? undefined : `${formatCidr(value)} is not ${name}`) });
}

const bgpFields = [
  field('asNumber', asNumber, { write: 'given', goName: 'ASNumber' }),
  field('ipv4Address', address(4), { pointer: true, goName: 'IPv4Address' }),
  field('ipv6Address', address(6), { pointer: true, goName: 'IPv6Address' }),
];

/** The BGP settings of a node of which v1 has words. */
type Bgp = AsStored<ObjectOf<typeof bgpFields>>;

const bgp = objectOf('the BGP settings of a node', bgpFields, { check: checkAddresses });

function checkAddresses(_value: unknown, path: Path, to: Decoding, raw: Data): void {
  if (isGiven(raw, 'ipv4Address') || isGiven(raw, 'ipv6Address')) return;
  to.problems.add('rule', path, 'bgp needs an address: ipv4Address, ipv6Address or both', { hint: 'leave bgp out for a node without BGP', lacks: [[...path, 'ipv4Address'], [...path, 'ipv6Address']] });
}

const orchRef = objectOf('a reference to an orchestrator', [field('nodeName', text()), field('orchestrator', text(), { write: 'always' })]);

type Document = ClassicDocument<Of<typeof spec>, Of<typeof metadata>>;

function convert({ metadata, spec }: Document): StoredObject<NodeSpec> {
  const name = named(metadata, 'name');
  const settings: Bgp | undefined = isMap(spec.bgp) ? spec.bgp : undefined;
  if (settings !== undefined && !hasAddress(settings)) {
    throw new ConversionError('Invalid NodeBGPSpec, missing address', ['spec', 'bgp']);
  }
  return {
    kind: stored.kind,
    apiVersion: API_VERSION,
    metadata: { name: allowedName(stored, storedNodeName(name), name, 'name') },
    spec: { ...settingsOf(settings), ...references(spec) },
    status: {},
  };
}

function hasAddress(settings: Bgp): boolean {
  return isNamed(settings.ipv4Address) || isNamed(settings.ipv6Address);
}

function settingsOf(settings: Bgp | undefined): AsStored<Pick<NodeSpec, 'bgp'>> {
  const { asNumber, ipv4Address, ipv6Address } = settings ?? {};
  return settings === undefined ? {} : { bgp: compact({ asNumber, ipv4Address, ipv6Address }) };
}

function references(spec: AsStored<Pick<NodeSpec, 'orchRefs'>>): AsStored<Pick<NodeSpec, 'orchRefs'>> {
  const list = maps(spec.orchRefs).map(({ nodeName, orchestrator }) => compact({ nodeName: textOf(nodeName), orchestrator: textOf(orchestrator) ?? '' }));
  return list.length === 0 ? {} : { orchRefs: list };
}

function revert({ metadata, spec }: StoredObject<NodeSpec>): Document {
  const settings = isMap(spec.bgp) && hasAddress(spec.bgp) ? spec.bgp : undefined;
  return { kind: 'node', apiVersion: 'v1', metadata: { name: metadata.name }, spec: { ...settingsOf(settings), ...references(spec) } };
}

/** The fields of a node's BGP settings in which v1 has a say. */
const DECIDED_SETTINGS: readonly string[] = bgpFields.map(({ name }) => name);

function joinSettings(existing: AsStored<NodeSpec>, joined: AsStored<NodeSpec>): void {
  const kept: Data = {};
  for (const [name, value] of Object.entries(isMap(existing.bgp) ? existing.bgp : {})) if (!DECIDED_SETTINGS.includes(name)) kept[name] = value;
  const settings = { ...(joined.bgp as Data | undefined), ...kept };
  if (Object.keys(settings).length > 0) joined.bgp = settings;
}

/** What the agents of a node report: its addresses and interfaces, and those of its tunnels. */
function withoutReports({ status: _status, ...object }: StoredObject<NodeSpec>): StoredObject<NodeSpec> {
  const { addresses: _addresses, interfaces: _interfaces, ipv4VXLANTunnelAddr: _4, ipv6VXLANTunnelAddr: _6, vxlanTunnelMACAddr: _mac, vxlanTunnelMACAddrV6: _mac6, wireguard: _wireguard, ...spec } = object.spec;
  if (!isMap(spec.bgp)) return { ...object, spec };
  const { ipv4IPIPTunnelAddr: _ipip, ...bgp }: AsStored<NodeBgp> = spec.bgp;
  return { ...object, spec: { ...spec, bgp } };
}

function bgpText(document: Document, name: keyof Bgp): string {
  const settings: unknown = document.spec.bgp;
  return isMap(settings) ? plainText(settings[name]) : '';
}

const { metadata, spec } = sections('node', [field('name', nodeName)], [
  field('bgp', bgp, { write: 'given', goName: 'BGP' }),
  field('orchRefs', listOf(orchRef)),
]);

const NAME = { heading: 'NAME', cell: ({ metadata }: Document) => named(metadata, 'name') };

/** node: a host of the cluster (reference/classic 1.3). */
export const node = classicKind({
  kind: 'node',
  goName: 'Node',
  words: ['node', 'nodes', 'no', 'nos'],
  metadata,
  spec,
  stored,
  identity: ['name'],
  // A deletion calls what it lacks otherwise (reference/classic 4.3).
  missingIdentifiers: (metadata, verb) => (isNamed(metadata.name) ? [] : [verb === 'delete' ? 'node' : 'name']),
  identityText: (metadata) => `Node(name=${named(metadata, 'name')})`,
  nameField: 'name',
  identifiers: [],
  convert,
  revert,
  decides: { spec: ['bgp', 'orchRefs'], join: joinSettings },
  withoutReports,
  storedNames: (metadata) => allowedNames(stored, [storedNodeName(named(metadata, 'name'))]),
  matches: (wanted, found) => !isNamed(wanted.name) || sameNode(wanted.name, named(found, 'name')),
  sortKey: (metadata) => named(metadata, 'name'),
  columns: {
    ps: [NAME],
    wide: [
      NAME,
      {
        heading: 'ASN',
        cell(document: Document, { globalAsNumber }) {
          if (!isMap(document.spec.bgp)) return '';
          return bgpText(document, 'asNumber') || `(${globalAsNumber})`;
        },
      },
      { heading: 'IPV4', cell: (document) => bgpText(document, 'ipv4Address') },
      { heading: 'IPV6', cell: (document) => bgpText(document, 'ipv6Address') },
    ],
  },
});

import { field, type AsRead, type AsStored, type Decoding, type ObjectOf, type Of } from '../fields/field.js';
import { asNumber, ipAddress } from '../fields/network.js';
import { oneOf } from '../fields/scalars.js';
import { ConversionError, type ClassicDocument, type StoredObject } from '../kind.js';
import { plainText } from '../plain-text.js';
import type { Path } from '../problem.js';
import { formatIp } from '../../net/address.js';
import { bgpPeer as stored, peerAddress, type BgpPeerSpec } from '../v3/bgp-peer.js';
import { API_VERSION } from '../v3/document.js';
import { allowedName, allowedNames, classicKind, isNamed, metadataPath, named, sortText } from './classic-kind.js';
import { addressName, NAME_NOT_ADDRESS, storedNodeName } from './names.js';
import { textOf } from './rule-conversion.js';
import { compact } from './rules.js';
import { sections } from './sections.js';
import { nodeName } from './texts.js';

const metadataFields = [
  field('scope', oneOf('a scope', ['global', 'node']), { write: 'always' }),
  field('node', nodeName),
  field('peerIP', ipAddress(), { write: 'always', mistakenFor: ['ip', 'peer'] }),
];

function checkScope({ scope, node }: AsRead<ObjectOf<typeof metadataFields>>, path: Path, to: Decoding): void {
  if (scope !== 'global' || node === undefined) return;
  to.problems.add('rule', [...path, 'node'], 'a peer with scope global cannot have a node', { hint: 'remove "node", or write scope: node' });
}

const { metadata, spec } = sections(
  'bgpPeer',
  metadataFields,
  [field('asNumber', asNumber, { write: 'always', goName: 'ASNumber', mistakenFor: ['as', 'asn', 'asNum'] })],
  { metadata: checkScope },
);

/** The metadata of a classic document, and what chooses the nodes of a peer that only v3 can say. */
type Meta = ObjectOf<typeof metadataFields> & { readonly nodeSelector?: unknown };
type Document = ClassicDocument<Of<typeof spec>, Meta>;

/** The name that a peer has in v3 (reference/storage 4.3). */
function peerName(metadata: AsStored<Meta>): string {
  const address = addressName(named(metadata, 'peerIP'));
  return metadata.scope === 'node' ? `${storedNodeName(named(metadata, 'node'))}.${address}` : address;
}

/** Where neither scope nor node is given, the peer asks for the node. */
function missingIdentifiers(metadata: AsStored<Meta>): readonly (keyof Meta)[] {
  const needed: readonly (keyof Meta)[] = metadata.scope === 'global' ? ['peerIP'] : ['peerIP', 'node', 'scope'];
  return needed.filter((name) => !isNamed(metadata[name]));
}

function checkIdentifiers(metadata: AsStored<Meta>): void {
  const missing = !isNamed(metadata.peerIP) ? 'peerIP' : !isNamed(metadata.scope) ? 'scope' : missingIdentifiers(metadata)[0];
  if (missing !== undefined) throw new ConversionError(`insufficient identifiers, missing '${missing}'`, metadataPath(missing));
  if (metadata.scope === 'global' && isNamed(metadata.node)) throw new ConversionError('a peer with scope global cannot have a node', metadataPath('node'));
}

function convert({ metadata, spec }: Document): StoredObject<BgpPeerSpec> {
  checkIdentifiers(metadata);
  const node = isNamed(metadata.node) ? allowedName(stored, storedNodeName(metadata.node), metadata.node, 'node') : undefined;
  return {
    kind: stored.kind,
    apiVersion: API_VERSION,
    metadata: { name: peerName(metadata) },
    spec: compact({ node, peerIP: metadata.peerIP, asNumber: spec.asNumber === 0 ? undefined : spec.asNumber }),
  };
}

/** Fields that choose the nodes or their peers by selectors: such a peer is neither of all nodes nor of one. */
const SELECTORS = ['nodeSelector', 'peerSelector', 'localWorkloadSelector'] as const;

function scopeOf(spec: AsStored<BgpPeerSpec>): string {
  if (textOf(spec.node) !== undefined) return 'node';
  return SELECTORS.some((name) => textOf(spec[name]) !== undefined) ? 'selector' : 'global';
}

function revert({ spec }: StoredObject<BgpPeerSpec>): Document {
  const address = peerAddress(textOf(spec.peerIP) ?? '');
  const node = textOf(spec.node);
  return {
    kind: 'bgpPeer',
    apiVersion: 'v1',
    metadata: compact({ scope: scopeOf(spec), node, nodeSelector: textOf(spec.nodeSelector), peerIP: address === undefined ? (textOf(spec.peerIP) ?? '') : formatIp(address) }),
    spec: { asNumber: spec.asNumber ?? 0 },
  };
}

const columns = [
  { heading: 'SCOPE', cell: ({ metadata }: Document) => named(metadata, 'scope') },
  { heading: 'PEERIP', cell: ({ metadata }: Document) => named(metadata, 'peerIP') },
  { heading: 'NODE', cell: ({ metadata }: Document) => named(metadata, 'node') || named(metadata, 'nodeSelector') },
  { heading: 'ASN', cell: ({ spec }: Document) => plainText(spec.asNumber) },
];

/** bgpPeer: whom all nodes, or one of them, speak BGP with (reference/classic 1.4). */
export const bgpPeer = classicKind({
  kind: 'bgpPeer',
  goName: 'BGPPeer',
  words: ['bgppeer', 'bgppeers', 'bgpp', 'bgpps', 'bp', 'bps'],
  metadata,
  spec,
  stored,
  identity: ['scope', 'node', 'peerIP'],
  missingIdentifiers,
  identityText: (metadata) => `BGPPeer(${metadata.scope === 'node' ? `node=${named(metadata, 'node')}` : 'global'}, ip=${named(metadata, 'peerIP')})`,
  nameField: 'peerIP',
  identifiers: ['node', 'scope'],
  convert,
  revert,
  places: { 'metadata.name': ['metadata'], 'spec.node': ['metadata', 'node'], 'spec.peerIP': ['metadata', 'peerIP'] },
  decides: { spec: ['node', 'asNumber'] },
  storedNames: (metadata) => (missingIdentifiers(metadata).length === 0 ? allowedNames(stored, [peerName(metadata)]) : []),
  foundByContent: true,
  storedNameForm: NAME_NOT_ADDRESS,
  sortKey(metadata) {
    const ip = named(metadata, 'peerIP');
    return sortText({ global: '0', node: '1' }[named(metadata, 'scope')] ?? '2', named(metadata, 'node'), ip.includes(':') ? '6' : '4', ip);
  },
  columns: { ps: columns, wide: columns },
});

import type { Data } from '../../base/data.js';
import { listOf } from '../fields/collections.js';
import { field, type AsRead, type AsStored, type Decoding, type ObjectOf, type Of } from '../fields/field.js';
import { ipAddress } from '../fields/network.js';
import type { ClassicDocument, StoredObject } from '../kind.js';
import type { Path } from '../problem.js';
import { API_VERSION } from '../v3/document.js';
import { hostEndpoint as stored, type HostEndpointSpec } from '../v3/host-endpoint.js';
import { allowedName, allowedNames, classicKind, escapedName, identifiedBy, named, sortText } from './classic-kind.js';
import { ipv4First, labelsWith, profilesToStored, unlessEmpty } from './endpoint-parts.js';
import { classicProfileName, storedName, storedNodeName } from './names.js';
import { maps, protocolToStored, texts, textOf } from './rule-conversion.js';
import { compact, normalized } from './rules.js';
import { isGiven, sections } from './sections.js';
import { hostInterface, labels, nodeName, profileReference, slashedName } from './texts.js';

const specFields = [
  field('interfaceName', hostInterface, { mistakenFor: ['interface'] }),
  // The classic tool stores an empty text as an empty address (reference/classic 1.9).
  field('expectedIPs', listOf(ipAddress({ checkEmpty: true }), { name: 'a list of IP addresses' }), { mistakenFor: ['ips', 'ipNetworks'] }),
  field('profiles', listOf(profileReference), { mistakenFor: ['profile'] }),
];

/** The spec of a classic document. */
type Spec = ObjectOf<typeof specFields>;

/** An empty list of addresses chooses nothing, like none at all; one that is wrong was reported already. */
function checkChoice(value: AsRead<Spec>, path: Path, to: Decoding, raw: Data): void {
  const chosen = value.interfaceName !== undefined || value.expectedIPs !== undefined;
  if (chosen || isNonEmpty(raw, 'interfaceName') || isNonEmpty(raw, 'expectedIPs')) return;
  to.problems.add('rule', path, 'a host endpoint needs an interfaceName or expectedIPs', { lacks: [[...path, 'interfaceName'], [...path, 'expectedIPs']] });
}

function isNonEmpty(raw: Data, name: keyof Spec): boolean {
  const value = Object.entries(raw).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  return isGiven(raw, name) && value !== '' && !(Array.isArray(value) && value.length === 0);
}

const parts = sections(
  'hostEndpoint',
  [field('name', slashedName), field('node', nodeName), field('labels', labels)],
  specFields,
  { spec: checkChoice },
);

const spec = normalized(parts.spec, (value) => (value.expectedIPs === undefined ? value : { ...value, expectedIPs: ipv4First(value.expectedIPs, String) }));

type Meta = Of<typeof parts.metadata>;

/** A classic document; those of later classic versions have ports. */
type Document = ClassicDocument<Spec & { readonly ports?: unknown }, Meta>;

/** The name of a host endpoint in v3, before it is looked at whether v3 allows it. The hash is over the converted node name (case convert-030). */
function endpointName(metadata: AsStored<Meta>): string {
  return storedName(`${storedNodeName(named(metadata, 'node'))}.${named(metadata, 'name')}`);
}

function convert({ metadata, spec }: Document): StoredObject<HostEndpointSpec> {
  const node = named(metadata, 'node');
  return {
    kind: stored.kind,
    apiVersion: API_VERSION,
    metadata: { name: allowedName(stored, endpointName(metadata), named(metadata, 'name'), 'name'), ...labelsWith(metadata.labels, String) },
    spec: compact({
      node: allowedName(stored, storedNodeName(node), node, 'node'),
      interfaceName: textOf(spec.interfaceName),
      expectedIPs: unlessEmpty(ipv4First(texts(spec.expectedIPs), String)),
      profiles: profilesToStored(spec.profiles),
      ports: portsToStored(spec.ports),
    }),
  };
}

/** Manifests of calicoctl 1.6 have no ports; those of later classic versions do (reference/storage 4.3). */
function portsToStored(list: unknown): readonly Data[] | undefined {
  return unlessEmpty(maps(list).map((port) => compact({ ...port, protocol: protocolToStored(port['protocol']) })));
}

function revert({ metadata, spec }: StoredObject<HostEndpointSpec>): Document {
  const node = textOf(spec.node) ?? '';
  const name = metadata.name.startsWith(`${node}.`) ? metadata.name.slice(node.length + 1) : metadata.name;
  return {
    kind: 'hostEndpoint',
    apiVersion: 'v1',
    metadata: { name, node, ...labelsWith(metadata.labels, String) },
    spec: compact({
      interfaceName: textOf(spec.interfaceName),
      expectedIPs: unlessEmpty(texts(spec.expectedIPs)),
      profiles: unlessEmpty(texts(spec.profiles).map(classicProfileName)),
    }),
  };
}

const SHORT = [
  { heading: 'NODE', cell: ({ metadata }: Document) => named(metadata, 'node') },
  { heading: 'NAME', cell: ({ metadata }: Document) => named(metadata, 'name') },
];

/** hostEndpoint: an interface of a host (reference/classic 1.9). */
export const hostEndpoint = classicKind({
  kind: 'hostEndpoint',
  goName: 'HostEndpoint',
  words: ['hostendpoint', 'hostendpoints', 'hep', 'heps'],
  metadata: parts.metadata,
  spec,
  stored,
  identity: ['node', 'name'],
  identityText: (metadata) => identifiedBy('HostEndpoint', metadata, ['node', 'name']),
  nameField: 'name',
  identifiers: ['node'],
  convert,
  revert,
  places: { 'spec.node': ['metadata', 'node'] },
  decides: { spec: ['node', 'interfaceName', 'expectedIPs', 'profiles'], labels: true },
  storedNames(metadata) {
    const name = named(metadata, 'name');
    return name === '' || named(metadata, 'node') === '' ? [] : allowedNames(stored, [endpointName(metadata), name]);
  },
  sortKey: (metadata) => sortText(named(metadata, 'node'), escapedName(named(metadata, 'name'))),
  columns: {
    ps: SHORT,
    wide: [
      ...SHORT,
      { heading: 'INTERFACE', cell: ({ spec }: Document) => named(spec, 'interfaceName') },
      { heading: 'IPS', cell: ({ spec }: Document) => texts(spec.expectedIPs).join(',') },
      { heading: 'PROFILES', cell: ({ spec }: Document) => texts(spec.profiles).join(',') },
    ],
  },
});

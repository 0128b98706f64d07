import type { Data } from '../../base/data.js';
import { containsIp, formatCidr, parseCidr, parseIp } from '../../net/address.js';
import { listOf } from '../fields/collections.js';
import { field, reportedUnder, type AsRead, type AsStored, type Decoding, type ObjectOf } from '../fields/field.js';
import { cidr, familyOf, ipAddress, mac } from '../fields/network.js';
import { objectOf } from '../fields/object.js';
import { ConversionError, type ClassicDocument, type StoredObject } from '../kind.js';
import type { Path } from '../problem.js';
import { API_VERSION } from '../v3/document.js';
import { NAMESPACE_LABEL, ORCHESTRATOR_LABEL } from '../field-labels.js';
import { workloadEndpoint as stored, type WorkloadEndpointSpec } from '../v3/workload-endpoint.js';
import { workloadEndpointName } from '../v3/workload-endpoint-name.js';
import { allowedName, classicKind, escapedName, identifiedBy, metadataPath, named, sortText } from './classic-kind.js';
import { ipv4First, labelsWith, profilesToStored, unlessEmpty } from './endpoint-parts.js';
import { classicLabelKey, classicProfileName, storedLabelKey } from './names.js';
import { maps, texts, textOf } from './rule-conversion.js';
import { compact, normalized } from './rules.js';
import { sections } from './sections.js';
import { instanceName, labels, nodeName, profileReference, slashedName, workloadInterface } from './texts.js';
import { converterProblem, storedIdentity } from './workload-identity.js';
import { IPV4, IPV6 } from '../fields/patterns.js';

const network = cidr({
  name: 'an address such as 10.0.0.1/32',
  pattern: `${IPV4}(?:/0*32)?|${IPV6}(?:/0*128)?`,
  checkEmpty: true,
  problem: (value) => (value.length === (value.address.version === 4 ? 32 : 128) ? undefined : `${formatCidr(value)} contains more than one address`),
  hint: 'write the address of the endpoint, alone or with /32 (IPv4) or /128 (IPv6)',
});

const end = ipAddress({ checkEmpty: true });

const natFields = [
  field('internalIP', end, { write: 'always', required: 'a NAT needs an internalIP' }),
  field('externalIP', end, { write: 'always', required: 'a NAT needs an externalIP' }),
];

type Nat = ObjectOf<typeof natFields>;

const nat = objectOf('a NAT of an endpoint', natFields, { check: checkFamilies });

function checkFamilies({ internalIP = '', externalIP = '' }: AsRead<Nat>, path: Path, to: Decoding): void {
  if (internalIP === '' || externalIP === '') return;
  if (familyOf(internalIP) !== familyOf(externalIP)) to.problems.add('rule', [...path, 'externalIP'], `${externalIP} and the internalIP ${internalIP} are of different address families`);
}

const metadataFields = [
  field('name', slashedName),
  field('workload', slashedName),
  field('orchestrator', slashedName),
  field('node', nodeName),
  field('activeInstanceID', instanceName),
  field('labels', labels),
] as const;

/** The metadata of a classic document. */
export type WorkloadMetadata = ObjectOf<typeof metadataFields>;

const specFields = [
  field('ipNetworks', listOf(network, { name: 'a list of addresses' }), { goName: 'IPNetworks', mistakenFor: ['ips', 'expectedIPs', 'ipNets'] }),
  field('ipNATs', listOf(nat), { goName: 'IPNATs', mistakenFor: ['nats'] }),
  field('ipv4Gateway', ipAddress({ version: 4 }), { pointer: true, goName: 'IPv4Gateway' }),
  field('ipv6Gateway', ipAddress({ version: 6 }), { pointer: true, goName: 'IPv6Gateway' }),
  field('profiles', listOf(profileReference), { mistakenFor: ['profile'] }),
  field('interfaceName', workloadInterface, { required: 'a workload endpoint needs an interfaceName', mistakenFor: ['interface'] }),
  field('mac', mac, { pointer: true, goName: 'MAC' }),
];

/** The spec of a classic document. */
type Spec = ObjectOf<typeof specFields>;

/** What NAT sends to an endpoint has to be for one of its addresses. */
function checkNats({ ipNATs = [], ipNetworks = [] }: AsRead<Spec>, path: Path, to: Decoding): void {
  if (ipNATs.length === 0 || reportedUnder([...path, 'ipNetworks'], to)) return;
  const networks = ipNetworks.map(parseCidr);
  for (const [index, { internalIP = '' }] of ipNATs.entries()) {
    const ip = parseIp(internalIP);
    if (ip === undefined || networks.some((each) => each !== undefined && containsIp(each, ip))) continue;
    to.problems.add('rule', [...path, 'ipNATs', index, 'internalIP'], `${internalIP} is not one of the endpoint's ipNetworks`, { hint: `add ${internalIP} to ipNetworks`, lacks: [[...path, 'ipNetworks']] });
  }
}

const parts = sections(
  'workloadEndpoint',
  metadataFields,
  specFields,
  { spec: checkNats },
);

const spec = normalized(parts.spec, (value) => {
  if (value.ipNetworks !== undefined) value.ipNetworks = ipv4First(value.ipNetworks, String);
  if (value.ipNATs !== undefined) value.ipNATs = ipv4First(value.ipNATs, internalText);
  return value;
});

function internalText(nat: AsStored<Nat>): string {
  return named(nat, 'internalIP');
}

const IDENTIFIERS = ['node', 'orchestrator', 'workload', 'name'] as const;

/** A classic document; those of later classic versions have ports. */
type Document = ClassicDocument<Spec & { readonly ports?: unknown }, WorkloadMetadata>;

function convert({ metadata, spec }: Document): StoredObject<WorkloadEndpointSpec> {
  const { namespace, identifiers } = storedIdentity(metadata);
  const name = workloadEndpointName(identifiers);
  if (name === undefined) {
    const field = IDENTIFIERS.find((each) => !/[a-z0-9]/i.test(named(metadata, each))) ?? 'name';
    throw new ConversionError(`${JSON.stringify(named(metadata, field))} cannot be stored: Calico 3 makes names from letters and digits, and it has none`, metadataPath(field));
  }
  return {
    kind: stored.kind,
    apiVersion: API_VERSION,
    metadata: { name: allowedName(stored, name, named(metadata, 'name'), 'name'), namespace, ...labelsWith(metadata.labels, storedLabelKey) },
    spec: compact({
      ipNetworks: unlessEmpty(ipv4First(texts(spec.ipNetworks), String)),
      ipNATs: unlessEmpty(ipv4First(maps(spec.ipNATs), internalText).map(({ internalIP, externalIP }) => ({ internalIP, externalIP }))),
      ipv4Gateway: textOf(spec.ipv4Gateway),
      ipv6Gateway: textOf(spec.ipv6Gateway),
      profiles: profilesToStored(spec.profiles),
      interfaceName: spec.interfaceName,
      mac: textOf(spec.mac),
      ports: endpointPorts(spec.ports),
    }, identifiers),
  };
}

/** Ports of workloads keep the spelling of their protocol, which Calico reads regardless of its case (reference/storage 4.3). */
function endpointPorts(list: unknown): readonly Data[] | undefined {
  return unlessEmpty(maps(list).map((port) => ({ ...port, hostPort: 0, hostIP: '' })));
}

function revert({ metadata, spec }: StoredObject<WorkloadEndpointSpec>): Document {
  const orchestrator = textOf(spec.orchestrator) ?? '';
  const pod = orchestrator === 'k8s';
  const workload = pod ? `${textOf(metadata.namespace) ?? 'default'}.${textOf(spec.pod) ?? ''}` : orchestrator === 'cni' ? textOf(spec.containerID) : textOf(spec.workload);
  const keep = (key: string): boolean => key !== ORCHESTRATOR_LABEL && (pod || key !== NAMESPACE_LABEL);
  return {
    kind: 'workloadEndpoint',
    apiVersion: 'v1',
    metadata: compact({
      name: textOf(spec.endpoint) ?? metadata.name,
      workload,
      orchestrator: orchestrator === '' ? undefined : orchestrator,
      node: textOf(spec.node),
      activeInstanceID: pod ? textOf(spec.containerID) : undefined,
      // Every stored endpoint has the label of its namespace; only those of Kubernetes have it in v1.
      labels: labelsWith(metadata.labels, classicLabelKey, keep).labels,
    }),
    spec: compact({
      ipNetworks: unlessEmpty(texts(spec.ipNetworks)),
      ipNATs: unlessEmpty(maps(spec.ipNATs).map(({ internalIP, externalIP }) => ({ internalIP, externalIP }))),
      ipv4Gateway: textOf(spec.ipv4Gateway),
      ipv6Gateway: textOf(spec.ipv6Gateway),
      profiles: unlessEmpty(texts(spec.profiles).map(classicProfileName)),
      interfaceName: textOf(spec.interfaceName),
      mac: textOf(spec.mac),
    }),
  };
}

/** Only for Kubernetes and CNI v1 has a word for the container. */
function keepContainer(existing: AsStored<WorkloadEndpointSpec>, joined: AsStored<WorkloadEndpointSpec>): void {
  const { orchestrator } = joined;
  if (orchestrator !== 'k8s' && orchestrator !== 'cni' && existing.containerID !== undefined) joined.containerID = existing.containerID;
}

function metadataColumn(heading: string, name: keyof Document['metadata']): { heading: string; cell(document: Document): string } {
  return { heading, cell: ({ metadata }) => named(metadata, name) };
}

function optionalColumn(heading: string, name: keyof Spec): { heading: string; cell(document: Document): string } {
  return { heading, cell: ({ spec }) => textOf(spec[name]) ?? '<nil>' };
}

const SHORT = [
  metadataColumn('NODE', 'node'),
  metadataColumn('ORCHESTRATOR', 'orchestrator'),
  metadataColumn('WORKLOAD', 'workload'),
  metadataColumn('NAME', 'name'),
];

/** workloadEndpoint: an interface of a workload (reference/classic 1.8). */
export const workloadEndpoint = classicKind({
  kind: 'workloadEndpoint',
  goName: 'WorkloadEndpoint',
  words: ['workloadendpoint', 'workloadendpoints', 'wep', 'weps'],
  metadata: parts.metadata,
  spec,
  stored,
  identity: IDENTIFIERS,
  generateIdentifier(metadata, randomUuid) {
    if (metadata.name === undefined || metadata.name === '') metadata.name = randomUuid();
  },
  identityText: (metadata) => identifiedBy('WorkloadEndpoint', metadata, IDENTIFIERS),
  nameField: 'name',
  identifiers: ['node', 'orchestrator', 'workload'],
  // As reports of addresses name it: NAMESPACE/NODE-ORCHESTRATOR-POD-ENDPOINT.
  storedNameForm: /^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9.]*(?:-[a-z0-9.-]*){3}$/,
  convert,
  revert,
  converterProblem: ({ metadata }) => converterProblem(metadata),
  places: {
    'metadata.namespace': ['metadata', 'workload'],
    'spec.orchestrator': ['metadata', 'orchestrator'],
    'spec.workload': ['metadata', 'workload'],
    'spec.pod': ['metadata', 'workload'],
    'spec.node': ['metadata', 'node'],
    'spec.endpoint': ['metadata', 'name'],
    'spec.containerID': (_rest, { metadata }) => ['metadata', metadata.orchestrator === 'cni' ? 'workload' : 'activeInstanceID'],
  },
  decides: {
    spec: ['orchestrator', 'workload', 'node', 'pod', 'endpoint', 'containerID', 'ipNetworks', 'ipNATs', 'ipv4Gateway', 'ipv6Gateway', 'profiles', 'interfaceName', 'mac'],
    labels: true,
    join: keepContainer,
  },
  storedNames(metadata) {
    const name = workloadEndpointName(storedIdentity(metadata).identifiers);
    return name === undefined || stored.nameProblem(name) !== undefined ? [] : [name];
  },
  namespaceOf: (metadata) => storedIdentity(metadata).namespace,
  sortKey: (metadata) => sortText(named(metadata, 'node'), ...(['orchestrator', 'workload', 'name'] as const).map((name) => escapedName(named(metadata, name)))),
  columns: {
    ps: SHORT,
    wide: [
      ...SHORT,
      { heading: 'NETWORKS', cell: ({ spec }: Document) => texts(spec.ipNetworks).join(',') },
      { heading: 'NATS', cell: ({ spec }: Document) => maps(spec.ipNATs).map((each) => `${internalText(each)}<>${named(each, 'externalIP')}`).join(',') },
      { heading: 'INTERFACE', cell: ({ spec }: Document) => named(spec, 'interfaceName') },
      { heading: 'PROFILES', cell: ({ spec }: Document) => texts(spec.profiles).join(',') },
    ],
    extra: [optionalColumn('IPV4GATEWAY', 'ipv4Gateway'), optionalColumn('IPV6GATEWAY', 'ipv6Gateway'), optionalColumn('MAC', 'mac')],
  },
});

import { isMap } from '../../base/data.js';
import { containsIp, parseCidrOrIp, parseIp } from '../../net/address.js';
import { NAMESPACE_LABEL, ORCHESTRATOR_LABEL } from '../field-labels.js';
import { listOf } from '../fields/collections.js';
import { describe, field, type AsRead, type Of } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { text } from '../fields/scalars.js';
import { sortKeys } from '../../go/json.js';
import type { ReadObject, StoredKind, StoredObject } from '../kind.js';
import { listText, plainText } from '../plain-text.js';
import type { Problems } from '../problem.js';
import { isUncertain, isWrong } from '../uncertain.js';
import { ipText, macText, networkText } from './addresses.js';
import { nameColumn, specColumn } from './columns.js';
import { endpointReferences, INTERFACE_SCHEMA, interfaceProblem, profileNames } from './host-endpoint.js';
import { labelValueProblem, NAME_SCHEMAS, subdomainProblem } from './names.js';
import { cidrOrAddressText } from './networks.js';
import { endpointPortFields, optionalPortNumber } from './ports.js';
import { qosControls } from './qos-controls.js';
import { identifyingFields, workloadEndpointName } from './workload-endpoint-name.js';
import { STORED_AS } from './stored-as.js';
import { demanded } from '../fields/json-rules.js';

const CONTAINER_ID = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

const identifier = text({ name: 'a name', problem: subdomainProblem, json: NAME_SCHEMAS.subdomain });

const containerId = text({
  name: 'a container id',
  json: { pattern: CONTAINER_ID.source },
  problem: (value) => (CONTAINER_ID.test(value) ? undefined : `${describe(value)} is not a container id: letters, digits and "-" are allowed, with a letter or digit at both ends`),
});

const nat = objectOf('a NAT of an endpoint', [
  field('internalIP', ipText({ checkEmpty: true }), { write: 'always', required: 'a NAT needs an internalIP' }),
  field('externalIP', ipText({ checkEmpty: true }), { write: 'always', required: 'a NAT needs an externalIP' }),
]);

const port = objectOf(
  'a port of an endpoint',
  [...endpointPortFields(false), field('hostPort', optionalPortNumber, { write: 'always' }), field('hostIP', networkText(), { write: 'always', goName: 'HostIP' })],
  {
    check(value, path, to) {
      if (value.name === '' && value.hostPort === 0) to.problems.add('required', [...path, 'name'], 'a port without a hostPort needs a name');
    },
  },
);

const spec = objectOf('the spec of a WorkloadEndpoint', [
  field('orchestrator', identifier),
  field('workload', identifier),
  field('node', identifier),
  field('containerID', containerId),
  field('pod', identifier),
  field('endpoint', identifier),
  field('serviceAccountName', identifier),
  field('ipNetworks', listOf(networkText({ checkEmpty: true }), { name: 'a list of addresses' }), { goName: 'IPNetworks', mistakenFor: ['ips', 'expectedIPs'] }),
  field('ipNATs', listOf(nat), { goName: 'IPNATs', mistakenFor: ['nats'] }),
  field('ipv4Gateway', ipText({ version: 4 }), { goName: 'IPv4Gateway' }),
  field('ipv6Gateway', ipText({ version: 6 }), { goName: 'IPv6Gateway' }),
  field('profiles', profileNames),
  field('interfaceName', text({ name: 'an interface name', problem: interfaceProblem, json: INTERFACE_SCHEMA, checkEmpty: true }), {
    required: 'a workload endpoint needs an interfaceName',
    mistakenFor: ['interface'],
  }),
  field('mac', macText, { goName: 'MAC' }),
  field('ports', listOf(port)),
  field('allowSpoofedSourcePrefixes', listOf(cidrOrAddressText)),
  field('qosControls', qosControls, { goName: 'QoSControls' }),
], { json: demanded('orchestrator', 'node', 'endpoint') });

/** The spec of a workload endpoint (reference/storage 3.9). */
export type WorkloadEndpointSpec = Of<typeof spec>;

/** Fills in the name that follows from the spec, and the labels of namespace and orchestrator (reference/storage 1.6). */
function fillIn(object: StoredObject<WorkloadEndpointSpec>): void {
  const { orchestrator } = object.spec;
  const labels: Record<string, string> = { ...object.metadata.labels, [NAMESPACE_LABEL]: object.metadata.namespace ?? 'default' };
  if (typeof orchestrator === 'string') labels[ORCHESTRATOR_LABEL] = orchestrator;
  const name = object.metadata.name || (workloadEndpointName(object.spec) ?? '');
  object.metadata = Object.assign({ name }, object.metadata, { name, labels: sortKeys(labels) });
}

function check(object: ReadObject<WorkloadEndpointSpec>, problems: Problems): void {
  checkName(object, problems);
  if (!isWrong(problems, ['spec', 'ipNetworks'])) checkNetworks(object.spec, problems);
  for (const [label, path] of [[NAMESPACE_LABEL, ['metadata', 'namespace']], [ORCHESTRATOR_LABEL, ['spec', 'orchestrator']]] as const) {
    const value = object.metadata.labels?.[label] ?? '';
    // No namespace at all, as is said of every kind.
    if (label === NAMESPACE_LABEL && value.includes('/')) continue;
    const problem = labelValueProblem(value);
    if (problem !== undefined) problems.add('value', path, `the endpoint gets the label ${label} from this, but ${problem}`);
  }
}

function checkName(object: ReadObject<WorkloadEndpointSpec>, problems: Problems): void {
  const { spec } = object;
  // Which fields make up the name follows from the orchestrator.
  if (spec.orchestrator === undefined && isUncertain(problems, ['spec', 'orchestrator'])) return;
  const missing = identifyingFields(spec).filter((name) => spec[name] === undefined);
  const of = spec.orchestrator === undefined || missing.includes('node') ? 'a workload endpoint' : `a workload endpoint of orchestrator ${spec.orchestrator}`;
  for (const name of missing) problems.add('required', ['spec', name], `${of} needs ${name}: its name is made from it`);
  const expected = workloadEndpointName(spec);
  if (expected === undefined || expected === object.metadata.name) return;
  problems.add('rule', ['metadata', 'name'], `the name "${object.metadata.name}" is not the one that follows from the spec: expected "${expected}"`, {
    hint: 'leave the name out and it is filled in',
  });
}

function checkNetworks({ ipNetworks = [], ipNATs = [] }: AsRead<WorkloadEndpointSpec>, problems: Problems): void {
  const networks = ipNetworks.map(parseCidrOrIp).filter((network) => network !== undefined);
  for (const [index, network] of networks.entries()) {
    if (network.length !== (network.address.version === 4 ? 32 : 128)) {
      problems.add('rule', ['spec', 'ipNetworks', index], `${ipNetworks[index] as string} is more than one address`, { hint: 'write one address, alone or with /32 or /128' });
    }
  }
  for (const [index, { internalIP, externalIP }] of ipNATs.entries()) {
    const [internal, external] = [internalIP, externalIP].map((address) => parseIp(address ?? ''));
    if (internal === undefined || external === undefined) continue;
    const path = ['spec', 'ipNATs', index];
    if (!networks.some((network) => containsIp(network, internal)) && (networks.length > 0 || !isUncertain(problems, ['spec', 'ipNetworks']))) problems.add('rule', [...path, 'internalIP'], `${internalIP} is not among the ipNetworks of the endpoint`);
    if (internal.version !== external.version) problems.add('rule', [...path, 'externalIP'], `${externalIP} and the internalIP ${internalIP} are of different address families`);
  }
}

const SHORT = [
  { heading: 'WORKLOAD', cell: ({ spec }: StoredObject<WorkloadEndpointSpec>) => plainText(spec.workload ?? spec.pod) },
  specColumn<WorkloadEndpointSpec>('NODE', 'node'),
  { heading: 'NETWORKS', cell: ({ spec }: StoredObject<WorkloadEndpointSpec>) => listText(spec.ipNetworks) },
  specColumn<WorkloadEndpointSpec>('INTERFACE', 'interfaceName'),
];

function natText(nat: unknown): string {
  return isMap(nat) ? `${plainText(nat['internalIP'])}<>${plainText(nat['externalIP'])}` : plainText(nat);
}

/** WorkloadEndpoint: an interface of a workload (reference/storage 3.9). */
export const workloadEndpoint: StoredKind<WorkloadEndpointSpec> = {
  dialect: 'v3',
  ...STORED_AS.WorkloadEndpoint,
  words: ['workloadendpoint', 'workloadendpoints', 'wep', 'weps'],
  spec,
  nameProblem: subdomainProblem,
  nameOf: workloadEndpointName,
  applyDefaults: fillIn,
  fieldLabels: { [NAMESPACE_LABEL]: 'metadata.namespace', [ORCHESTRATOR_LABEL]: 'spec.orchestrator' },
  check,
  references: endpointReferences,
  columns: {
    ps: SHORT,
    wide: [nameColumn, ...SHORT, { heading: 'PROFILES', cell: (object) => listText(object.spec.profiles) }, { heading: 'NATS', cell: (object) => listText(object.spec.ipNATs, natText) }],
    extra: [specColumn('ORCHESTRATOR', 'orchestrator')],
  },
};

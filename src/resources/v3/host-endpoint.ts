import { listOf } from '../fields/collections.js';
import { describe, field, type Of } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { text } from '../fields/scalars.js';
import type { ReadObject, StoredKind } from '../kind.js';
import { listText } from '../plain-text.js';
import type { Problems } from '../problem.js';
import { isUncertain } from '../uncertain.js';
import { ipText } from './addresses.js';
import { nameColumn, specColumn } from './columns.js';
import { NAME_SCHEMAS, subdomainProblem } from './names.js';
import { node } from './node.js';
import { endpointPortFields } from './ports.js';
import { profile } from './profile.js';
import { namedIn } from './references.js';
import { STORED_AS } from './stored-as.js';
import { demanded } from '../fields/json-rules.js';

const INTERFACE = /^[a-zA-Z0-9_.-]{1,15}$/;

/** What JSON Schema can say of `interfaceProblem`. */
export const INTERFACE_SCHEMA = { pattern: `^\\*$|${INTERFACE.source}` };

/** What is wrong with the name of a network interface, or undefined. `*` stands for all of a host. */
export function interfaceProblem(name: string): string | undefined {
  if (name === '*' || INTERFACE.test(name)) return undefined;
  return `${describe(name)} is not the name of an interface: 1 to 15 letters, digits, "_", "." and "-" are allowed`;
}

/** The names of the profiles of an endpoint. */
export const profileNames = listOf(text({ name: "a profile's name", problem: subdomainProblem, json: NAME_SCHEMAS.subdomain, checkEmpty: true }), { name: 'a list of profiles' });

const spec = objectOf('the spec of a HostEndpoint', [
  field('node', text({ name: 'a node name', problem: subdomainProblem, json: NAME_SCHEMAS.subdomain })),
  field('interfaceName', text({ name: 'an interface name', problem: interfaceProblem, json: INTERFACE_SCHEMA }), { mistakenFor: ['interface'] }),
  field('expectedIPs', listOf(ipText({ checkEmpty: true }), { name: 'a list of IP addresses' }), { mistakenFor: ['ips', 'ipNetworks'] }),
  field('profiles', profileNames),
  field('ports', listOf(objectOf('a port of an endpoint', endpointPortFields(true)))),
], { json: demanded('node') });

/** The spec of a host endpoint (reference/storage 3.8). */
export type HostEndpointSpec = Of<typeof spec>;

function check({ spec: { node, interfaceName, expectedIPs } }: ReadObject<HostEndpointSpec>, problems: Problems): void {
  if (node === undefined) problems.add('required', ['spec', 'node'], 'a host endpoint needs a node');
  if (interfaceName === undefined && expectedIPs === undefined && !isUncertain(problems, ['spec', 'expectedIPs'])) {
    problems.add('required', ['spec', 'interfaceName'], 'a host endpoint needs an interfaceName or expectedIPs', { hint: 'interfaceName: "*" stands for all interfaces of the host' });
  }
}

/** What endpoints name: their node and their profiles, which may come after them. */
export const endpointReferences = [namedIn<HostEndpointSpec>('node', node), namedIn<HostEndpointSpec>('profiles', profile)];

const NODE = specColumn<HostEndpointSpec>('NODE', 'node');

/** HostEndpoint: an interface of a host (reference/storage 3.8). */
export const hostEndpoint: StoredKind<HostEndpointSpec> = {
  dialect: 'v3',
  ...STORED_AS.HostEndpoint,
  words: ['hostendpoint', 'hostendpoints', 'hep', 'heps'],
  spec,
  nameProblem: subdomainProblem,
  check,
  references: endpointReferences,
  columns: {
    ps: [nameColumn, NODE],
    wide: [
      nameColumn,
      NODE,
      specColumn('INTERFACE', 'interfaceName'),
      { heading: 'IPS', cell: (object) => listText(object.spec.expectedIPs) },
      { heading: 'PROFILES', cell: (object) => listText(object.spec.profiles) },
    ],
  },
};

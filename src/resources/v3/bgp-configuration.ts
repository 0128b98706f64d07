import { listOf } from '../fields/collections.js';
import { field, type AsRead, type Of } from '../fields/field.js';
import { asNumber } from '../fields/network.js';
import { objectOf } from '../fields/object.js';
import { bool, integer, oneOf, text } from '../fields/scalars.js';
import type { ReadObject, StoredKind } from '../kind.js';
import type { Problems } from '../problem.js';
import { isUncertain } from '../uncertain.js';
import { ipText } from './addresses.js';
import { nameColumn, specColumn } from './columns.js';
import { COMMUNITY, communityProblem, isCommunityShaped } from './community.js';
import { withDefaults } from './defaults.js';
import { duration } from '../fields/duration.js';
import { NAME_SCHEMAS, subdomainProblem } from './names.js';
import { maskedCidrText } from './networks.js';
import { node } from './node.js';
import { nodeInName } from './references.js';
import { secretPassword } from './secret-key.js';
import { whole } from '../fields/patterns.js';

const CIDR = { goName: 'CIDR' };
const serviceNetworks = listOf(objectOf('a block of service addresses', [field('cidr', maskedCidrText(), CIDR)]));

const community = objectOf('a community', [
  field('name', text({ name: 'the name of a community', problem: subdomainProblem, json: NAME_SCHEMAS.subdomain }), { required: 'a community needs a name' }),
  field('value', text({ name: 'the value of a community', problem: communityProblem, json: { pattern: whole(COMMUNITY) } }), { required: 'a community needs a value' }),
]);

const prefixAdvertisement = objectOf('an advertisement', [
  field('cidr', maskedCidrText(), { ...CIDR, required: 'an advertisement needs a cidr' }),
  field('communities', listOf(text({ name: 'a community' })), { required: 'an advertisement needs communities' }),
]);

const ignoredInterface = text({
  name: 'the name of an interface, with * for any characters',
  checkEmpty: true,
  pattern: /^(?!\*$)[a-zA-Z0-9_.*-]{1,15}$/,
  rule: 'up to 15 letters, digits, "_", ".", "-" and "*", and not "*" alone',
});

const priority = integer({ name: 'a route priority', minimum: 1, maximum: 2147483646 });
const enabled = oneOf('a setting', ['Enabled', 'Disabled'], { checkEmpty: true });

const spec = objectOf('the spec of a BGPConfiguration', [
  field('logSeverityScreen', oneOf('a log level', ['Trace', 'Debug', 'Info', 'Warning', 'Error', 'Fatal']), { mistakenFor: ['logLevel'] }),
  field('nodeToNodeMeshEnabled', bool, { write: 'given', mistakenFor: ['nodeToNodeMesh'] }),
  field('asNumber', asNumber, { write: 'given', goName: 'ASNumber', mistakenFor: ['as', 'asn'] }),
  field('serviceLoadBalancerIPs', serviceNetworks),
  field('serviceExternalIPs', serviceNetworks),
  field('serviceClusterIPs', serviceNetworks),
  field('serviceLoadBalancerAggregation', enabled, { write: 'given' }),
  field('communities', listOf(community)),
  field('prefixAdvertisements', listOf(prefixAdvertisement)),
  field('listenPort', integer({ name: 'a port', minimum: 0, maximum: 65535 })),
  field('nodeMeshPassword', secretPassword, { write: 'given' }),
  field('nodeMeshMaxRestartTime', duration, { write: 'given' }),
  field('bindMode', oneOf('a bind mode', ['None', 'NodeIP'], { checkEmpty: true }), { write: 'given' }),
  field('ignoredInterfaces', listOf(ignoredInterface)),
  field('localWorkloadPeeringIPV4', ipText({ version: 4 })),
  field('localWorkloadPeeringIPV6', ipText({ version: 6 })),
  field('programClusterRoutes', enabled, { write: 'given' }),
  field('ipv4NormalRoutePriority', priority, { write: 'given', goName: 'IPv4NormalRoutePriority' }),
  field('ipv6NormalRoutePriority', priority, { write: 'given', goName: 'IPv6NormalRoutePriority' }),
]);

/** The spec of a BGPConfiguration (reference/storage 3.10). */
export type BgpConfigurationSpec = Of<typeof spec>;

/** Settings of the whole cluster (reference/storage 2.7). */
const ONLY_DEFAULT = [
  'nodeToNodeMeshEnabled',
  'asNumber',
  'serviceLoadBalancerIPs',
  'serviceExternalIPs',
  'serviceClusterIPs',
  'nodeMeshPassword',
  'nodeMeshMaxRestartTime',
] as const;

function check(object: ReadObject<BgpConfigurationSpec>, problems: Problems): void {
  const { spec, metadata } = object;
  if (metadata.name !== 'default' && !isUncertain(problems, ['metadata', 'name'])) {
    for (const name of ONLY_DEFAULT.filter((each) => spec[each] !== undefined)) {
      problems.add('rule', ['spec', name], `${name} can only be set in the BGPConfiguration named default`);
    }
  }
  for (const name of (['nodeMeshPassword', 'nodeMeshMaxRestartTime'] as const).filter((each) => spec[each] !== undefined)) {
    if (spec.nodeToNodeMeshEnabled === false) problems.add('rule', ['spec', name], `${name} cannot be set where nodeToNodeMeshEnabled is false`);
  }
  checkCommunities(spec, problems);
}

function checkCommunities({ communities: named = [], prefixAdvertisements: advertisements = [] }: AsRead<BgpConfigurationSpec>, problems: Problems): void {
  if (named.length > 0 && advertisements.length === 0 && !isUncertain(problems, ['spec', 'prefixAdvertisements'])) {
    problems.add('rule', ['spec', 'communities'], 'the communities are defined but not used: there are no prefixAdvertisements');
  }
  const names = new Set(named.map((each) => each.name));
  advertisements.forEach((advertisement, index) => {
    const path = ['spec', 'prefixAdvertisements', index, 'communities'];
    if (advertisement.communities === undefined && !isUncertain(problems, path)) problems.add('required', path, 'an advertisement needs communities');
    advertisement.communities?.forEach((value, position) => {
      const shaped = isCommunityShaped(value);
      const problem = shaped ? communityProblem(value) : undefinedCommunity(value, names);
      if (problem !== undefined && (shaped || !isUncertain(problems, ['spec', 'communities']))) problems.add('rule', [...path, position], problem);
    });
  });
}

function undefinedCommunity(value: string, names: ReadonlySet<string | undefined>): string | undefined {
  return names.has(value) ? undefined : `${JSON.stringify(value)} is neither the name of a community in spec.communities nor one of the form aa:nn or aa:nn:mm`;
}

const columns = [
  nameColumn,
  specColumn<BgpConfigurationSpec>('LOGSEVERITY', 'logSeverityScreen', '-'),
  specColumn<BgpConfigurationSpec>('MESHENABLED', 'nodeToNodeMeshEnabled', '-'),
  specColumn<BgpConfigurationSpec>('ASNUMBER', 'asNumber', '-'),
];

/** BGPConfiguration: settings of BGP for the cluster (`default`) or for one node (`node.NAME`) (reference/storage 3.10). */
export const bgpConfiguration: StoredKind<BgpConfigurationSpec> = {
  dialect: 'v3',
  kind: 'BGPConfiguration',
  plural: 'bgpconfigurations',
  namespaced: false,
  words: ['bgpconfiguration', 'bgpconfigurations', 'bgpconfig', 'bgpconfigs'],
  spec,
  nameProblem: subdomainProblem,
  applyDefaults(object) {
    object.spec = withDefaults(spec, object.spec, { logSeverityScreen: 'Info', serviceLoadBalancerAggregation: 'Enabled' });
  },
  check,
  references: [nodeInName(node)],
  columns: { ps: columns, wide: columns },
};

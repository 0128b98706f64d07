import { listOf, mapOf } from '../fields/collections.js';
import { field, type AsRead, type Of } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { integer, oneOf, text } from '../fields/scalars.js';
import { selectorText } from '../fields/selector.js';
import type { ReadObject, StoredKind } from '../kind.js';
import type { Problems } from '../problem.js';
import { isUncertain } from '../uncertain.js';
import { nameColumn } from './columns.js';
import { withDefaults } from './defaults.js';
import { duration } from '../fields/duration.js';
import { goRegexp } from '../fields/regexp.js';
import { labels } from './metadata.js';
import { NAME_SCHEMAS, singletonProblem, subdomainProblem } from './names.js';
import { cidrOrAddressText } from './networks.js';
import { demanded } from '../fields/json-rules.js';

const enabled = oneOf('a setting', ['Enabled', 'Disabled']);
const port = integer({ name: 'a port', minimum: 0, maximum: 65535 });
const reconcilerPeriod = field('reconcilerPeriod', duration, { write: 'given' });

const template = objectOf('a template of host endpoints', [
  field('generateName', text({ name: 'the end of a name', problem: subdomainProblem, json: NAME_SCHEMAS.subdomain })),
  field('interfaceCIDRs', listOf(cidrOrAddressText)),
  field('interfacePattern', goRegexp),
  field('labels', labels),
  field('nodeSelector', selectorText('v3')),
], { json: demanded('generateName') });

const hostEndpoint = objectOf('a setting of host endpoints', [
  field('autoCreate', enabled),
  field('createDefaultHostEndpoint', enabled),
  field('templates', listOf(template)),
]);

const node = objectOf('the node controller', [
  reconcilerPeriod,
  field('syncLabels', enabled),
  field('hostEndpoint', hostEndpoint, { write: 'given' }),
  field('leakGracePeriod', duration, { write: 'given' }),
]);

const loadBalancer = objectOf('the load balancer controller', [
  field('assignIPs', oneOf('a way of assigning addresses', ['AllServices', 'RequestedServicesOnly'])),
]);

const policyMigration = objectOf('the migration of policy names', [field('enabled', enabled, { goName: 'PolicyNameMigrator' })]);

const controllers = objectOf('the controllers', [
  field('node', node, { write: 'given' }),
  ...(['policy', 'workloadEndpoint', 'serviceAccount', 'namespace'] as const).map((name) => field(name, objectOf('a controller', [reconcilerPeriod]), { write: 'given' })),
  field('loadBalancer', loadBalancer, { write: 'given' }),
  field('policyMigration', policyMigration, { write: 'given', goName: 'Migration' }),
]);

const spec = objectOf('the spec of a KubeControllersConfiguration', [
  field('logSeverityScreen', oneOf('a log level', ['Debug', 'Info', 'Warning', 'Error', 'Fatal'])),
  field('healthChecks', enabled),
  field('etcdV3CompactionPeriod', duration, { write: 'given' }),
  field('prometheusMetricsPort', port, { write: 'given' }),
  field('controllers', controllers, { write: 'always' }),
  field('debugProfilePort', port, { write: 'given' }),
]);

/** The spec of a KubeControllersConfiguration (reference/storage 3.11). */
export type KubeControllersConfigurationSpec = Of<typeof spec>;

const status = objectOf('the status of a KubeControllersConfiguration', [
  field('runningConfig', spec, { write: 'given' }),
  field('environmentVars', mapOf(text(), { name: 'a map of environment variables' })),
]);

/** A configuration as it was read; defaults are filled in only then. */
type Configuration = AsRead<KubeControllersConfigurationSpec>;

/** A configuration with its defaults; those of a controller apply where the controller is configured (reference/storage 2.3). */
function filledIn(configuration: Configuration): Configuration {
  const all = { ...configuration.controllers };
  if (all.node) all.node = withDefaults(node, withTemplates(all.node), { leakGracePeriod: '15m0s' });
  if (all.loadBalancer) all.loadBalancer = withDefaults(loadBalancer, all.loadBalancer, { assignIPs: 'AllServices' });
  if (all.policyMigration) all.policyMigration = withDefaults(policyMigration, all.policyMigration, { enabled: 'Enabled' });
  return withDefaults(spec, { ...configuration, controllers: all }, { healthChecks: 'Enabled', prometheusMetricsPort: 9094 });
}

function withTemplates(controller: AsRead<Of<typeof node>>): AsRead<Of<typeof node>> {
  const { hostEndpoint: endpoints } = controller;
  if (endpoints?.templates === undefined) return controller;
  return { ...controller, hostEndpoint: { ...endpoints, templates: endpoints.templates.map((each) => withDefaults(template, each, { nodeSelector: 'all()' })) } };
}

function check({ spec: { controllers } }: ReadObject<KubeControllersConfigurationSpec>, problems: Problems): void {
  controllers?.node?.hostEndpoint?.templates?.forEach((each, index) => {
    const path = ['spec', 'controllers', 'node', 'hostEndpoint', 'templates', index];
    if (each.generateName === undefined) problems.add('required', [...path, 'generateName'], 'a template needs a generateName');
    const choices = ['interfaceCIDRs', 'interfacePattern'] as const;
    if (choices.every((name) => each[name] === undefined && !isUncertain(problems, [...path, name]))) {
      problems.add('required', path, 'a template needs interfaceCIDRs or an interfacePattern');
    }
  });
}

const columns = [nameColumn];

/** KubeControllersConfiguration: what Calico's controllers do in Kubernetes (reference/storage 3.11). */
export const kubeControllersConfiguration: StoredKind<KubeControllersConfigurationSpec> = {
  dialect: 'v3',
  kind: 'KubeControllersConfiguration',
  plural: 'kubecontrollersconfigurations',
  namespaced: false,
  words: ['kubecontrollersconfiguration', 'kubecontrollersconfigurations', 'kubecontrollersconfig', 'kubecontrollersconfigs'],
  spec,
  status,
  nameProblem: singletonProblem,
  applyDefaults(object) {
    object.spec = filledIn(object.spec as Configuration);
    const running = object.status?.['runningConfig'] as Configuration | undefined;
    if (object.status !== undefined && running !== undefined) object.status = { ...object.status, runningConfig: filledIn(running) };
  },
  check,
  columns: { ps: columns, wide: columns },
};

import { varies, type AnyHelps, type HelpOf, type KindHelp } from '../field-help.js';
import type { KubeControllersConfigurationSpec } from './kube-controllers-configuration.js';
import { metadataHelp } from './metadata.help.js';

const reconcilerPeriod = ['How often the controller compares the datastore with Kubernetes.', '5m0s', '5m0s'] as const;

/** Help for a controller that has nothing but its period. */
function controller(help: string) {
  return { help, example: { reconcilerPeriod: '5m0s' }, fields: { reconcilerPeriod } };
}

const TEMPLATE = { generateName: 'internal', interfaceCIDRs: ['10.0.0.0/8'], labels: { network: 'internal' } };

const spec: HelpOf<KubeControllersConfigurationSpec> = {
  logSeverityScreen: ['The least severe messages that the controllers log.', 'Info', 'Info'],
  healthChecks: ['Whether the controllers answer health checks.', 'Enabled'],
  etcdV3CompactionPeriod: ["How often etcd's history is compacted; 0s turns it off.", '10m0s', '10m0s'],
  prometheusMetricsPort: ['The TCP port of the metrics for Prometheus; 0 turns them off.', 9094],
  controllers: {
    help: 'The controllers that run: those that are given here.',
    example: { node: { syncLabels: 'Enabled' } },
    fields: {
      node: {
        help: 'Removes nodes, and what belongs to them, that Kubernetes no longer has; gives nodes their labels, and makes host endpoints.',
        example: { syncLabels: 'Enabled' },
        fields: {
          reconcilerPeriod,
          syncLabels: ['Whether nodes get the labels that they have in Kubernetes.', 'Enabled', 'Enabled'],
          hostEndpoint: {
            help: 'Host endpoints that the controller makes for each node.',
            example: { autoCreate: 'Enabled' },
            fields: {
              autoCreate: ['Whether the controller makes host endpoints.', 'Enabled', 'Disabled'],
              createDefaultHostEndpoint: ['Whether one of them is for all interfaces of the node.', 'Disabled', 'Enabled'],
              templates: {
                help: 'Host endpoints for some interfaces.',
                example: [TEMPLATE],
                fields: {
                  generateName: ['The last part of the names of the host endpoints, after that of the node.', 'internal'],
                  interfaceCIDRs: ['Networks: an interface with an address in one of them gets the endpoint.', ['10.0.0.0/8']],
                  interfacePattern: ['A regular expression for the names of interfaces that get the endpoint.', '^eth.*'],
                  labels: ['Labels of the host endpoints.', { network: 'internal' }],
                  nodeSelector: ['Chooses the nodes, by their labels, that get the endpoints.', "rack == 'a1'"],
                },
              },
            },
          },
          leakGracePeriod: ['How long an address has to be without a user before the controller releases it; 0s means never.', '15m0s'],
        },
      },
      policy: controller('Makes policies of those of Kubernetes.'),
      workloadEndpoint: controller('Keeps the labels of workload endpoints as their pods have them.'),
      serviceAccount: controller('Makes profiles of service accounts.'),
      namespace: controller('Makes profiles of namespaces.'),
      loadBalancer: {
        help: 'Assigns addresses to services of type LoadBalancer.',
        example: { assignIPs: 'AllServices' },
        fields: { assignIPs: ['To which services: to all, or to those that ask for Calico by an annotation.', 'RequestedServicesOnly'] },
      },
      policyMigration: {
        help: 'Gives policies the names that Calico has for them since 3.30.',
        example: { enabled: 'Enabled' },
        fields: { enabled: ['Whether the controller runs.', 'Disabled'] },
      },
    },
  },
  debugProfilePort: ["The TCP port at which the controllers serve profiles, on the pod's own localhost; 0 turns it off.", 6060, varies('off')],
};

const status: AnyHelps = {
  runningConfig: { help: 'The settings that the controllers run with.', example: { healthChecks: 'Enabled', controllers: {} }, fields: spec },
  environmentVars: ['Environment variables that take the place of settings.', { LOG_LEVEL: 'info' }],
};

/** Help for KubeControllersConfiguration. */
export const kubeControllersConfigurationHelp: KindHelp = {
  help: "Settings of Calico's controllers in Kubernetes.",
  example: { metadata: { name: 'default' }, spec: { healthChecks: 'Enabled', controllers: { node: { syncLabels: 'Enabled' } } } },
  metadata: metadataHelp,
  spec,
  status,
};

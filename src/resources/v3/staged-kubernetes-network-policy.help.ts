import { varies, type HelpOf, type KindHelp } from '../field-help.js';
import type { KubernetesSelector } from './kubernetes-selector.js';
import { metadataHelp } from './metadata.help.js';
import type { StagedKubernetesPolicySpec } from './staged-kubernetes-network-policy.js';
import { stagedActionHelp } from './staged-policy.help.js';

const selector: HelpOf<KubernetesSelector> = {
  matchLabels: ['Labels that have to be there with these values.', { app: 'db' }],
  matchExpressions: {
    help: 'Requirements on labels, all of which have to be met.',
    example: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }],
    fields: {
      key: ['The key of the label.', 'tier'],
      operator: ['How the label is compared: In, NotIn, Exists or DoesNotExist.', 'In'],
      values: ['The values for In and NotIn.', ['a', 'b']],
    },
  },
};

const ports = {
  help: 'The ports that the rule is for.',
  example: [{ protocol: 'TCP', port: 443 }],
  unset: varies('all'),
  fields: {
    protocol: ['The protocol: TCP, UDP or SCTP.', 'TCP', 'TCP'],
    port: ['The number of the port, or the name that the pod has for it.', 443, varies('all')],
    endPort: ['The last port of a range that begins with port.', 6000],
  },
} as const;

const peerFields = {
  podSelector: { help: 'Chooses pods by their labels.', example: { matchLabels: { app: 'web' } }, fields: selector },
  namespaceSelector: { help: 'Chooses namespaces by their labels; without it, the namespace is that of the policy.', example: { matchLabels: { environment: 'production' } }, fields: selector },
  ipBlock: {
    help: 'A network; it excludes the selectors.',
    example: { cidr: '10.1.0.0/16', except: ['10.1.99.0/24'] },
    fields: {
      cidr: ['The network.', '10.1.0.0/16'],
      except: ['Parts of the network that are left out.', ['10.1.99.0/24']],
    },
  },
} as const;

const peers = {
  from: { help: 'From whom.', example: [{ podSelector: { matchLabels: { app: 'web' } } }], unset: varies('anybody'), fields: peerFields },
  to: { help: 'To whom.', example: [{ ipBlock: { cidr: '10.1.0.0/16' } }], unset: varies('anybody'), fields: peerFields },
} as const;

const spec: HelpOf<StagedKubernetesPolicySpec> = {
  stagedAction: stagedActionHelp,
  podSelector: { help: 'Chooses the pods that the policy is for; an empty one chooses all of the namespace.', example: { matchLabels: { app: 'db' } }, fields: selector },
  ingress: {
    help: 'What pods may receive; a policy without it lets nothing in.',
    example: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ protocol: 'TCP', port: 5432 }] }],
    fields: { ports, ...peers },
  },
  egress: {
    help: 'What pods may send.',
    example: [{ to: [{ ipBlock: { cidr: '10.1.0.0/16' } }] }],
    fields: { ports, ...peers },
  },
  policyTypes: ['For which directions the policy is: Ingress, Egress or both.', ['Ingress'], varies('Ingress, and Egress where egress is given')],
};

/** Help for StagedKubernetesNetworkPolicy. */
export const stagedKubernetesNetworkPolicyHelp: KindHelp = {
  help: "A policy in Kubernetes' own form that flow logs report on and that is not enforced yet.",
  example: { metadata: { name: 'allow-web', namespace: 'production' }, spec: { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] } },
  metadata: metadataHelp,
  spec,
};

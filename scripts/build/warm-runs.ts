const META = { uid: '0e0a1c0c-6b0c-4a43-8a53-4d9dd6f5f4a9', creationTimestamp: '2026-01-01T00:00:00Z' };
const KEYS = '/calico/resources/v3/projectcalico.org';

/** A manifest with a policy of either dialect, as small ones are. */
export const WARM_MANIFEST = `apiVersion: v1
kind: policy
metadata:
  name: allow-web
spec:
  order: 100
  selector: role == 'web'
  ingress:
  - action: allow
    protocol: tcp
    source:
      selector: role == 'client'
    destination:
      ports: [80, 443]
  egress:
  - action: allow
`;

/** What the stub of etcd holds during warm runs. */
export const WARM_STORE: Readonly<Record<string, object>> = {
  [`${KEYS}/globalnetworkpolicies/default.web`]: {
    kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default.web', ...META },
    spec: {
      tier: 'default', order: 100, selector: "role == 'web'", types: ['Ingress', 'Egress'],
      ingress: [{ action: 'Allow', protocol: 'TCP', source: { selector: "role == 'client'" }, destination: { ports: [80, 443] } }],
      egress: [{ action: 'Allow', source: {}, destination: {} }],
    },
  },
  [`${KEYS}/clusterinformations/default`]: {
    kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default', ...META },
    spec: { clusterGUID: '1f2d5b1f9a5e4c6f8f7b4a3c2d1e0f9a', clusterType: 'typha', calicoVersion: 'v3.32.1', datastoreReady: true },
  },
  [`${KEYS}/tiers/default`]: { kind: 'Tier', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default', ...META }, spec: { order: 1000000, defaultAction: 'Deny' } },
};

/** A flag that no command has: the command is loaded, refuses it, and does nothing. */
const NOTHING = ['--no-such-flag'];

/** Arguments with which a command does its ordinary work. Commands that are not here, those that touch the host among them, do nothing at all. */
export function warmArguments(command: string, manifest: string): readonly string[] {
  switch (command) {
    case 'get': return ['policy', 'web'];
    case 'validate': case 'create': case 'apply': case 'replace': case 'delete': case 'convert': case 'diff': return ['-f', manifest];
    case 'version': case 'ipam show': case 'ipam check': return [];
    case 'ipam release': return ['--ip', '10.0.0.1', '--dry-run'];
    case 'ipam configure': return ['--strictaffinity=true'];
    case 'ipam repair': return ['--handle', 'web'];
    case 'ipam assign': return ['--node', 'node-1'];
    case 'ipam split': return ['2', '--name', 'pool'];
    case 'config get': case 'config unset': return ['logLevel'];
    case 'config set': return ['logLevel', 'info'];
    case 'config list': case 'datastore migrate lock': case 'datastore migrate unlock': return [];
    default: return NOTHING;
  }
}

/** The network of issue 13: endpoints on hosts, and policies in five tiers that select them by app and namespace. */
export const NETWORK = { endpoints: 10_000, policies: 2000, hosts: 100, namespaces: 50, apps: 400 } as const;

const API_VERSION = 'projectcalico.org/v3';
const RESOURCES = '/calico/resources/v3/projectcalico.org/';
const TIERS = ['platform', 'security', 'operations', 'tenants', 'default'] as const;
const ZONES = ['a', 'b', 'c'] as const;

/** The policy that `changedPolicy` changes: in the default tier, and selects 25 endpoints. */
const CHANGED = NETWORK.policies - 7;

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The store as a JSON object of keys and values, which `--store` reads. */
export function policyStore(): string {
  const store: Record<string, unknown> = {};
  const put = (plural: string, kind: string, metadata: Metadata, spec: object): void => {
    const { namespace, name } = metadata;
    store[`${RESOURCES}${plural}/${namespace === undefined ? '' : `${namespace}/`}${name}`] = { kind, apiVersion: API_VERSION, metadata, spec };
  };
  TIERS.forEach((name, at) => put('tiers', 'Tier', { name }, { order: name === 'default' ? 1_000_000 : 100 * at, defaultAction: name === 'default' ? 'Deny' : 'Pass' }));
  for (let at = 0; at < NETWORK.namespaces; at++) {
    put('profiles', 'Profile', { name: `kns.ns-${at}` }, { labelsToApply: { 'pcns.team': `team-${at % 10}` }, ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] });
  }
  for (let at = 0; at < NETWORK.hosts; at++) put('nodes', 'Node', { name: `host-${at}` }, { bgp: { ipv4Address: `172.16.0.${at}/16` } });
  for (let at = 0; at < 20; at++) put('globalnetworksets', 'GlobalNetworkSet', { name: `partner-${at}`, labels: { partner: `p${at}` } }, { nets: [`198.51.${at}.0/24`, `203.0.${at}.0/25`] });
  for (let at = 0; at < NETWORK.endpoints; at++) put('workloadendpoints', 'WorkloadEndpoint', ...endpoint(at));
  for (let at = 0; at < NETWORK.policies; at++) put('globalnetworkpolicies', 'GlobalNetworkPolicy', { name: policyName(at) }, policySpec(at));
  return JSON.stringify(store);
}

/** A manifest that changes one of the policies: it lets in one port more, and one less. */
export function changedPolicy(): string {
  const spec = policySpec(CHANGED);
  const [first, ...others] = spec.ingress;
  return JSON.stringify({ kind: 'GlobalNetworkPolicy', apiVersion: API_VERSION, metadata: { name: policyName(CHANGED).replace('default.', '') }, spec: { ...spec, ingress: [{ ...first, destination: { ports: [80, 9443] } }, ...others] } });
}

/** Hosts with host endpoints, and what lets in what they live by: what the guard looks at. */
export function guardedHosts(): string {
  const hosts = Array.from({ length: 20 }, (_, at) => `host-${at}`);
  return JSON.stringify([
    ...hosts.map((name, at) => ({ kind: 'Node', apiVersion: API_VERSION, metadata: { name }, spec: { bgp: { ipv4Address: `172.16.0.${at + 1}/16` } } })),
    ...hosts.map((node) => ({ kind: 'HostEndpoint', apiVersion: API_VERSION, metadata: { name: `${node}-eth0`, labels: { role: 'host' } }, spec: { node, interfaceName: 'eth0' } })),
    { kind: 'GlobalNetworkPolicy', apiVersion: API_VERSION, metadata: { name: 'hosts' }, spec: { order: 1, selector: "role == 'host'", types: ['Ingress', 'Egress'], ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] } },
  ]);
}

/** Policies that are created with the guard looking on. */
export function guardedPolicies(): string {
  return JSON.stringify(Array.from({ length: 1000 }, (_, at) => {
    const { tier: _tier, ...spec } = policySpec(NETWORK.policies - 1 - at);
    return { kind: 'GlobalNetworkPolicy', apiVersion: API_VERSION, metadata: { name: `policy-${at}` }, spec };
  }));
}

function endpoint(at: number): [Metadata, object] {
  const [node, namespace] = [`host-${at % NETWORK.hosts}`, `ns-${at % NETWORK.namespaces}`];
  const labels = { app: `app-${at % NETWORK.apps}`, zone: ZONES[at % 3]!, 'pod-template-hash': `h${at}`, 'projectcalico.org/namespace': namespace, 'projectcalico.org/orchestrator': 'k8s' };
  const spec = { orchestrator: 'k8s', node, pod: `pod-${at}`, endpoint: 'eth0', interfaceName: `cali${at}`, ipNetworks: [`10.65.${at >> 8}.${at & 255}/32`], profiles: [`kns.${namespace}`], ports: [{ name: 'http', protocol: 'TCP', port: 8080 + (at % 2) }] };
  return [{ name: `${node.replace('-', '--')}-k8s-pod--${at}-eth0`, namespace, labels }, spec];
}

function policyName(at: number): string {
  return `${tierOf(at)}.policy-${at}`;
}

function tierOf(at: number): string {
  return TIERS[Math.floor((at * TIERS.length) / NETWORK.policies)]!;
}

interface Spec {
  readonly ingress: readonly object[];
  readonly [field: string]: unknown;
}

function policySpec(at: number): Spec {
  const tier = tierOf(at);
  const app = at % NETWORK.apps;
  const app2 = (by: number): string => `app == 'app-${(app * by + 1) % NETWORK.apps}'`;
  const isLast = tier === 'default';
  return {
    tier, order: at, types: ['Ingress', 'Egress'],
    selector: at % 5 === 0 ? `app == 'app-${app}' && zone in {'a', 'b'}` : `app == 'app-${app}'`,
    ingress: [
      { action: 'Allow', protocol: 'TCP', source: { selector: app2(7) }, destination: { ports: [80, 443, 8000 + at] } },
      { action: 'Allow', protocol: 'TCP', source: { selector: `partner == 'p${at % 20}'` }, destination: { ports: ['http'] } },
      { action: 'Deny', source: { selector: `zone == '${ZONES[at % 3]!}' && ${app2(11)}` } },
      { action: isLast ? 'Allow' : 'Pass', protocol: 'TCP', source: { nets: [isLast ? '10.65.0.0/20' : '10.65.0.0/16', `192.168.${at % 100}.0/24`] } },
    ],
    egress: [
      { action: 'Allow', protocol: 'UDP', destination: { ports: [53], nets: [`192.168.${at % 100}.0/24`] } },
      { action: 'Allow', protocol: 'TCP', destination: { selector: app2(3), ports: [3306, 5432] } },
      { action: isLast ? 'Allow' : 'Pass' },
    ],
  };
}

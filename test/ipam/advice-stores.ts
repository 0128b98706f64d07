const ENDPOINT = '/calico/resources/v3/projectcalico.org/workloadendpoints/default/n1-k8s-web-eth0';

/** Stores in which something is wrong that the recorded scenarios do not have, or that only looks wrong. */
export const STORES: readonly { readonly name: string; readonly load: Readonly<Record<string, string>> }[] = [
  {
    name: 'addresses-of-others',
    load: store(
      pool('four', '10.0.0.0/16'), pool('off', '10.9.0.0/16', { disabled: true }), pool('services', '10.8.0.0/16', { allowedUses: ['LoadBalancer'] }), node('n1'),
      endpoint('openstack', 'n1', 'openstack', { workload: 'vm1', endpoint: 'p1', ipNetworks: ['10.0.3.4/32'] }),
      endpoint('openstack', 'n1', 'openstack', { workload: 'vm2', endpoint: 'p2', ipNetworks: ['10.30.4.9/32'] }),
      endpoint('openstack', 'n1', 'openstack', { workload: 'vm3', endpoint: 'p3', ipNetworks: ['10.30.4.9/32'] }),
      endpoint('default', 'n1', 'k8s', { pod: 'host-local', containerID: 'c1', endpoint: 'eth0', ipNetworks: ['192.168.1.4/32'] }),
      endpoint('default', 'n1', 'k8s', { pod: 'in-disabled-pool', containerID: 'c2', endpoint: 'eth0', ipNetworks: ['10.9.1.4/32'] }),
      endpoint('default', 'n1', 'k8s', { pod: 'in-pool-of-services', containerID: 'c3', endpoint: 'eth0', ipNetworks: ['10.8.1.4/32'] }),
    ),
  },
  {
    name: 'addresses-of-docker',
    load: store(
      pool('four', '10.0.0.0/16'), node('n1'),
      block('10.0.3.0/26', 'host:n1', { 3: { handle_id: 'libnetwork.n1', secondary: { node: 'n1', timestamp: '2026-11-20 23:30:00 +0000 UTC' } }, 4: { handle_id: 'libnetwork.n2', secondary: { node: 'n2' } } }),
      affinity('n1', '10.0.3.0-26'), handle('libnetwork.n1', { '10.0.3.0/26': 1 }), handle('libnetwork.n2', { '10.0.3.0/26': 1 }),
    ),
  },
  {
    name: 'in-use-of-all-kinds',
    load: store(
      pool('four', '10.0.0.0/16'), pool('six', 'fd00::/112', { blockSize: 122 }), pool('off', '10.9.0.0/16', { disabled: true }),
      node('n1', { bgp: { ipv4IPIPTunnelAddr: '10.0.1.1' }, ipv4VXLANTunnelAddr: '10.0.1.2', ipv6VXLANTunnelAddr: 'fd00::3', wireguard: { interfaceIPv4Address: '10.0.1.4', interfaceIPv6Address: 'fd00::5' } }), node('n2'),
      block('10.0.0.0/26', 'host:n1', { 0: { handle_id: 'blue-network.aa', secondary: { namespace: 'default', node: 'n1', pod: 'known' } } }), handle('blue-network.aa', { '10.0.0.0/26': 1 }), affinity('n1', '10.0.0.0-26'),
      block('10.9.0.0/26', 'host:n1', {}), affinity('n1', '10.9.0.0-26'),
      endpoint('default', 'n1', 'k8s', { pod: 'known', containerID: 'aa', endpoint: 'eth0', ipNetworks: ['10.0.0.0/32'] }),
      endpoint('default', 'n1', 'k8s', { pod: 'dual', containerID: 'bb', endpoint: 'eth0', ipNetworks: ['10.0.0.1/32', 'fd00::1/128'] }),
      endpoint('default', 'n2', 'k8s', { pod: 'other-node', containerID: 'cc', endpoint: 'eth0', ipNetworks: ['10.0.0.2/32'] }),
      endpoint('default', 'n2', 'k8s', { pod: 'no-container', endpoint: 'eth0', ipNetworks: ['10.0.2.2/32'] }),
      endpoint('default', 'n2', 'cni', { containerID: 'dd', endpoint: 'eth0', ipNetworks: ['10.0.2.3/32'] }),
      endpoint('libnetwork', 'n2', 'libnetwork', { workload: 'libnetwork', endpoint: 'e1', ipNetworks: ['10.0.2.4/32'] }),
      endpoint('default', 'gone', 'k8s', { pod: 'on-absent-node', containerID: 'ee', endpoint: 'eth0', ipNetworks: ['10.0.3.5/32'] }),
      endpoint('default', 'n1', 'k8s', { pod: 'in-block-of-disabled', containerID: 'ff', endpoint: 'eth0', ipNetworks: ['10.9.0.7/32'] }),
    ),
  },
  {
    name: 'strict-affinity',
    load: store(
      pool('four', '10.0.0.0/24', { blockSize: 30 }), node('n1'), node('n2'), configuration({ strict_affinity: true, auto_allocate_blocks: true, maxBlocksPerHost: 1 }),
      ...full('10.0.0.0', 'n1'), ...full('10.0.0.8', 'n2'),
      block('10.0.0.64/30', 'host:n3', {}), affinity('n3', '10.0.0.64-30'), node('n3'),
      endpoint('default', 'n2', 'k8s', { pod: 'foreign', containerID: 'aa', endpoint: 'eth0', ipNetworks: ['10.0.0.65/32'] }),
    ),
  },
  {
    name: 'unreadable-of-all-kinds',
    load: store(
      pool('four', '10.0.0.0/24', { blockSize: 29 }), node('n1', { bgp: { ipv4IPIPTunnelAddr: '10.0.0.1' } }),
      ['/calico/ipam/v2/assignment/ipv4/block/10.0.0.0-29', '{"cidr":'], affinity('n1', '10.0.0.0-29'), handle('ipip-tunnel-addr-n1', { '10.0.0.0/29': 1 }), handle('k8s-pod-network.aa', { '10.0.0.0/29': 2 }), handle('k8s-pod-network.gone', { '10.0.0.0/29': 1 }),
      endpoint('default', 'n1', 'k8s', { pod: 'p', containerID: 'aa', endpoint: 'eth0', ipNetworks: ['10.0.0.2/32'] }),
      endpoint('openstack', 'n1', 'openstack', { workload: 'vm', endpoint: 'p1', ipNetworks: ['10.0.0.3/32'] }),
      ['/calico/ipam/v2/assignment/ipv4/block/10.0.0.8-29', 'null'], affinity('n1', '10.0.0.8-29'),
      ['/calico/ipam/v2/assignment/ipv4/block/10.0.0.16-29', '[]'],
      ['/calico/ipam/v2/assignment/ipv4/block/10.7.0.0-26', '[]'], affinity('n1', '10.7.0.0-26'),
      ['/calico/ipam/v2/assignment/ipv4/block/10.0.0.24-29', '{}'], ['/calico/ipam/v2/virtual/load-balancer/ipv4/block/10.0.0.24-29', '{"state":"confirmed","deleted":false}'],
      ['/calico/ipam/v2/assignment/ipv4/block/astray', '{}'], ["/calico/ipam/v2/assignment/ipv4/block/with 'quote'", '{}'], ['/calico/ipam/v2/assignment/ipv4/block/with\nline', '{}'],
      ['/calico/ipam/v2/handle/h1', '17'], ['/calico/ipam/v2/handle/h1/more', '{}'], ['/calico/ipam/v2/host/n1/ipv4/block/10.0.0.32-29', '17'], ['/calico/ipam/v2/host/n1/ipv4/block/astray', '{}'],
      ['/calico/ipam/v2/config', '[]'],
    ),
  },
  {
    // What etcdctl, or something else than Calico, leaves beside the folders of address management; and markers of hosts, by right and not.
    name: 'keys-beside-the-folders',
    load: store(
      pool('four', '10.0.0.0/24', { blockSize: 29 }), node('n1'), node('n2'), node('n3'),
      ...['', 'a', 'assignment', 'assignment-old/ipv4/block/10.0.0.0-29', 'assignments/x', 'config/default', 'configuration', 'foo', 'handle', 'handles/h', 'host', 'hosts/n1', 'junk', 'virtual', 'virtual2/x', 'zz/deep/er', '\ufffd'].map((name) => [`/calico/ipam/v2/${name}`, '{"a":1}'] as const),
      ...['assignment/', 'assignment/x', 'handle/', 'host/', 'host//', 'host/n1/', 'host/n1/x', 'virtual/', 'virtual/x'].map((name) => [`/calico/ipam/v2/${name}`, '{}'] as const),
      ['/calico/ipam/v2/config', '{"strict_affinity":false,"auto_allocate_blocks":true}'],
      ['/calico/ipam/v2/host/n1', '{}'], ['/calico/ipam/v2/host/n2', ''], ['/calico/ipam/v2/host/n3', '[]'], ['/calico/ipam/v2/host/x', '{}'],
      block('10.0.0.8/29', 'host:gone', {}), affinity('gone', '10.0.0.8-29'), ['/calico/ipam/v2/host/gone', '{}'],
      // These are of somebody else.
      ['/calico/ipam/v20/x', '{}'], ['/calico/ipam/v1/x', '{}'], ['/calico/ipam/v2', '{}'],
    ),
  },
  {
    name: 'leaks-of-all-kinds',
    load: store(
      pool('four', '10.0.0.0/24', { blockSize: 29 }), node('n1', { bgp: { ipv4Address: '10.0.0.6/24' } }),
      block('10.0.0.0/29', 'host:n1', {
        0: { handle_id: 'k8s-pod-network.aa', secondary: { namespace: 'default', node: 'n1', pod: 'ended' } }, 1: { handle_id: 'vxlan-tunnel-addr-n1', secondary: { node: 'n1', type: 'vxlanTunnelAddress' } },
        2: { handle_id: 'k8s-pod-network.bb', secondary: { node: 'vanished' } }, 3: {}, 6: { handle_id: 'kept-for-the-node' },
      }),
      affinity('n1', '10.0.0.0-29'), handle('k8s-pod-network.aa', { '10.0.0.0/29': 1 }), handle('vxlan-tunnel-addr-n1', { '10.0.0.0/29': 1 }), handle('k8s-pod-network.bb', { '10.0.0.0/29': 1 }), handle('kept-for-the-node', { '10.0.0.0/29': 1 }),
      ['/calico/ipam/v2/assignment/ipv4/block/10.0.0.8-29', JSON.stringify({ cidr: '10.0.0.8/29', affinity: 'host:n1', allocations: [7, ...Array<null>(7).fill(null)], unallocated: [1, 2, 3, 4, 5, 6, 7], attributes: [], sequenceNumber: 1, deleted: false })], affinity('n1', '10.0.0.8-29'),
    ),
  },
  {
    name: 'vanished-and-alive',
    load: store(
      pool('four', '10.0.0.0/24', { blockSize: 29 }),
      block('10.0.0.0/29', 'host:alive', { 0: { handle_id: 'k8s-pod-network.aa', secondary: { namespace: 'default', node: 'alive', pod: 'p' } } }), affinity('alive', '10.0.0.0-29'), handle('k8s-pod-network.aa', { '10.0.0.0/29': 1 }),
      endpoint('default', 'alive', 'k8s', { pod: 'p', containerID: 'aa', endpoint: 'eth0', ipNetworks: ['10.0.0.0/32'] }),
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((number) => [block(`10.0.0.${16 + 8 * number}/29`, `host:gone-${number}`, { 0: { handle_id: `h${number}`, secondary: { node: `gone-${number}` } } }), affinity(`gone-${number}`, `10.0.0.${16 + 8 * number}-29`), handle(`h${number}`, { [`10.0.0.${16 + 8 * number}/29`]: 1 })]),
    ),
  },
  {
    name: 'blocks-of-other-sizes',
    load: store(
      pool('four', '10.0.0.0/24', { blockSize: 28 }), node('n1'),
      block('10.0.0.0/29', 'host:n1', { 0: { handle_id: 'k8s-pod-network.aa', secondary: { namespace: 'default', node: 'n1', pod: 'p' } } }), affinity('n1', '10.0.0.0-29'), handle('k8s-pod-network.aa', { '10.0.0.0/29': 1 }),
      endpoint('default', 'n1', 'k8s', { pod: 'p', containerID: 'aa', endpoint: 'eth0', ipNetworks: ['10.0.0.0/32'] }), endpoint('default', 'n1', 'k8s', { pod: 'blocked', containerID: 'bb', endpoint: 'eth0', ipNetworks: ['10.0.0.9/32'] }),
      block('10.0.0.32/28', 'host:n1', {}), affinity('n1', '10.0.0.32-28'), block('10.0.0.40/29', 'host:n1', {}), affinity('n1', '10.0.0.40-29'),
      block('10.0.0.64/27', 'host:n1', {}), affinity('n1', '10.0.0.64-27'), block('10.0.0.80/28', 'host:n1', {}), affinity('n1', '10.0.0.80-28'),
      block('10.5.0.0/28', 'host:n1', {}), affinity('n1', '10.5.0.0-28'),
    ),
  },
  {
    name: 'shared-addresses',
    load: store(
      pool('four', '10.0.0.0/24', { blockSize: 29 }), node('n1'), node('n2'),
      block('10.0.0.0/29', 'host:n1', { 0: { handle_id: 'k8s-pod-network.vms-vm7', secondary: { namespace: 'vms', node: 'n1', pod: 'virt-launcher-vm7-aaaaa', 'vmi-name': 'vm7' } }, 1: { handle_id: 'k8s-pod-network.aa', secondary: { namespace: 'default', node: 'n1', pod: 'first' } } }),
      affinity('n1', '10.0.0.0-29'), handle('k8s-pod-network.vms-vm7', { '10.0.0.0/29': 1 }), handle('k8s-pod-network.aa', { '10.0.0.0/29': 1 }),
      endpoint('vms', 'n1', 'k8s', { pod: 'virt-launcher-vm7-aaaaa', containerID: 'c1', endpoint: 'eth0', ipNetworks: ['10.0.0.0/32'] }), endpoint('vms', 'n2', 'k8s', { pod: 'virt-launcher-vm7-bbbbb', containerID: 'c2', endpoint: 'eth0', ipNetworks: ['10.0.0.0/32'] }),
      endpoint('default', 'n1', 'k8s', { pod: 'first', containerID: 'aa', endpoint: 'eth0', ipNetworks: ['10.0.0.1/32'] }), endpoint('default', 'n2', 'k8s', { pod: 'second', containerID: 'bb', endpoint: 'eth0', ipNetworks: ['10.0.0.1/32'] }),
    ),
  },
  // As long as these keys cannot be read, nothing is known to be unused: not the address of the endpoint, nor what really leaked.
  ...([['no-text', '{'], ['odd-addresses', oddEndpoint({ ipNetworks: '10.1.0.5/32' })], ['odd-address', oddEndpoint({ ipNetworks: ['10.1.0.5/32', 'fd00::x'] })], ['odd-node', oddEndpoint({ node: 7, ipNetworks: ['10.1.0.5/32'] })]] as const).map(([name, value]) => ({
    name: `unreadable-endpoint-${name}`,
    load: store(...withUnused(), [ENDPOINT, value]),
  })),
  ...([['no-text', ''], ['odd-tunnel', JSON.stringify({ metadata: {}, spec: { bgp: { ipv4IPIPTunnelAddr: ['10.1.0.5'] } } })], ['odd-tunnel-address', JSON.stringify({ metadata: {}, spec: { ipv4VXLANTunnelAddr: '10.1.0' } })], ['odd-own-addresses', JSON.stringify({ metadata: {}, spec: { addresses: 'none' } })]] as const).map(([name, value]) => ({
    name: `unreadable-node-${name}`,
    load: store(...withUnused(), ['/calico/resources/v3/projectcalico.org/nodes/n1', value]),
  })),
  {
    name: 'unreadable-endpoint-and-block',
    load: store(...withUnused(), [ENDPOINT, '{'], ['/calico/ipam/v2/assignment/ipv4/block/10.1.0.32-29', '{'], ['/calico/ipam/v2/handle/k8s-pod-network.cc', '{']),
  },
  ...([['no-text', '{"kind":'], ['without-network', '{"metadata":{},"spec":{}}'], ['odd-network', '{"metadata":{},"spec":{"cidr":"10.5.0.0/99"}}'], ['odd-size', '{"metadata":{},"spec":{"cidr":"10.5.0.0/16","blockSize":"29"}}'], ['impossible-size', '{"metadata":{},"spec":{"cidr":"10.5.0.0/16","blockSize":64}}'], ['odd-switch', '{"metadata":{},"spec":{"cidr":"10.5.0.0/16","disabled":"false"}}'], ['odd-uses', '{"metadata":{},"spec":{"cidr":"10.5.0.0/16","allowedUses":"Workload"}}']] as const).map(([name, value]) => ({
    name: `unreadable-pool-${name}`,
    load: store(
      pool('four', '10.1.0.0/24', { blockSize: 29 }), pool('off', '10.9.0.0/24', { blockSize: 29, disabled: true }), ['/calico/resources/v3/projectcalico.org/ippools/10-5-0-0-16', value], node('n1'),
      // Of the unreadable pool, perhaps; of another size than that of their own; and outside every enabled one for certain.
      block('10.5.0.0/29', 'host:n1', { 0: { handle_id: 'k8s-pod-network.aa', secondary: { namespace: 'default', node: 'n1', pod: 'p' } } }), affinity('n1', '10.5.0.0-29'), handle('k8s-pod-network.aa', { '10.5.0.0/29': 1 }), endpoint('default', 'n1', 'k8s', { pod: 'p', containerID: 'aa', endpoint: 'eth0', ipNetworks: ['10.5.0.0/32'] }),
      block('10.5.0.8/29', 'host:n1', {}), affinity('n1', '10.5.0.8-29'), block('10.1.0.64/30', 'host:n1', {}), affinity('n1', '10.1.0.64-30'), block('10.5.0.32/28', 'host:n1', {}), affinity('n1', '10.5.0.32-28'), block('10.5.0.40/29', 'host:n1', {}), affinity('n1', '10.5.0.40-29'),
      endpoint('default', 'n1', 'k8s', { pod: 'taken', containerID: 'bb', endpoint: 'eth0', ipNetworks: ['10.5.0.1/32'] }), endpoint('default', 'n1', 'k8s', { pod: 'one', containerID: 'cc', endpoint: 'eth0', ipNetworks: ['10.5.0.70/32'] }), endpoint('default', 'n1', 'k8s', { pod: 'two', containerID: 'dd', endpoint: 'eth0', ipNetworks: ['10.5.0.70/32'] }),
      block('10.9.0.0/29', 'host:n1', {}), affinity('n1', '10.9.0.0-29'), endpoint('default', 'n1', 'k8s', { pod: 'off', containerID: 'ee', endpoint: 'eth0', ipNetworks: ['10.9.0.1/32'] }),
    ),
  })),
  {
    name: 'unreadable-others',
    load: {
      ...store(...withUnused(), ['/calico/resources/v3/projectcalico.org/ipreservations/cut', '{'], ['/calico/resources/v3/projectcalico.org/ipreservations/odd', '{"metadata":{},"spec":{"reservedCIDRs":["10.1.0.0/28","all"]}}'], ['/calico/resources/v3/projectcalico.org/ipreservations/text', '{"metadata":{},"spec":{"reservedCIDRs":"10.1.0.0/28"}}']),
      '/calico/resources/v3/projectcalico.org/clusterinformations/default': '{"metadata":{},"spec":{"datastoreReady":"true"}}',
    },
  },
];

type Stored = readonly [key: string, value: string];

function oddEndpoint(spec: object): string {
  return JSON.stringify({ kind: 'WorkloadEndpoint', apiVersion: 'projectcalico.org/v3', metadata: { name: 'n1-k8s-web-eth0', namespace: 'default' }, spec: { node: 'n1', orchestrator: 'k8s', pod: 'web', endpoint: 'eth0', ...spec } });
}

/** What is unused as far as can be read: an address, a handle, blocks outside the pools and of another size, and those of a node that is gone. */
function withUnused(): Stored[] {
  return [
    pool('four', '10.1.0.0/24', { blockSize: 29 }), node('n1'),
    block('10.1.0.0/29', 'host:n1', { 5: { handle_id: 'k8s-pod-network.abc', secondary: { namespace: 'default', node: 'n1', pod: 'web' } }, 6: { secondary: { node: 'n1' } } }), affinity('n1', '10.1.0.0-29'), handle('k8s-pod-network.abc', { '10.1.0.0/29': 1 }), handle('empty', { '10.1.0.0/29': 1 }),
    block('10.7.0.0/29', 'host:n1', {}), affinity('n1', '10.7.0.0-29'), block('10.1.0.64/30', 'host:n1', {}), affinity('n1', '10.1.0.64-30'), block('10.1.0.80/28', 'host:n1', {}), affinity('n1', '10.1.0.80-28'), block('10.1.0.88/29', 'host:n1', {}), affinity('n1', '10.1.0.88-29'),
    block('10.1.0.16/29', 'host:gone', { 0: { handle_id: 'k8s-pod-network.old', secondary: { namespace: 'default', node: 'gone', pod: 'old' } } }), affinity('gone', '10.1.0.16-29'), handle('k8s-pod-network.old', { '10.1.0.16/29': 1 }),
  ];
}

function store(...entries: readonly Stored[]): Readonly<Record<string, string>> {
  return Object.fromEntries([resource('ClusterInformation', 'clusterinformations', 'default', { clusterGUID: '0123456789abcdef0123456789abcdef', datastoreReady: true }), ...entries]);
}

function resource(kind: string, plural: string, name: string, spec: object): Stored {
  const metadata = { name: name.split('/').at(-1), ...(name.includes('/') ? { namespace: name.split('/')[0] } : {}), uid: '0d5c1c9e-1f0a-4c5e-9a44-6c8f2c3e7a10', creationTimestamp: '2026-03-04T05:06:07Z' };
  return [`/calico/resources/v3/projectcalico.org/${plural}/${name}`, JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata, spec })];
}

/** A block of four addresses, all in use. */
function full(first: string, host: string): Stored[] {
  const start = first.split('.').slice(0, 3).join('.');
  const name = (ordinal: number): string => `${host}-${ordinal}`;
  return [
    block(`${first}/30`, `host:${host}`, Object.fromEntries([0, 1, 2, 3].map((ordinal) => [ordinal, { handle_id: `k8s-pod-network.${name(ordinal)}`, secondary: { node: host } }]))),
    affinity(host, `${first}-30`),
    ...[0, 1, 2, 3].flatMap((ordinal) => [
      handle(`k8s-pod-network.${name(ordinal)}`, { [`${first}/30`]: 1 }),
      endpoint('default', host, 'k8s', { pod: name(ordinal), containerID: name(ordinal), endpoint: 'eth0', ipNetworks: [`${start}.${Number(first.split('.')[3]) + ordinal}/32`] }),
    ]),
  ];
}

function pool(name: string, cidr: string, more: object = {}): Stored {
  return resource('IPPool', 'ippools', name, { cidr, blockSize: 26, nodeSelector: 'all()', allowedUses: ['Workload', 'Tunnel'], assignmentMode: 'Automatic', ...more });
}

function node(name: string, spec: object = {}): Stored {
  return resource('Node', 'nodes', name, spec);
}

function endpoint(namespace: string, host: string, orchestrator: string, spec: { readonly workload?: string; readonly pod?: string; readonly containerID?: string; readonly endpoint: string; readonly ipNetworks: readonly string[] }): Stored {
  const middle = orchestrator === 'k8s' ? spec.pod : orchestrator === 'cni' ? spec.containerID : spec.workload;
  const name = [host, orchestrator, middle, spec.endpoint].map((part) => String(part).replaceAll('-', '--')).join('-');
  return resource('WorkloadEndpoint', 'workloadendpoints', `${namespace}/${name}`, { orchestrator, node: host, ...spec });
}

function block(cidr: string, affinityText: string, given: Readonly<Record<number, object>>): Stored {
  const size = 2 ** (32 - Number(cidr.split('/')[1]));
  const ordinals = Object.keys(given).map(Number);
  const allocations = Array.from({ length: size }, (_, ordinal) => (ordinals.includes(ordinal) ? ordinals.indexOf(ordinal) : null));
  const unallocated = [...allocations.keys()].filter((ordinal) => allocations[ordinal] === null);
  return [`/calico/ipam/v2/assignment/ipv4/block/${cidr.replace('/', '-')}`, JSON.stringify({ cidr, affinity: affinityText, allocations, unallocated, attributes: Object.values(given), sequenceNumber: 100, sequenceNumberForAllocation: Object.fromEntries(ordinals.map((ordinal) => [ordinal, ordinal])), deleted: false })];
}

function handle(name: string, counts: Readonly<Record<string, number>>): Stored {
  return [`/calico/ipam/v2/handle/${name}`, JSON.stringify({ block: counts, deleted: false })];
}

function affinity(host: string, network: string): Stored {
  return [`/calico/ipam/v2/host/${host}/ipv4/block/${network}`, '{"state":"confirmed","deleted":false}'];
}

function configuration(value: object): Stored {
  return ['/calico/ipam/v2/config', JSON.stringify(value)];
}

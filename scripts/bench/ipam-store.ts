import type { Operation, Store } from '../../src/datastore/store.js';
import { TRANSACTION_LIMIT } from '../../src/datastore/store.js';

/** The store of golden/ipam/bigstore.py: nodes, blocks, affinities, handles and endpoints that agree. Nothing leaks, so that `ipam check` ends with 0. */
export const SIZE = { nodes: 2000, blocks: 10_000, allocations: 300_000, shareOfSix: 0.1 } as const;

const RESOURCES = '/calico/resources/v3/projectcalico.org/';
const IPAM = '/calico/ipam/v2/';
const MADE = '2026-11-20T08:00:00Z';
const BLOCK = 64;
const IN_FLIGHT = 4;
const MOST_BYTES = 600_000;

type Pair = readonly [key: string, value: string];

/** Numbers that look random and are the same in every run (a linear congruence; its upper bits are good enough here). */
function numbers(): (below: number) => number {
  let state = 1n;
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((state >> 33n) % BigInt(below));
  };
}

/** Every key of the store with its value. */
export function* ipamStore(): Generator<Pair> {
  const random = numbers();
  yield [`${RESOURCES}clusterinformations/default`, object('ClusterInformation', { name: 'default' }, { clusterGUID: '0'.repeat(32), datastoreReady: true })];
  yield [`${IPAM}config`, '{"auto_allocate_blocks":true,"kubeVirtVMAddressPersistence":"Enabled"}'];
  yield pool('big-four', '10.64.0.0/10', 26);
  yield pool('big-six', 'fd00:10::/64', 122);
  const tunnels = new Map<string, string>();
  for (let index = 0; index < SIZE.blocks; index++) yield* block(index, random, tunnels);
  for (let index = 0; index < SIZE.nodes; index++) {
    const name = nodeName(index);
    const tunnel = tunnels.get(name);
    const bgp = { ipv4Address: `172.16.${index >> 8}.${index & 255}/16`, ...(tunnel !== undefined && { ipv4IPIPTunnelAddr: tunnel }) };
    yield [`${RESOURCES}nodes/${name}`, object('Node', { name, labels: { 'kubernetes.io/hostname': name } }, { bgp, orchRefs: [{ nodeName: name, orchestrator: 'k8s' }] })];
  }
}

/** Writes the store in transactions of up to 128 keys, some at the same time. */
export async function loadIpamStore(store: Store): Promise<void> {
  const batches = inBatches();
  const work = async (): Promise<void> => {
    for (let next = batches.next(); next.done !== true; next = batches.next()) {
      if (!(await store.commit(next.value)).done) throw new Error('the store was not empty');
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
}

function* inBatches(): Generator<Operation[]> {
  let batch: Operation[] = [];
  let bytes = 0;
  for (const [key, value] of ipamStore()) {
    batch.push({ action: 'put', key, value, expect: '0' });
    bytes += key.length + value.length;
    if (batch.length < TRANSACTION_LIMIT.operations && bytes < MOST_BYTES) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** A block with its addresses, their handles and endpoints, and its affinity. Every node's first address is its tunnel. */
function* block(index: number, random: (below: number) => number, tunnels: Map<string, string>): Generator<Pair> {
  const six = index >= SIZE.blocks * (1 - SIZE.shareOfSix);
  const node = nodeName(index % SIZE.nodes);
  const cidr = six ? `fd00:10::${groups(index * BLOCK)}/122` : `${dotted(10 * 2 ** 24 + 64 * 2 ** 16 + index * BLOCK)}/26`;
  const count = SIZE.allocations / SIZE.blocks;
  const order = shuffled(random);
  const taken = order.slice(0, count).sort((a, b) => a - b);
  const sequence = 1_795_000_000_000_000_000n + BigInt(index * 1000);
  const attributes: object[] = [];
  for (const ordinal of taken) {
    const address = addressOf(cidr, ordinal);
    const tunnel = !six && !tunnels.has(node);
    const handle = tunnel ? `ipip-tunnel-addr-${node}` : `k8s-pod-network.${hexadecimal(random)}`;
    const secondary = tunnel ? { node, type: 'ipipTunnelAddress' } : podOf(index * BLOCK + ordinal, node);
    if (tunnel) tunnels.set(node, address);
    else yield endpoint(secondary as Pod, { address: `${address}/${six ? 128 : 32}`, container: handle.slice(handle.indexOf('.') + 1) });
    attributes.push({ handle_id: handle, secondary });
    yield [`${IPAM}handle/${handle}`, `{"block":{"${cidr}":1},"deleted":false}`];
  }
  const allocations = Array.from({ length: BLOCK }, (_, ordinal) => (taken.includes(ordinal) ? taken.indexOf(ordinal) : null));
  const sequences = [...taken].sort((a, b) => (String(a) < String(b) ? -1 : 1)).map((ordinal) => `"${ordinal}":${sequence - BigInt(taken.length - taken.indexOf(ordinal))}`);
  const text = cidr.replace('/', '-');
  const family = six ? 'ipv6' : 'ipv4';
  yield [`${IPAM}assignment/${family}/block/${text}`, `{"cidr":"${cidr}","affinity":"host:${node}","affinity_claim_time":"${MADE}","allocations":${JSON.stringify(allocations)},"unallocated":${JSON.stringify(order.slice(count))},"attributes":${JSON.stringify(attributes)},"sequenceNumber":${sequence},"sequenceNumberForAllocation":{${sequences.join(',')}},"deleted":false}`];
  yield [`${IPAM}host/${node}/${family}/block/${text}`, '{"state":"confirmed","deleted":false}'];
}

interface Pod {
  readonly namespace: string;
  readonly node: string;
  readonly pod: string;
}

function podOf(number: number, node: string): Pod & { readonly timestamp: string } {
  return { namespace: `ns-${number % 200}`, node, pod: `pod-${number}-x${number % 97}`, timestamp: '2026-11-20 08:00:00.123456789 +0000 UTC' };
}

function endpoint({ namespace, node, pod }: Pod, { address, container }: { readonly address: string; readonly container: string }): Pair {
  const name = `${node.replaceAll('-', '--')}-k8s-${pod.replaceAll('-', '--')}-eth0`;
  const labels = { app: `app-${pod.length}`, 'projectcalico.org/namespace': namespace, 'projectcalico.org/orchestrator': 'k8s' };
  const spec = { orchestrator: 'k8s', workload: '', node, containerID: container, pod, endpoint: 'eth0', ipNetworks: [address], profiles: [`kns.${namespace}`], interfaceName: `cali${container.slice(0, 11)}` };
  return [`${RESOURCES}workloadendpoints/${namespace}/${name}`, object('WorkloadEndpoint', { name, namespace, labels }, spec)];
}

function pool(name: string, cidr: string, blockSize: number): Pair {
  return [`${RESOURCES}ippools/${name}`, object('IPPool', { name }, { cidr, ipipMode: 'Never', vxlanMode: 'Never', natOutgoing: true, blockSize, nodeSelector: 'all()', allowedUses: ['Workload', 'Tunnel'], assignmentMode: 'Automatic' })];
}

function object(kind: string, metadata: object, spec: object): string {
  return JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata: { ...metadata, uid: '00000000-0000-4000-8000-000000000000', creationTimestamp: MADE }, spec });
}

function nodeName(index: number): string {
  return `node-${String(index).padStart(4, '0')}`;
}

function addressOf(cidr: string, ordinal: number): string {
  const first = cidr.slice(0, cidr.indexOf('/'));
  if (!first.includes(':')) return first.replace(/\d+$/, (last) => String(Number(last) + ordinal));
  return first.replace(/[0-9a-f]+$/, (last) => (Number.parseInt(last, 16) + ordinal).toString(16));
}

/** The last two groups of an IPv6 address. */
function groups(value: number): string {
  return `${(value >> 16).toString(16)}:${(value & 0xffff).toString(16)}`;
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function shuffled(random: (below: number) => number): number[] {
  const order = Array.from({ length: BLOCK }, (_, index) => index);
  for (let index = BLOCK - 1; index > 0; index--) {
    const other = random(index + 1);
    [order[index], order[other]] = [order[other]!, order[index]!];
  }
  return order;
}

function hexadecimal(random: (below: number) => number): string {
  return Array.from({ length: 16 }, () => random(65_536).toString(16).padStart(4, '0')).join('');
}

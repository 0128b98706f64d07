import { varies, type AnyHelps, type HelpOf, type KindHelp } from '../field-help.js';
import type { IpPoolSpec } from './ip-pool.js';
import { metadataHelp } from './metadata.help.js';

const spec: HelpOf<IpPoolSpec> = {
  cidr: ['The network from which addresses are assigned; it cannot be changed, and no other pool may overlap it.', '10.0.0.0/16'],
  vxlanMode: ['When packets between nodes travel in VXLAN: never, always, or only where the nodes are in different subnets.', 'CrossSubnet'],
  ipipMode: ['When packets between nodes travel in IPIP: never, always, or only where the nodes are in different subnets; for IPv4 alone, and not beside VXLAN.', 'CrossSubnet'],
  natOutgoing: ['Whether packets from addresses of the pool to destinations in no pool get the address of their node.', true, false],
  disabled: ['Whether no new addresses are assigned from the pool; those in use stay.', true, false],
  disableBGPExport: ['Whether BIRD keeps the routes of the pool from peers.', true, false],
  blockSize: ['The prefix length of the blocks that nodes claim: 20 to 32 for IPv4, 116 to 128 for IPv6; it cannot be changed.', 26, varies('26 for IPv4, 122 for IPv6')],
  nodeSelector: ['Chooses, by their labels, the nodes whose workloads get addresses from the pool.', "rack == 'a1'"],
  namespaceSelector: ['Chooses, by their labels, the namespaces whose workloads get addresses from the pool; not for pools with the use Tunnel.', "environment == 'production'", varies('all')],
  allowedUses: ["What addresses of the pool are for: workloads, nodes' tunnels, or services of type LoadBalancer, which stands alone.", ['Workload']],
  assignmentMode: ['Whether addresses are assigned to anybody who needs one, or only to those who ask for this pool.', 'Manual'],
};

const status: AnyHelps = {
  conditions: {
    help: 'The state of the pool.',
    example: [{ type: 'Allocatable', status: 'True', lastTransitionTime: '2026-11-20T23:30:00Z', reason: 'PoolEnabled', message: '' }],
    fields: {
      type: ['What the condition is about: Allocatable means that addresses may be assigned.', 'Allocatable'],
      status: ['Whether the condition holds: True, False or Unknown.', 'True'],
      observedGeneration: ['The generation of the pool that was looked at.', 1],
      lastTransitionTime: ['When the condition changed, in UTC.', '2026-11-20T23:30:00Z'],
      reason: ['Why, in one word.', 'PoolEnabled'],
      message: ['Why, in a sentence.', 'the pool is enabled'],
    },
  },
};

/** Help for IPPool. */
export const ipPoolHelp: KindHelp = {
  help: 'A network from which workloads, tunnels and services get their addresses, and how packets between them travel.',
  example: { metadata: { name: 'pool-1' }, spec: { cidr: '10.0.0.0/16', natOutgoing: true } },
  metadata: metadataHelp,
  spec,
  status,
};

import type { HelpOf, KindHelp } from '../field-help.js';
import type { Of } from '../fields/field.js';
import type { ipPool } from './ip-pool.js';

const metadata: HelpOf<Of<typeof ipPool.metadata>> = {
  cidr: ['The network from which addresses are assigned, which identifies the pool; no other pool may overlap it.', '10.0.0.0/16'],
};

const spec: HelpOf<Of<typeof ipPool.spec>> = {
  ipip: {
    help: 'IPIP tunnels between the nodes; for IPv4 alone.',
    example: { enabled: true, mode: 'cross-subnet' },
    fields: {
      enabled: ['Whether packets between nodes travel in IPIP.', true, false],
      mode: ['When they do: always, or only where the nodes are in different subnets.', 'cross-subnet', 'always'],
    },
  },
  'nat-outgoing': ['Whether packets from addresses of the pool to destinations in no pool get the address of their node.', true, false],
  disabled: ['Whether no new addresses are assigned from the pool; those in use stay.', true, false],
};

/** Help for ipPool. */
export const ipPoolHelp: KindHelp = {
  help: 'A network from which workloads get their addresses, and how packets between them travel.',
  example: { metadata: { cidr: '10.0.0.0/16' }, spec: { 'nat-outgoing': true } },
  metadata,
  spec,
};

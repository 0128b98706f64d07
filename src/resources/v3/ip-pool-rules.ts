import { formatCidr, isMasked, network, overlaps, parseCidr, type Cidr } from '../../net/address.js';
import type { AsRead } from '../fields/field.js';
import type { ReadObject } from '../kind.js';
import type { Problems } from '../problem.js';
import { isUncertain, isWrong } from '../uncertain.js';
import type { IpPoolSpec } from './ip-pool.js';

/** A pool's spec as it was read, with the defaults of what was not given. */
type Spec = AsRead<IpPoolSpec>;

const LINK_LOCAL = ['169.254.0.0/16', 'fe80::/10'];
const BLOCK_SIZES = { 4: [20, 32], 6: [116, 128] } as const;

/** Rules of a pool by itself, after the defaults (reference/storage 3.2). */
export function checkPool({ spec }: ReadObject<IpPoolSpec>, problems: Problems): void {
  const cidr = parseCidr(spec.cidr ?? '');
  if (cidr === undefined) problems.add('required', ['spec', 'cidr'], 'a pool needs a cidr');
  else {
    checkNetwork(cidr, problems);
    checkBlockSize(cidr, spec, problems);
  }
  checkEncapsulation(cidr, spec, problems);
  if (!isWrong(problems, ['spec', 'allowedUses'])) checkUses(spec, problems);
}

function checkNetwork(cidr: Cidr, problems: Problems): void {
  if (!isMasked(cidr)) {
    const hint = `write ${formatCidr(network(cidr))}`;
    problems.add('rule', ['spec', 'cidr'], `${formatCidr(cidr)} has bits set after its prefix length`, { hint });
  }
  const local = LINK_LOCAL.find((each) => overlaps(cidr, parseCidr(each) as Cidr));
  if (local !== undefined) problems.add('rule', ['spec', 'cidr'], `${formatCidr(cidr)} overlaps with the link-local range ${local}`);
}

function checkBlockSize(cidr: Cidr, { blockSize: size, disabled }: Spec, problems: Problems): void {
  if (size === undefined) return;
  const [smallest, largest] = BLOCK_SIZES[cidr.address.version];
  if (size < smallest || size > largest) {
    problems.add('rule', ['spec', 'blockSize'], `the block size of an IPv${cidr.address.version} pool is between ${smallest} and ${largest}, not ${size}`);
  } else if (cidr.length > size && disabled !== true && !['blockSize', 'disabled'].some((name) => isUncertain(problems, ['spec', name]))) {
    problems.add('rule', ['spec', 'cidr'], `${formatCidr(cidr)} is too small for Calico IPAM: the pool must have room for a block of /${size}`);
  }
}

function checkEncapsulation(cidr: Cidr | undefined, spec: Spec, problems: Problems): void {
  if (spec.ipipMode === 'Never') return;
  if (cidr?.address.version === 6) problems.add('rule', ['spec', 'ipipMode'], 'IPIP is not supported on an IPv6 pool', { hint: 'use vxlanMode' });
  if (spec.vxlanMode !== 'Never') problems.add('rule', ['spec', 'vxlanMode'], 'a pool cannot use both VXLAN and IPIP');
}

function checkUses(spec: Spec, problems: Problems): void {
  const { allowedUses: uses = [] } = spec;
  if (spec.namespaceSelector !== undefined && uses.includes('Tunnel') && !isUncertain(problems, ['spec', 'allowedUses'])) {
    const hint = 'leave Tunnel out of allowedUses';
    problems.add('rule', ['spec', 'namespaceSelector'], 'a pool for tunnel addresses cannot have a namespaceSelector: tunnels belong to no namespace', { hint });
  }
  if (!uses.includes('LoadBalancer')) return;
  const other = uses.find((use) => use !== 'LoadBalancer');
  if (other !== undefined) problems.add('rule', ['spec', 'allowedUses'], `LoadBalancer cannot be used at the same time as ${other}`);
  for (const mode of ['ipipMode', 'vxlanMode'] as const) {
    if (spec[mode] !== 'Never') problems.add('rule', ['spec', mode], 'a pool for LoadBalancer use can have neither IPIP nor VXLAN');
  }
  if (spec.nodeSelector !== 'all()') problems.add('rule', ['spec', 'nodeSelector'], 'a pool for LoadBalancer use must have the nodeSelector all()');
  // Calico 3.32 refuses true where its own message asks for it (reference/storage 3.2).
  if (spec.disableBGPExport === true) problems.add('rule', ['spec', 'disableBGPExport'], 'a pool for LoadBalancer use cannot have disableBGPExport');
}

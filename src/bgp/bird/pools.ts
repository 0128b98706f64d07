import type { BirdFacts } from './facts.js';
import { networkText } from './text.js';

/** A pool as BIRD has to know it. */
export interface BirdPool {
  readonly cidr: string;
  readonly encapsulation: 'vxlan' | 'ipip' | 'ipip-cross-subnet' | 'none';
  readonly isExported: boolean;
}

/** The pools of the family, disabled ones too, in the order of their networks as text. */
export function birdPools({ family, objects }: BirdFacts): readonly BirdPool[] {
  const pools = objects.pools.flatMap(({ spec }) => {
    const cidr = networkText(spec.cidr, family);
    return cidr === undefined ? [] : [{ cidr, encapsulation: encapsulationOf(spec.vxlanMode, spec.ipipMode), isExported: spec.disableBGPExport !== true }];
  });
  return pools.sort((left, right) => (left.cidr < right.cidr ? -1 : 1));
}

function encapsulationOf(vxlanMode: unknown, ipipMode: unknown): BirdPool['encapsulation'] {
  if (vxlanMode === 'Always' || vxlanMode === 'CrossSubnet') return 'vxlan';
  if (ipipMode === 'Always') return 'ipip';
  return ipipMode === 'CrossSubnet' ? 'ipip-cross-subnet' : 'none';
}

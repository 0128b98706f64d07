import { compareIp, containsCidr, formatCidr, type Cidr } from '../net/address.js';
import { locate, type LocatedProblem, type ManifestResource } from '../manifest/manifests.js';
import { ipPool, poolCidr } from '../resources/v3/ip-pool.js';
import type { Path } from '../resources/problem.js';
import { isPrinted } from '../objects/doubts.js';
import type { Target } from '../objects/target.js';

interface Pool {
  readonly cidr: Cidr;
  readonly name: string;
  readonly identity: string;
  readonly origin: ManifestResource['origin'];
  /** Where the document has the network. */
  readonly path: Path;
  readonly place: number;
  /** Whether the pool may be stored, of which only a store knows: then it is no new one that could be refused. */
  readonly mayBeStored: boolean;
}

/** The networks of the pools in one run of `validate`, which has no store: pools of it that overlap are refused by every verb that makes them. */
export class PoolNetworks {
  private readonly pools: Pool[] = [];

  /** Notes a target that is a pool. What a listing printed is stored, and so may be whatever is classic, which says nothing of that. */
  note({ kind, stored, object, identity }: Target, { origin, raw }: ManifestResource): void {
    const cidr = stored === ipPool ? poolCidr(object) : undefined;
    if (cidr !== undefined) this.pools.push({ cidr, name: object.metadata.name, identity, origin, path: [kind.dialect === 'v1' ? 'metadata' : 'spec', 'cidr'], place: this.pools.length, mayBeStored: kind.dialect === 'v1' || isPrinted(raw) });
  }

  /** What is wrong: at the later of two documents, an error, or a warning where both may be stored already. */
  problems(): readonly LocatedProblem[] {
    const sorted = [...this.pools].sort((a, b) => compareIp(a.cidr.address, b.cidr.address) || a.cidr.length - b.cidr.length);
    const around: Pool[] = [];
    return sorted.flatMap((pool) => {
      // Two networks are apart, or one is in the other: those around this one are the last that are still open.
      while (around.length > 0 && !containsCidr(around.at(-1)!.cidr, pool.cidr)) around.pop();
      const outer = around.at(-1);
      around.push(pool);
      if (outer === undefined || outer.name === pool.name) return [];
      return [outer.place < pool.place ? problemOf(pool, outer) : problemOf(outer, pool)];
    });
  }
}

function problemOf({ cidr, origin, path, mayBeStored }: Pool, other: Pool): LocatedProblem {
  const isDoubtful = mayBeStored && other.mayBeStored;
  const place = `${other.origin.source.source.name}:${locate(other.origin, []).line}`;
  const message = `the network ${formatCidr(cidr)} overlaps with ${formatCidr(other.cidr)} of ${other.identity} (${place})`;
  return { origin, problem: { code: 'overlap', severity: isDoubtful ? 'warning' : 'error', path, message, ...(isDoubtful ? { hint: 'create and apply refuse it unless both are already stored' } : {}) } };
}

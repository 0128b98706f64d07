import { CalicoError, type Conflict } from '../../base/errors.js';
import { formatCidr, formatIp, type Cidr, type Ip } from '../../net/address.js';

/** Why no address is assigned: a case for each that a plugin has words of its own for. */
export type RefusalReason =
  | { readonly kind: 'no-node'; readonly node: string }
  | { readonly kind: 'no-pool'; readonly version: 4 | 6 }
  /** A pool that was named is not there, or disabled. */
  | { readonly kind: 'pool-not-enabled'; readonly pool: Cidr }
  /** No pool selects the node. */
  | { readonly kind: 'no-pool-for-node'; readonly version: 4 | 6; readonly node: string }
  | { readonly kind: 'no-pool-for-use'; readonly version: 4 | 6; readonly node: string; readonly use: string }
  /** The address is in no enabled pool. */
  | { readonly kind: 'outside-pools'; readonly ip: Ip }
  | { readonly kind: 'assigned'; readonly ip: Ip; readonly handle: string | undefined }
  /** Affinity is strict, and the block another's or, without `owner`, nobody's. */
  | { readonly kind: 'foreign-block'; readonly block: Cidr; readonly owner: string | undefined };

/** Addresses cannot be assigned. */
export class Refusal extends CalicoError {
  constructor(readonly reason: RefusalReason) {
    super(meaningOf(reason), textOf(reason), { subject: subjectOf(reason) });
  }
}

function meaningOf({ kind }: RefusalReason): Conflict | 'exhausted' {
  if (kind === 'assigned' || kind === 'foreign-block') return 'taken';
  return kind === 'no-pool' || kind === 'no-pool-for-node' || kind === 'no-pool-for-use' ? 'exhausted' : 'missing';
}

function textOf(reason: RefusalReason): string {
  switch (reason.kind) {
    case 'no-node':
      return `node ${reason.node} does not exist`;
    case 'no-pool':
      return `there is no enabled IPv${reason.version} pool`;
    case 'pool-not-enabled':
      return `the pool ${formatCidr(reason.pool)} does not exist or is disabled`;
    case 'no-pool-for-node':
      return `no IPv${reason.version} pool selects node ${reason.node}`;
    case 'no-pool-for-use':
      return `no IPv${reason.version} pool for node ${reason.node} allows the use ${reason.use}`;
    case 'outside-pools':
      return `${formatIp(reason.ip)} is not in an enabled pool`;
    case 'assigned':
      return `${formatIp(reason.ip)} is already assigned${reason.handle === undefined ? '' : ` to handle ${reason.handle}`}`;
    case 'foreign-block':
      return `block ${formatCidr(reason.block)} ${reason.owner === undefined ? 'has no affinity' : `belongs to ${reason.owner}`}, and affinity is strict`;
  }
}

function subjectOf(reason: RefusalReason): string | undefined {
  switch (reason.kind) {
    case 'no-node':
      return `Node(${reason.node})`;
    case 'pool-not-enabled':
      return `IPPool(${formatCidr(reason.pool)})`;
    case 'outside-pools':
    case 'assigned':
      return formatIp(reason.ip);
    case 'foreign-block':
      return formatCidr(reason.block);
    case 'no-pool':
    case 'no-pool-for-node':
    case 'no-pool-for-use':
      return undefined;
  }
}

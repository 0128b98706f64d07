import { Flags } from '@oclif/core';
import { asFlag } from '../../cli/command-line.js';
import type { Store } from '../../datastore/store.js';
import { CalicoError, DatastoreError, InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { dataFlag, dataText, IpamCommand, ipamFlags, readHandle, readIps, readNode } from '../../cli/ipam-command.js';
import { formatCidr, formatIp, parseCidr, parseIp, type Cidr, type Ip } from '../../net/address.js';
import { assignAddress } from '../../ipam/operations/assign-address.js';
import { autoAssign, type AutoRequest } from '../../ipam/operations/assign.js';
import type { Assigned } from '../../ipam/operations/assignment.js';
import type { Owner } from '../../ipam/records/block.js';
import { LockedError, refuseLocked } from '../../ipam/cluster/facts.js';
import { NODE_PREFIX } from '../../ipam/cluster/resources.js';
import { rehearse, transact } from '../../datastore/draft.js';
import type { Telling } from '../../output/views/changes/unfinished.js';
import { checkNodeName } from '../../cli/node-flag.js';

/** Addresses that one call gives out at most. */
const MOST = 65_536;

export default class IpamAssign extends IpamCommand {
  static override summary = 'Assign addresses to a node, as the network plugin would.';
  static override description = "Free addresses come from the node's own blocks, then from blocks it claims, then, unless affinity is strict, from blocks of others. With --ip: these addresses and no others; one that an endpoint or a node has is refused unless --force is given, and then, where node and handle are its user's, it is given to its user as the plugin would have. A locked datastore is refused likewise. An address that nobody uses afterwards is one that `ipam check` calls leaked.";
  static override examples = ['<%= config.bin %> ipam assign --node node-1 --handle static.web', '<%= config.bin %> ipam assign --ip 10.0.0.7 --node node-1'];
  static override flags = {
    node: Flags.string({ description: 'the node that gets the addresses', required: true }),
    ip: Flags.string({ description: 'this address; may be given several times', multiple: true, multipleNonGreedy: true, exclusive: ['count', 'ip-version', 'pool'] }),
    handle: Flags.string({ description: 'the handle by which they can be released together' }),
    count: Flags.integer({ description: 'how many free addresses', default: 1, min: 1, max: MOST }),
    'ip-version': Flags.string({ description: "the family of free addresses [default: the pools', else 4]", options: ['4', '6'] }),
    pool: Flags.string({ description: 'only from the pool with this CIDR; may be given several times', multiple: true, multipleNonGreedy: true }),
    force: Flags.boolean({ description: 'assign also an address in use, and while the datastore is locked' }),
    ...dataFlag,
    ...ipamFlags,
  };
  static override readonly bundle = 'addresses';
  static override readonly warm = ['--node', 'node-1'];

  protected override readonly writes = true;

  protected override instead(word: string): string {
    return asFlag(parseIp(word) === undefined ? 'node' : 'ip', word);
  }

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(IpamAssign);
    const flags = await this.use(given);
    const node = readNode(flags.node);
    checkNodeName(node);
    const handle = flags.handle === undefined ? undefined : readHandle(flags.handle);
    const owner: Owner = { handle, attributes: { node } };
    const ips = flags.ip && readIps(flags.ip);
    const pools = flags.pool?.map(readPool);
    const version = familyOf(flags['ip-version'], pools ?? []);
    const store = await this.openCluster(flags);
    if (!flags.force) await rehearse(store, refuseLocked);
    const force = flags.force;
    if (ips !== undefined) return this.accountFor(this.telling(flags.output, NOT_NAMED), () => this.assignAll(store, ips, { node, owner, force, format: flags.output }));
    const { count } = flags;
    const request = { host: node, owner, version, count, whileLocked: force, ...(pools === undefined ? {} : { pools }) };
    return this.accountFor(this.telling(flags.output, countLeft(count)), () => this.assignAny(store, request, flags.output));
  }

  private telling(format: string | undefined, advice: Telling['advice']): Telling {
    return {
      did: 'assigned',
      print: (deeds) => assignedText(deeds.map(({ data }) => ({ ip: data?.['ip'] ?? '', block: data?.['block'] ?? '' })), format),
      advice: (account, failure) => (account.unknown.length > 0 ? '`calicoctl ipam show --ip ADDRESS` tells whether it is assigned' : advice(account, failure)),
    };
  }

  /** Free addresses, as many as can be had. */
  private async assignAny(store: Store, request: AutoRequest, format: string | undefined): Promise<ExitCode> {
    const { addresses, shortage } = await autoAssign(store, request);
    await this.tellAssigned(addresses, format);
    if (shortage === undefined) return ExitCode.done;
    await this.note(`${addresses.length} of ${request.count} addresses were assigned: ${shortage}`);
    return addresses.length > 0 ? ExitCode.partial : ExitCode.failed;
  }

  /** Each address in a transaction of its own; the first that cannot be had ends it. */
  private async assignAll(store: Store, ips: readonly Ip[], { node, owner, force, format }: { readonly node: string; readonly owner: Owner; readonly force: boolean; readonly format: string | undefined }): Promise<ExitCode> {
    const [{ readUsers, readUses }, { refuseUsed, rightfulOwner }] = await Promise.all([import('../../ipam/cluster/uses.js'), import('../../ipam/operations/take-over.js')]);
    const addresses = new Set(ips.map(formatIp));
    const users = force ? { uses: await readUses(store, addresses), unreadable: [] } : await readUsers(store, addresses);
    const rightful = new Map<Ip, Owner>();
    for (const ip of ips) {
      const user = await rightfulOwner(store, users.uses.get(formatIp(ip)) ?? [], { node, handle: owner.handle }, this.sources.now());
      if (user !== undefined) rightful.set(ip, user);
    }
    const isNode = (await store.get(NODE_PREFIX + node)) !== undefined;
    const refuseAbsent = (all: readonly Ip[]): void => {
      if (!isNode && !all.every((ip) => rightful.has(ip))) throw new CalicoError('missing', `node ${node} does not exist`, { subject: `Node(${node})` });
    };
    const assignOne = async (ip: Ip, run: typeof transact): Promise<Assigned> => {
      refuseAbsent([ip]);
      return assignAddress(store, { ip, host: node, owner: rightful.get(ip) ?? owner, inUse: rightful.has(ip), whileLocked: force }, undefined, run);
    };
    if (!force) await refuseUsed(store, ips, users, (ip) => assignOne(ip, rehearse));
    refuseAbsent(ips);
    const assigned: Assigned[] = [];
    try {
      for (const ip of ips) assigned.push(await assignOne(ip, transact));
    } catch (error) {
      if (!(error instanceof CalicoError) || error instanceof DatastoreError || error.meaning === 'interrupted' || assigned.length === 0) throw error;
      const cause = error instanceof LockedError ? `${LockedError.MEANWHILE}; ${formatIp(ips[assigned.length]!)}` : `${error.message}; it`;
      throw new CalicoError('partly', `${cause} and those after it were not assigned`, { hint: error.hint });
    }
    await this.tellAssigned(assigned, format);
    return ExitCode.done;
  }

  private async tellAssigned(addresses: readonly Assigned[], format: string | undefined): Promise<void> {
    await this.report(await assignedText(addresses.map(({ ip, block }) => ({ ip: formatIp(ip), block: formatCidr(block) })), format));
  }
}

/** What is printed of addresses that were assigned. */
async function assignedText(addresses: readonly { readonly ip: string; readonly block: string }[], format: string | undefined): Promise<string> {
  if (format !== undefined) return dataText(addresses, format);
  return addresses.map(({ ip, block }) => `Successfully assigned IP address ${ip} from block ${block}\n`).join('');
}

/** What to do where some of the addresses of --ip were assigned: nothing more where the failure says it. */
const NOT_NAMED: Telling['advice'] = (_account, { meaning }) => (meaning === 'partly' ? undefined : 'The addresses that are not named here were not assigned.');

/** What to do where some of so many addresses were assigned. */
function countLeft(count: number): Telling['advice'] {
  return ({ done }) => {
    const assigned = done.filter(({ did }) => did === 'assigned').length;
    return `${assigned} of ${count} addresses were assigned; the same command with --count ${count - assigned} assigns the rest.`;
  };
}

/** The family that is asked for; that of the pools where it is not said. Throws InvalidRequest where they differ. */
function familyOf(wanted: string | undefined, pools: readonly Cidr[]): 4 | 6 {
  const version = wanted === undefined ? (pools[0]?.address.version ?? 4) : wanted === '6' ? 6 : 4;
  const other = pools.find(({ address }) => address.version !== version);
  if (other !== undefined) throw new InvalidRequest(`the pool ${formatCidr(other)} has no IPv${version} addresses`, 'one call assigns addresses of one family');
  return version;
}

function readPool(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new InvalidRequest(`invalid pool specified: ${text}`, 'write its CIDR, for example 10.0.0.0/16');
  return cidr;
}

import { Flags } from '@oclif/core';
import { ExitCode } from '../../cli/exit-codes.js';
import { dataFlag, IpamCommand, ipamFlags } from '../../cli/ipam-command.js';
import { familyOf, givenHandle, givenIps, givenNode, givenPool } from '../../cli/ipam-input.js';
import { checkNodeName } from '../../cli/node-flag.js';
import { rehearse } from '../../datastore/draft.js';
import type { Store } from '../../datastore/store.js';
import { refuseLocked } from '../../ipam/cluster/facts.js';
import type { AddressesRequest } from '../../ipam/operations/assign-addresses.js';
import { autoAssign, type AutoRequest } from '../../ipam/operations/auto-assign.js';
import type { Owner } from '../../ipam/records/block.js';
import { type Ip } from '../../net/address.js';
import { assignedText, assignTelling } from '../../output/views/ipam/assign.js';

/** Addresses that one call assigns at most. */
const MOST = 65_536;

export default class IpamAssign extends IpamCommand {
  static override summary = 'Assign addresses to a node, as the network plugin would.';
  static override description = "Free addresses come from the node's own blocks, then from blocks it claims, then, unless affinity is strict, from other nodes' blocks. --ip assigns exactly these addresses. An address in use by an endpoint or a node is refused, and so is everything while the datastore is locked. --force overrides both; if node and handle are those of its user, the address is recorded for that user as the plugin would have. `ipam check` calls an address that nobody uses afterwards leaked.";
  static override examples = ['<%= config.bin %> ipam assign --node node-1 --handle static.web', '<%= config.bin %> ipam assign --ip 10.0.0.7 --node node-1'];
  static override usage = ['ipam assign --node NODE [--count NUMBER] [flags]', 'ipam assign --node NODE --ip IP... [flags]'];
  static override flags = {
    node: Flags.string({ helpValue: 'NODE', description: 'node that gets the addresses', required: true }),
    ip: Flags.string({ helpValue: 'IP', description: 'assign this address', multiple: true, multipleNonGreedy: true, exclusive: ['count', 'ip-version', 'pool'] }),
    handle: Flags.string({ helpValue: 'HANDLE', description: 'handle by which they can be released together' }),
    count: Flags.integer({ helpValue: 'NUMBER', description: 'how many free addresses', default: 1, min: 1, max: MOST }),
    'ip-version': Flags.string({ description: "IP version of free addresses [default: the pools', else 4]", options: ['4', '6'] }),
    pool: Flags.string({ helpValue: 'CIDR', description: 'use only the pool with this CIDR', multiple: true, multipleNonGreedy: true }),
    force: Flags.boolean({ description: 'assign even an address in use, and even while the datastore is locked' }),
    ...dataFlag,
    ...ipamFlags,
  };
  static override readonly bundle = 'addresses';
  static override readonly warm = ['--node', 'node-1'];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(IpamAssign);
    const flags = await this.use(given);
    const node = givenNode(flags.node);
    checkNodeName(node);
    const handle = flags.handle === undefined ? undefined : givenHandle(flags.handle);
    const owner: Owner = { handle, attributes: { node } };
    const ips = flags.ip && givenIps(flags.ip);
    const pools = flags.pool?.map(givenPool);
    const version = familyOf(flags['ip-version'], pools ?? []);
    const store = await this.openCluster(flags);
    const { count, force, output: format } = flags;
    if (!force) await rehearse(store, refuseLocked);
    if (ips !== undefined) return this.accountFor(assignTelling(format), () => this.assignAll(store, ips, { node, owner, force }, format));
    const request = { host: node, owner, version, count, whileLocked: force, ...(pools === undefined ? {} : { pools }) };
    return this.accountFor(assignTelling(format, count), () => this.assignAny(store, request, format));
  }

  private async assignAll(store: Store, ips: readonly Ip[], request: AddressesRequest, format: string | undefined): Promise<ExitCode> {
    const { assignAddresses } = await import('../../ipam/operations/assign-addresses.js');
    await this.report(await assignedText(await assignAddresses(store, ips, request, this.sources.now()), format));
    return ExitCode.done;
  }

  /** Free addresses, as many as can be had. */
  private async assignAny(store: Store, request: AutoRequest, format: string | undefined): Promise<ExitCode> {
    const { addresses, shortage } = await autoAssign(store, request);
    await this.report(await assignedText(addresses, format));
    if (shortage === undefined) return ExitCode.done;
    await this.note(`${addresses.length} of ${request.count} addresses were assigned: ${shortage}`);
    return addresses.length > 0 ? ExitCode.partial : ExitCode.failed;
  }
}

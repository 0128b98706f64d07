import { Flags } from '@oclif/core';
import { ExitCode } from '../../cli/exit-codes.js';
import { storeFlag } from '../../cli/flags.js';
import { dataFlag, IpamCommand, ipamFlags } from '../../cli/ipam-command.js';
import { givenIp } from '../../cli/ipam-input.js';
import type { Store } from '../../datastore/store.js';

const CHOICES = ['ip', 'show-blocks', 'show-borrowed', 'show-configuration'];
const exclusive = (name: string): string[] => CHOICES.filter((choice) => choice !== name);

export default class IpamShow extends IpamCommand {
  static override summary = 'Show how full the IP pools are, or details of an address.';
  static override description = 'With --ip, shows the handle and attributes of an address, its block and the block\'s owner, its pool, and the endpoint, tunnel or node that uses it. Blocks of every size count, inside and outside the pools.';
  static override examples = [
    '<%= config.bin %> ipam show',
    '<%= config.bin %> ipam show --show-blocks -o json',
    '<%= config.bin %> ipam show --ip 10.0.0.7',
  ];
  static override usage = ['ipam show [--show-blocks] [flags]', 'ipam show --ip IP [flags]'];
  static override flags = {
    ip: Flags.string({ helpValue: 'IP', description: 'show this address', exclusive: exclusive('ip') }),
    'show-blocks': Flags.boolean({ description: 'also show the blocks of each pool', exclusive: exclusive('show-blocks') }),
    'show-borrowed': Flags.boolean({ description: 'show addresses that nodes have from other nodes\' blocks', exclusive: exclusive('show-borrowed') }),
    'show-configuration': Flags.boolean({ description: 'show IPAM settings', exclusive: exclusive('show-configuration') }),
    ...dataFlag,
    ...ipamFlags,
    ...storeFlag,
  };
  static override readonly bundle = 'addresses';
  static override readonly warm = [];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(IpamShow);
    const flags = await this.use(given);
    const ip = flags.ip === undefined ? undefined : givenIp(flags.ip);
    const store = await this.openCluster(flags);
    if (ip !== undefined) await this.showAddress(store, ip, flags.output);
    else if (flags['show-borrowed']) await this.showBorrowed(store, flags.output);
    else if (flags['show-configuration']) await this.showConfiguration(store, flags.output);
    else await this.showUsage(store, flags['show-blocks'], flags.output);
    return ExitCode.done;
  }

  private async showUsage(store: Store, withBlocks: boolean, format: string | undefined): Promise<void> {
    const [{ readUsage }, { usageBars, usageData, usageTable }] = await Promise.all([import('../../ipam/report/usage.js'), import('../../output/views/ipam/usage.js')]);
    const usage = await readUsage(store);
    if (format !== undefined) return this.outData(usageData(usage, withBlocks), format);
    await this.out(await usageTable(usage, withBlocks));
    if (this.terminal.stdout) await this.out(usageBars(usage));
  }

  private async showAddress(store: Store, ip: ReturnType<typeof givenIp>, format: string | undefined): Promise<void> {
    const [{ lookUpAddress }, { addressFactsData, addressFactsText }] = await Promise.all([import('../../ipam/operations/lookup.js'), import('../../output/views/ipam/address.js')]);
    const facts = await lookUpAddress(store, ip);
    return format === undefined ? this.out(addressFactsText(facts)) : this.outData(addressFactsData(facts), format);
  }

  private async showBorrowed(store: Store, format: string | undefined): Promise<void> {
    const [{ readBorrowed }, { borrowedTable }, { unreadableNote }] = await Promise.all([import('../../ipam/report/borrowed.js'), import('../../output/views/ipam/tables.js'), import('../../output/views/ipam/usage.js')]);
    const { borrowed, withoutNode, unreadable } = await readBorrowed(store);
    if (format !== undefined) return this.outData({ borrowed, withoutNode, unreadable }, format);
    return this.out((await borrowedTable(borrowed, withoutNode)) + unreadableNote(unreadable));
  }

  private async showConfiguration(store: Store, format: string | undefined): Promise<void> {
    const [{ readConfiguration }, { configurationData, configurationTable }] = await Promise.all([import('../../ipam/operations/configuration.js'), import('../../output/views/ipam/tables.js')]);
    const configuration = await readConfiguration(store);
    return format === undefined ? this.out(await configurationTable(configuration)) : this.outData(configurationData(configuration), format);
  }
}

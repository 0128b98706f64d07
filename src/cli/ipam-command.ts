import { Flags } from '@oclif/core';
import { BaseCommand } from './base-command.js';
import { CALICO_VERSION } from '../base/calico-version.js';
import { Account, AccountedStore } from '../datastore/account.js';
import type { Store } from '../datastore/store.js';
import { CalicoError } from '../base/errors.js';
import { ExitCode } from './exit-codes.js';
import { dataText } from '../output/views/data.js';
import type { CommandReport } from '../output/views/report.js';
import type { Telling } from '../output/views/changes/unfinished.js';
import { datastoreFlags, longTimeoutFlag } from './flags.js';

/** Data instead of text for people. */
export const dataFlag = { output: Flags.string({ char: 'o', description: 'print data', options: ['json', 'yaml'] }) };

/** What the commands of `ipam` share: a cluster of another release is refused, as the official tool does (reference/storage 5.1). */
export abstract class IpamCommand extends BaseCommand {
  /** What was done to the store and is not told yet. */
  protected readonly account = new Account();

  /** The store of a cluster whose release is ours, or of any with --allow-version-mismatch. What is done to it is in the account. */
  protected async openCluster(flags: { readonly 'allow-version-mismatch': boolean }): Promise<Store> {
    const store = new AccountedStore(await this.connect(), this.account);
    const { refuseOtherVersion } = await import('../ipam/cluster/facts.js');
    if (!flags['allow-version-mismatch']) await refuseOtherVersion(store, CALICO_VERSION);
    return store;
  }

  /** Does what takes several transactions. If that ends early, says what was done, what is unknown, and what to do. */
  protected async accountFor(telling: Telling, work: () => Promise<ExitCode>): Promise<ExitCode> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CalicoError) || (this.account.isEmpty && !this.account.isBegun)) throw error;
      const { unfinishedText } = await import('../output/views/changes/unfinished.js');
      return this.tell(await unfinishedText(this.account, error, telling));
    }
  }

  /** Writes to stdout what the account is of: it is told then. */
  protected async report(text: string): Promise<void> {
    await this.out(text);
    this.account.settle();
  }

  /** What a report says is told then, of the account too. */
  protected override async tell(report: CommandReport): Promise<ExitCode> {
    const code = await super.tell(report);
    if (report.stdout !== '') this.account.settle();
    return code;
  }

  /** Tells reports as they come. The last of a group says how the group ended, the first group that did not end well the exit code. */
  protected async tellAll(groups: AsyncIterable<readonly CommandReport[]>): Promise<ExitCode> {
    let code: ExitCode = ExitCode.done;
    for await (const reports of groups) {
      let ending: ExitCode = ExitCode.done;
      for (const report of reports) ending = await this.tell(report);
      if (code === ExitCode.done) code = ending;
    }
    return code;
  }

  /** Writes data as it was asked for. */
  protected async outData(value: object, format: string): Promise<void> {
    await this.out(await dataText(value, format));
  }
}

export const ipamFlags = {
  ...datastoreFlags,
  'allow-version-mismatch': Flags.boolean({ description: 'work even on a cluster of another Calico release', helpGroup: 'DATASTORE' }),
};

/** The same where everything may have to be read, which takes long where there is much. */
export const longFlags = { ...ipamFlags, ...longTimeoutFlag };

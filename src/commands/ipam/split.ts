import { Args, Flags } from '@oclif/core';
import { checkSplit, LOCK_BEFORE_SPLIT, splitPool, type PoolChoice } from '../../changes/split-pool.js';
import type { Store } from '../../datastore/store.js';
import { InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { dryRunFlag } from '../../cli/flags.js';
import { IpamCommand, ipamFlags } from '../../cli/ipam-command.js';
import type { Telling } from '../../output/views/changes/unfinished.js';
import { safe } from '../../text/safe.js';
import { numberFormProblem } from '../../text/number-form.js';
import { parseGoInteger } from '../../go/parse.js';

/** The pool goes with the last parts: once it is gone, all of them are there. */
const TELLING: Telling = {
  did: 'created',
  print: (deeds) => deeds.map(({ what }) => `Created ${safe(what)}.\n`).join(''),
  advice: ({ unknown }) => `Run the same command again to create the rest${unknown.some(({ did }) => did === 'deleted') ? '; if it finds no such pool, all parts were created' : ''}.`,
};

export default class IpamSplit extends IpamCommand {
  static override summary = 'Split an IP pool into equal parts.';
  static override description = 'The datastore must be locked (datastore migrate lock), except for --dry-run. Everything is checked before anything is written, and up to 126 parts replace the pool in one transaction. Blocks and addresses stay as they are.';
  static override examples = ['<%= config.bin %> ipam split 4 --name default-pool --dry-run', '<%= config.bin %> datastore migrate lock\n<%= config.bin %> ipam split 4 --name default-pool\n<%= config.bin %> datastore migrate unlock'];
  static override args = { number: Args.string({ description: 'how many parts: a power of two', required: true, ignoreStdin: true }) };
  static override usage = ['ipam split NUMBER --name POOL [flags]', 'ipam split NUMBER --cidr CIDR [flags]'];
  static override flags = {
    cidr: Flags.string({ helpValue: 'CIDR', description: 'CIDR of the pool, as stored' }),
    name: Flags.string({ helpValue: 'POOL', description: 'name of the pool' }),
    ...dryRunFlag('check everything and show what would be created, without writing; needs no lock'),
    ...ipamFlags,
  };
  static override readonly bundle = 'addresses';
  static override readonly warm = ['2', '--name', 'pool'];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, args } = await this.parse(IpamSplit);
    const flags = await this.use(given);
    const count = parseGoInteger(args.number);
    if (count === undefined) throw new InvalidRequest(`error reading number to split IP pools into. ${args.number} is not a valid number`, numberFormProblem(args.number));
    const dryRun = flags['dry-run'];
    const choice = { name: flags.name, cidr: flags.cidr };
    checkSplit(choice, count);
    const store = await this.openCluster(flags);
    return this.accountFor(TELLING, () => this.split(store, choice, count, dryRun));
  }

  private async split(store: Store, choice: PoolChoice, count: number, dryRun: boolean): Promise<ExitCode> {
    const { pool, locked, parts } = await splitPool(store, choice, count, { sources: this.sources, dryRun });
    const head = dryRun ? `IP Pool ${pool} would be split into ${parts.length} smaller pools.` : `IP Pool ${pool} was successfully split into ${parts.length} smaller pools.`;
    const lines = parts.map(({ name, cidr }) => `${dryRun ? 'Would create' : 'Created'} ${name} with CIDR ${cidr}.`);
    await this.out(`${[head, ...lines].map(safe).join('\n')}\n`);
    if (!locked) await this.hint(`hint: ${LOCK_BEFORE_SPLIT}`);
    if (!dryRun) await this.out('You may now unlock the datastore: calicoctl datastore migrate unlock\n');
    return ExitCode.done;
  }
}

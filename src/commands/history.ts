import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { argumentsOf } from '../cli/command-line.js';
import type { ExitCode } from '../cli/exit-codes.js';
import { allNamespacesFlag, datastoreFlags, identityFlags, storeFlag } from '../cli/flags.js';
import { readWatched } from '../cli/watched.js';
import { historyOf } from '../history/history.js';
import { selectionsOf } from '../objects/selection.js';
import { historyReport } from '../output/views/history/history.js';

export default class HistoryCommand extends BaseCommand {
  static override summary = 'Show what became of resources, as far back as etcd knows.';
  static override description = 'Each change with its revision, the newest first: created, modified (with each field before and after) or deleted; written, where etcd has compacted what was there before. Without a kind, everything that is stored. --at REVISION of other commands shows the resources as they were, and undo takes changes back. With a journal (see journal list) also when, by whom and with which command, and what etcd has compacted. -o json has all of each change, also what was created and deleted.';
  static override examples = [
    '<%= config.bin %> history policy allow-web',
    '<%= config.bin %> history',
    '<%= config.bin %> history workloadEndpoint --node host1 --limit 100',
    '<%= config.bin %> --dialect v3 history networkpolicy -A -o json',
  ];
  static override args = { kind: Args.string({ description: 'resource kinds, such as node or ipPool', ignoreStdin: true }) };
  static override strict = false;
  static override usage = ['history [KIND...] [flags]', 'history KIND NAME... [flags]', 'history KIND/NAME... [flags]'];
  static override flags = {
    ...identityFlags,
    ...datastoreFlags,
    ...storeFlag,
    ...allNamespacesFlag,
    limit: Flags.integer({ helpValue: 'NUMBER', description: 'show at most so many changes', default: 20, min: 1 }),
    output: Flags.string({ char: 'o', description: 'print data, for programs', options: ['json'] }),
  };
  static override readonly bundle = 'read';
  static override readonly warm = ['policy', 'web'];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, raw } = await this.parse(HistoryCommand);
    const flags = await this.use(given);
    const words = argumentsOf(raw);
    const all = flags['all-namespaces'] || (words.length === 0 && (flags.namespace ?? flags.n) === undefined);
    const selections = selectionsOf(readWatched(words, this.dialect, flags), all);
    const history = await historyOf(await this.connect(), selections, flags.limit);
    const { stdout, ...rest } = historyReport(history, selections, { json: flags.output === 'json', limit: flags.limit, colours: await this.shell.colours() });
    // What is styled has been made safe; JSON has every text as it is.
    await (flags.output === 'json' ? this.out(stdout) : this.shell.outStyled(stdout));
    return this.tell({ ...rest, stdout: '' });
  }
}

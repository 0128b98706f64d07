import { Args, Flags } from '@oclif/core';
import { InterruptedBatch } from '../changes/commit.js';
import { lastChanges, lastTransaction, sinceRevision, type Undoing } from '../changes/undo/find.js';
import { planUndo } from '../changes/undo/plan.js';
import { carryOutUndo } from '../changes/undo/undo.js';
import { readMoment } from '../cli/at.js';
import { BaseCommand } from '../cli/base-command.js';
import { argumentsOf } from '../cli/command-line.js';
import { confirmUndo } from '../cli/confirm.js';
import { ExitCode } from '../cli/exit-codes.js';
import { changeFlags, datastoreFlags, guardFlags, identityFlags } from '../cli/flags.js';
import { readNamed } from '../cli/named.js';
import { namedTargets } from '../cli/named-targets.js';
import type { Store } from '../datastore/store.js';
import type { Target } from '../objects/target.js';
import { interruptedReport, refusalReport } from '../output/views/changes/report.js';
import { undoRemarks, undoReport, undoText } from '../output/views/changes/undo.js';

export default class UndoCommand extends BaseCommand {
  static override summary = 'Take changes back, as far back as etcd has what was before.';
  static override description = 'Without a name, the last command that wrote resources where the journal has it, else the last transaction, all of it; with names, the last change of each. --to REVISION takes back everything since then, of all resources or of those that are named. The resources become byte for byte what they were, uid and labels included. Addresses, blocks and handles are not undone. What would change is shown, and must be agreed to; nothing is written where somebody changes one of them meanwhile (exit code 5). Without a journal, a command that needed several transactions is not known as one: --to takes all of it back.';
  static override examples = ['<%= config.bin %> undo --dry-run', '<%= config.bin %> undo policy allow-web', '<%= config.bin %> undo --to 4711', '<%= config.bin %> undo node host1 --to 4711 --yes'];
  static override args = { kind: Args.string({ description: 'resource kind, such as policy', ignoreStdin: true }) };
  static override strict = false;
  static override usage = ['undo [flags]', 'undo KIND NAME... [flags]', 'undo KIND/NAME... [flags]'];
  static override flags = {
    ...identityFlags,
    ...changeFlags,
    ...guardFlags,
    ...datastoreFlags,
    to: Flags.string({ description: 'go back to this revision, or time; see history', helpValue: 'WHEN' }),
    yes: Flags.boolean({ char: 'y', description: 'do not ask' }),
    output: Flags.string({ char: 'o', description: 'what became of each resource, as data', options: ['json'] }),
  };
  static override readonly bundle = 'write';
  static override readonly warm = ['policy', 'web', '--dry-run'];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, raw } = await this.parse(UndoCommand);
    const flags = await this.use(given);
    const [words, to] = [argumentsOf(raw), flags.to === undefined ? undefined : readMoment(flags.to, '--to', this.sources.now())];
    const targets = words.length === 0 ? undefined : namedTargets(readNamed(words, this.dialect, flags, 'delete'));
    const store = await this.connect();
    const undoing = await this.found(store, to && (await this.revisionOf(to, store)).revision, targets);
    const plan = await planUndo(store, undoing.reversals, { dialect: this.dialect, named: targets !== undefined, signal: this.interruption.signal });
    if (plan.refused.length > 0) return this.tell(refusalReport('undo', plan.refused));
    await this.guard(flags)?.(store, plan);
    const options = { dryRun: flags['dry-run'], json: flags.output === 'json', largeEffects: this.largeEffects };
    const remarks = undoRemarks(undoing, plan);
    if (plan.steps.length === 0) await this.note('there is nothing to undo');
    if (options.dryRun && !options.json) await this.shell.outStyled(await undoText(plan, await this.shell.colours()));
    if (plan.steps.length === 0 || options.dryRun) {
      for (const remark of remarks) await this.note(remark);
      return options.json || options.dryRun ? this.tell(undoReport(undoing, plan, undefined, options)) : ExitCode.done;
    }
    await confirmUndo(this.shell, await undoText(plan), remarks, flags.yes);
    try {
      return await this.tell(undoReport(undoing, plan, await carryOutUndo(store, plan, { signal: this.interruption.signal }), options));
    } catch (error) {
      if (!(error instanceof InterruptedBatch)) throw error;
      return this.tell(interruptedReport('undo', error));
    }
  }

  private found(store: Store, to: string | undefined, targets: readonly Target[] | undefined): Promise<Undoing> {
    if (to !== undefined) return sinceRevision(store, to, targets);
    return targets === undefined ? lastTransaction(store) : lastChanges(store, targets);
  }
}

import { Flags } from '@oclif/core';
import type { ExitCode } from '../cli/exit-codes.js';
import { planFlags } from '../cli/plan-files.js';
import { leftOutHints, pruneFlags, pruneScopeOf, type PruneFlags } from '../cli/prune-flags.js';
import { WriteCommand, writeFlags, type WriteFlags } from '../cli/write-command.js';
import type { Target } from '../objects/target.js';
import type { CommandReport } from '../output/views/report.js';

interface ApplyFlags extends WriteFlags, PruneFlags {
  readonly yes: boolean;
  readonly plan?: string | undefined;
  readonly 'plan-out'?: string | undefined;
}

export default class Apply extends WriteCommand<ApplyFlags> {
  static override summary = 'Create or replace resources from manifests.';
  static override description = 'Resources that do not exist are created, others are replaced as a whole. A resource that already matches its manifest is not written. With --prune, resources that no file has are then deleted: of the kinds and in the namespaces of the files, but never what the cluster makes itself, and endpoints and nodes only where --prune-kind names them. They are shown, and it asks; in a pipe it wants --yes.';
  static override examples = ['<%= config.bin %> apply -f policy.yaml', '<%= config.bin %> apply -f tenant/ --prune --dry-run', '<%= config.bin %> apply -f tenant/ --plan-out plan.json\n<%= config.bin %> apply --plan plan.json', '<%= config.bin %> apply -f tenant/ -o name'];
  static override usage = ['apply -f FILE... [flags]', 'apply --plan FILE [flags]'];
  static override flags = {
    ...writeFlags,
    ...pruneFlags,
    yes: Flags.boolean({ char: 'y', description: 'do not ask before deleting', helpGroup: 'PRUNE' }),
    ...planFlags,
  };
  static override readonly bundle = 'write';
  static override readonly warm = ['-f', 'MANIFEST'];

  protected readonly verb = 'apply';

  protected override async execute(): Promise<ExitCode> {
    const flags = await this.use((await this.parse(Apply)).flags);
    return flags.plan === undefined ? this.write(flags) : this.carryOutPlan(flags.plan, flags);
  }

  protected override async carryOut(targets: readonly Target[], flags: ApplyFlags): Promise<CommandReport> {
    const scope = await pruneScopeOf(targets, flags, this.dialect);
    const file = flags['plan-out'];
    if (scope === undefined && file === undefined) return super.carryOut(targets, flags);
    for (const hint of scope === undefined ? [] : leftOutHints(scope)) await this.hint(hint);
    const { applyWithPlan } = await import('../cli/apply-plan.js');
    return applyWithPlan(await this.connect(), targets, { ...this.writeOptions(flags), shell: this.shell, scope, file, agreed: flags.yes }, this.reportOptions(flags));
  }

  private async carryOutPlan(path: string, flags: ApplyFlags): Promise<ExitCode> {
    const { carryOutFile } = await import('../cli/apply-plan.js');
    return this.tell(await carryOutFile(() => this.connect(), path, { ...this.writeOptions(flags), shell: this.shell, agreed: flags.yes }, this.reportOptions(flags)));
  }
}

import { Flags } from '@oclif/core';
import { differencesOf } from '../changes/diff.js';
import { comparedWith } from '../cli/against.js';
import { ExitCode, troubleCodeOf } from '../cli/exit-codes.js';
import { datastoreFlags, fileFlags, namespaceFlag, storeFlag } from '../cli/flags.js';
import { ManifestCommand } from '../cli/manifest-command.js';
import { leftOutHints, pruneFlags, pruneScopeOf } from '../cli/prune-flags.js';
import { diffJson, diffText } from '../output/views/changes/diff.js';
import { withOvertaken } from '../cli/overtaken.js';
import { refusalReport } from '../output/views/changes/report.js';
import { totals } from '../output/views/changes/results.js';

export default class Diff extends ManifestCommand {
  static override summary = 'Show what apply would change.';
  static override description = 'Compares manifests with what is stored, as apply would write it: with defaults, and in the dialect of the manifest. Exit code 0 means that apply would write nothing, 1 that it would, and anything above that the question could not be answered.';
  static override examples = ['<%= config.bin %> diff -f tenant/', '<%= config.bin %> diff -f policy.yaml -o json', '<%= config.bin %> diff -f tenant/ --prune --against staging'];
  static override usage = ['diff -f FILE... [flags]'];
  static override flags = {
    ...fileFlags,
    ...datastoreFlags,
    ...storeFlag,
    ...namespaceFlag,
    ...pruneFlags,
    against: Flags.string({ description: 'compare with this instead: a backup or another file that --store takes, or the cluster of a context', helpValue: 'FILE|CONTEXT', helpGroup: 'DATASTORE', exclusive: ['store', 'context'] }),
    output: Flags.string({ char: 'o', description: 'a list of what would change, with paths and values', options: ['json'] }),
  };
  static override readonly bundle = 'write';
  static override readonly warm = ['-f', 'MANIFEST'];

  /** That something differs is 1. */
  protected override codeOf(happened: Parameters<typeof troubleCodeOf>[0]): ExitCode {
    return troubleCodeOf(happened);
  }

  protected override async execute(): Promise<ExitCode> {
    const given = (await this.parse(Diff)).flags;
    const flags = await this.use({ ...given, ...comparedWith(given.against) });
    const files = this.filesOf(flags.filename);
    const { targets, warnings } = await this.read(files, 'apply', flags);
    await this.showWarnings(warnings);
    if (targets.length === 0) return this.nothingGiven(files, flags['skip-empty']);
    const prune = await pruneScopeOf(targets, flags, this.dialect);
    for (const hint of prune === undefined ? [] : leftOutHints(prune)) await this.hint(hint);
    const store = await this.connect();
    const found = await differencesOf(store, targets, { prune, anyRevision: flags.store !== undefined || flags.against !== undefined, sources: this.sources, signal: this.interruption.signal, notify: this.notify });
    if (found.refused.length > 0) return this.tell(await withOvertaken(refusalReport('apply', found.refused), found.refused, store));
    if (flags.output === 'json') for (const piece of diffJson(found.changes())) await this.out(piece);
    else for await (const piece of diffText(found.changes(), await this.shell.colours(), flags.against ?? flags.store ?? (this.revisionRead === undefined ? 'stored' : `revision ${this.revisionRead}`))) await this.shell.outStyled(piece);
    await this.hint(totals(found.results, true).trimEnd());
    return found.isSame ? ExitCode.done : ExitCode.failed;
  }
}

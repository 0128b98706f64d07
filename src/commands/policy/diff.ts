import { Flags } from '@oclif/core';
import { InvalidRequest } from '../../base/errors.js';
import { comparedWith } from '../../cli/against.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { hostsFlag, networkFlags, PolicyCommand } from '../../cli/policy-command.js';
import { pruneFlags } from '../../cli/prune-flags.js';

export default class PolicyDiff extends PolicyCommand {
  static override summary = 'Show which flows would change their verdict.';
  static override description = 'Compares what policies decide about all packets, in the network as it is and as it would be with manifests applied; or, without manifests, as it was in another network (--against) and as it is here. A row for each change: from whom to whom, which packets, the verdict before and after, what decides now, and an example. Unlike `diff`, which compares texts. The exit code is 0 if no verdict changes, 1 if one does, and anything above that if the question could not be answered.';
  static override examples = [
    '<%= config.bin %> policy diff -f policy.yaml',
    '<%= config.bin %> policy diff -f tenant/ --prune -o json',
    '<%= config.bin %> policy diff --against yesterday.backup',
    '<%= config.bin %> policy diff -f tenant/ --against staging',
  ];
  static override usage = ['policy diff -f FILE... [flags]', 'policy diff --against FILE|CONTEXT [flags]'];
  static override flags = {
    against: Flags.string({ description: 'compare with this: a backup or another file that --store takes, or the cluster of a context; with -f, apply to it', helpValue: 'FILE|CONTEXT', helpGroup: 'DATASTORE' }),
    output: Flags.string({ char: 'o', description: 'all changes as data, with everybody of each group', options: ['json'] }),
    ...networkFlags,
    ...hostsFlag,
    ...pruneFlags,
  };
  static override readonly bundle = 'policy';
  static override readonly warm = ['-f', 'MANIFEST'];

  protected override async execute(): Promise<ExitCode> {
    const given = (await this.parse(PolicyDiff)).flags;
    const { filename, against, output } = given;
    if (filename === undefined && against === undefined) throw new InvalidRequest('there is nothing to compare with', 'name manifests with -f, or another network with --against');
    if (filename !== undefined && against !== undefined && (given.store ?? given.context) !== undefined) throw new InvalidRequest('with -f, --against says to which network the manifests are applied', 'leave out --store and --context, or --against');
    if (filename === undefined && given.prune) throw new InvalidRequest('--prune deletes what no manifest has, and there are none', 'name manifests with -f');
    this.refuseTwiceStdin({ '--hosts': given.hosts, '--store': given.store, '--against': against, '-f': filename });
    const { before, after } = filename === undefined ? await this.comparedNetworks(against!, given) : await this.networksAround(filename, { ...given, ...comparedWith(against) });
    const [was, is] = await this.compiledAll([before, after], given);
    const [{ Directory }, { flowChanges }, { flowChangesData, flowChangesText }] = await Promise.all([import('../../insight/directory.js'), import('../../insight/flow-changes.js'), import('../../output/views/policy/flow-changes.js')]);
    const directory = new Directory([...before.resources, ...after.resources], this.dialect);
    const changes = flowChanges(was!, is!, directory, this.notify);
    await this.out(output === 'json' ? flowChangesData(changes, directory) : flowChangesText(changes, directory, this.shell.room));
    if (changes.length === 0) await this.hint('no flow changes its verdict');
    return changes.length === 0 ? ExitCode.done : ExitCode.failed;
  }
}

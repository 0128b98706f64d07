import { Flags } from '@oclif/core';
import { InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { hostsFlag, networkFlags, PolicyCommand } from '../../cli/policy-command.js';
import { POLICY_KINDS } from '../../policy/stored-network.js';
import { ipPool } from '../../resources/v3/ip-pool.js';

export default class PolicyLint extends PolicyCommand {
  static override summary = 'Find what is wrong with policies, or most likely not meant.';
  static override description = 'Rules that never decide, selectors that match nobody, policies that do less or more than they say, and what of the network makes it so; each with the place, the cause and a remedy. What is said of a rule is true for every packet. A finding is suppressed by the annotation calicoctl.projectcalico.org/lint-ignore of the resource, or by --ignore. The exit code is 0 if nothing is as bad as --fail-on says, 1 if something is, and anything above that if it could not be looked at.';
  static override examples = [
    '<%= config.bin %> policy lint',
    '<%= config.bin %> policy lint -f tenant/',
    '<%= config.bin %> policy lint --store backup.json -f tenant/ -o sarif',
    '<%= config.bin %> policy lint --ignore overlapping,redundant --fail-on error',
  ];
  static override flags = {
    ignore: Flags.string({ description: 'codes of findings not to tell, with commas', helpValue: 'CODE', multiple: true, multipleNonGreedy: true }),
    'fail-on': Flags.string({ description: 'how bad a finding has to be for exit code 1', options: ['error', 'warning', 'info', 'none'], default: 'warning' }),
    facts: Flags.boolean({ description: 'instead of findings, what is true of each rule, as data', exclusive: ['ignore', 'fail-on'] }),
    output: Flags.string({ char: 'o', description: 'json: print data; sarif, junit: for other programs', options: ['json', 'sarif', 'junit'] }),
    ...networkFlags,
    ...hostsFlag,
  };
  static override readonly bundle = 'policy';
  static override readonly warm = ['-f', 'MANIFEST'];

  protected override async execute(): Promise<ExitCode> {
    const flags = await this.use((await this.parse(PolicyLint)).flags);
    this.refuseTwiceStdin({ '--hosts': flags.hosts, '--store': flags.store, '-f': flags.filename });
    if (flags.facts && flags.output !== 'json') throw new InvalidRequest('--facts is data', 'add -o json');
    const { Linted, readCodes } = await import('../../cli/lint.js');
    const ignore = readCodes(flags.ignore);
    const network = await this.readNetwork([...POLICY_KINDS, ipPool], flags);
    const model = await this.compiled(network, flags);
    if (flags.facts) return this.showFacts(model);
    const linted = new Linted(network, model, { ignore, failOn: flags['fail-on'] as 'error', dialect: this.dialect, version: this.config.version, notify: this.notify });
    const { findings, suppressed, unexamined, hasEndpoints } = linted.report;
    if (flags.output !== undefined) await this.out(linted.data(flags.output));
    else if (findings.length > 0) await this.shell.outProse(linted.text(await this.shell.colours()));
    else await this.note(`no findings${suppressed === 0 ? '' : `, ${suppressed} suppressed`}`);
    if (!hasEndpoints) await this.note('there are no endpoints: which selectors match nobody is not said');
    if (unexamined > 0) await this.note(`${unexamined} endpoints have too many rules and kinds of addresses to try all of them: which of their rules never decide is not known`);
    return linted.fails ? ExitCode.failed : ExitCode.done;
  }

  private async showFacts(model: Awaited<ReturnType<PolicyLint['compiled']>>): Promise<ExitCode> {
    const [{ factsOf }, { factsData }] = await Promise.all([import('../../policy/facts.js'), import('../../output/views/policy/lint/data.js')]);
    await this.out(factsData(factsOf(model)));
    return ExitCode.done;
  }
}

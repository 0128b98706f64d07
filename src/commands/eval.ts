import { Args, Flags } from '@oclif/core';
import { ExitCode } from '../cli/exit-codes.js';
import { networkFlags, PolicyCommand } from '../cli/policy-command.js';
import { storedSelectorOf } from '../cli/read-selector.js';

export default class Eval extends PolicyCommand {
  static override summary = 'Show which endpoints and network sets a selector matches.';
  static override description = 'As a rule of a global policy would: by the labels that workload endpoints, host endpoints and network sets have in truth, those of their profiles included. Each comes with the labels that made it match, and where they come from.';
  static override examples = ['<%= config.bin %> eval "role == \'web\'"', '<%= config.bin %> eval "has(tier) && zone != \'a\'" -o json', '<%= config.bin %> eval "role in {\'web\', \'db\'}" -f tenant/'];
  static override args = { selector: Args.string({ description: "a selector in Calico's language", required: true, ignoreStdin: true }) };
  static override flags = {
    output: Flags.string({ char: 'o', description: 'print data, for programs', options: ['json'] }),
    ...networkFlags,
  };
  static override readonly bundle = 'policy';
  static override readonly warm = ["role == 'web'", '-f', 'MANIFEST'];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, args } = await this.parse(Eval);
    const flags = await this.use(given);
    this.refuseTwiceStdin({ '--store': flags.store, '-f': flags.filename });
    const selector = storedSelectorOf(args.selector, this.dialect);
    const [{ evaluated, SELECTOR_KINDS }, { Directory }, { evalData, evalText }] = await Promise.all([import('../insight/evaluated.js'), import('../insight/directory.js'), import('../output/views/policy/eval.js')]);
    const { resources } = await this.readNetwork(SELECTOR_KINDS, flags);
    const found = evaluated(selector, resources);
    const directory = new Directory(resources, this.dialect);
    await this.out(flags.output === 'json' ? evalData(found, directory) : evalText(found, directory, this.shell.room));
    await this.hint(`${found.matched.length} of ${found.of} endpoints and network sets match`);
    return ExitCode.done;
  }
}

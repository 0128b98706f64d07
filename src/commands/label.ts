import { Args, Flags } from '@oclif/core';
import { namedChoice, type Choice } from '../changes/amend.js';
import { Labelling, type CallTarget, type LabelChange } from '../changes/label.js';
import { AmendCommand } from '../cli/amend-command.js';
import { argumentsOf } from '../cli/command-line.js';
import type { ExitCode } from '../cli/exit-codes.js';
import { changeFlags, datastoreFlags, fileFlags, filterFlags, guardFlags, identityFlags } from '../cli/flags.js';
import { checkLabels, choiceOf } from '../cli/label-choice.js';
import type { GuardFlags } from '../cli/guarding.js';
import { readLabelWords } from '../cli/label-words.js';
import { labelReport, typedName } from '../output/views/changes/label.js';

const CHOICES = ['selector', 'all', 'filename'];
const exclusive = (name: string): string[] => CHOICES.filter((each) => each !== name);

export default class Label extends AmendCommand {
  static override summary = 'Set labels of resources, or take them away.';
  static override description = 'All resources get all labels, in one transaction if it fits, or none of them is changed. A label that has another value already is an error unless --overwrite is given. KEY- takes a label away, as --remove does; one that is not there is an error. What another client changes meanwhile is kept. In the classic dialect, hostEndpoint, workloadEndpoint and profile have labels; with --dialect v3 every kind.';
  static override examples = [
    '<%= config.bin %> label hostEndpoint eth0 --node host1 role=web',
    '<%= config.bin %> --dialect v3 label node host1 host2 rack=12 --overwrite',
    '<%= config.bin %> --dialect v3 label node host1 rack --remove',
    `<%= config.bin %> --dialect v3 label node --selector "rack == '12'" spare- route-reflector=true`,
  ];
  static override args = { kind: Args.string({ description: 'resource kind, such as hostEndpoint', ignoreStdin: true }) };
  static override strict = false;
  static override usage = ['label KIND[,KIND...] NAME... KEY=VALUE... [flags]', 'label KIND NAME... KEY --remove [flags]', 'label KIND[,KIND...] --selector SELECTOR|--all KEY=VALUE... [flags]', 'label -f FILE... KEY=VALUE... [flags]'];
  static override flags = {
    ...fileFlags,
    ...identityFlags,
    ...changeFlags,
    ...guardFlags,
    ...datastoreFlags,
    selector: Flags.string({ helpValue: 'SELECTOR', description: filterFlags.selector.description!, exclusive: exclusive('selector') }),
    all: Flags.boolean({ description: 'all resources of the kind', exclusive: exclusive('all') }),
    'all-namespaces': Flags.boolean({ char: 'A', description: 'with --selector or --all: in all namespaces' }),
    overwrite: Flags.boolean({ description: 'give a label that is there another value', exclusive: ['remove'] }),
    remove: Flags.boolean({ description: 'take away the label whose key is the last word' }),
    output: Flags.string({ char: 'o', description: 'what to print about each resource', options: ['name', 'json'] }),
  };
  static override readonly bundle = 'write';
  static override readonly warm = ['hostEndpoint', 'eth0', '--node', 'n1', 'a=b'];

  protected readonly verb = 'label';

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, raw } = await this.parse(Label);
    const flags = await this.use(given);
    const { remove, overwrite, filename } = flags;
    const chosen = flags.all || flags.selector !== undefined;
    const { names, change } = readLabelWords(argumentsOf(raw), { remove, overwrite, mostNames: chosen ? 1 : filename === undefined ? undefined : 0 });
    if (chosen) {
      const { kinds, choice } = choiceOf(names[0], this.dialect, flags);
      checkLabels(kinds, change);
      return this.label(choice, change, typedName(names, []), flags);
    }
    const targets = await this.named(names, flags);
    if (targets.length === 0) return this.nothingGiven(filename ?? [], flags['skip-empty']);
    checkLabels(targets.map(({ kind }) => kind), change);
    return this.label(namedChoice(targets), change, typedName(names, targets), flags);
  }

  private label(choice: Choice, change: LabelChange, called: CallTarget, flags: GuardFlags & { 'dry-run': boolean; output?: string | undefined }): Promise<ExitCode> {
    const labelling = new Labelling(change, called);
    return this.amend(choice, labelling, flags, { report: (result) => labelReport(result, labelling, { dryRun: flags['dry-run'], output: flags.output, called, terminal: this.terminal.stdout, largeEffects: this.largeEffects }) });
  }
}

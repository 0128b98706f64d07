import { Args } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { SCRIPTS } from '../cli/completion/scripts.js';
import { SHELLS, type Shell } from '../cli/completion/shells.js';
import { ExitCode } from '../cli/exit-codes.js';

export default class Completion extends BaseCommand {
  static override summary = 'Print a script that completes command lines in a shell.';
  static override description = `Completes commands, flags, their values, kinds, and what is stored, of the cluster that the line means: names of resources, nodes, namespaces and contexts. What takes more than 300 ms is left out (CALICOCTL_COMPLETION_MS).

bash (4.4 or newer): write the first line below EXAMPLES into ~/.bashrc, or for all users into /etc/bash_completion.d/calicoctl.

zsh: write the second line into ~/.zshrc, below compinit; or write the script into a file _calicoctl in a folder of $fpath.

fish: run the third line once.`;
  static override examples = ['source <(<%= config.bin %> completion bash)', 'source <(<%= config.bin %> completion zsh)', '<%= config.bin %> completion fish > ~/.config/fish/completions/calicoctl.fish'];
  static override args = { shell: Args.string({ description: 'the shell that is to read it', options: [...SHELLS], required: true, ignoreStdin: true }) };
  static override usage = `completion ${SHELLS.join('|')}`;
  static override readonly bundle = 'offline';
  static override readonly warm = ['bash'];

  protected override async execute(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Completion);
    await this.use(flags);
    await this.out(SCRIPTS[args.shell as Shell]);
    return ExitCode.done;
  }
}

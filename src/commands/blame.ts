import { Args, Flags } from '@oclif/core';
import { InvalidRequest } from '../base/errors.js';
import { BaseCommand } from '../cli/base-command.js';
import { argumentsOf } from '../cli/command-line.js';
import type { ExitCode } from '../cli/exit-codes.js';
import { datastoreFlags, identityFlags, storeFlag } from '../cli/flags.js';
import { readNamed } from '../cli/named.js';
import { blamesOf } from '../history/versions.js';
import { selectionsOf } from '../objects/selection.js';
import { blameReport } from '../output/views/history/blame.js';

export default class BlameCommand extends BaseCommand {
  static override summary = 'Show which change set each field of a resource last.';
  static override description = 'The resource as YAML, and before each line the revision that made it so, or ? where that is older than what etcd has; with the journal, also when it was and who did it. A line that begins a map or a list has the revision at which that came. `history KIND NAME` says what else such a revision did, and with which command.';
  static override examples = ['<%= config.bin %> blame policy allow-web', '<%= config.bin %> --dialect v3 blame felixconfig default', '<%= config.bin %> blame policy/allow-web -o json'];
  static override args = { kind: Args.string({ description: 'resource kind, such as node or ipPool', ignoreStdin: true }) };
  static override strict = false;
  static override usage = ['blame KIND NAME... [flags]', 'blame KIND/NAME... [flags]'];
  static override flags = {
    ...identityFlags,
    ...datastoreFlags,
    ...storeFlag,
    output: Flags.string({ char: 'o', description: 'each field with its revision', options: ['json'] }),
  };
  static override readonly bundle = 'read';
  static override readonly warm = ['policy', 'web'];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, raw } = await this.parse(BlameCommand);
    const flags = await this.use(given);
    const words = argumentsOf(raw);
    const named = words.length === 0 ? [] : readNamed(words, this.dialect, flags, 'get');
    if (named.length === 0 || named.some(({ name }) => name === undefined)) throw new InvalidRequest('no resource is named', 'write for example: blame policy NAME');
    return this.tell(blameReport(await blamesOf(await this.connect(), named.flatMap((each) => selectionsOf([each], false))), flags.output === 'json'));
  }
}

import { Args, Flags } from '@oclif/core';
import { InvalidRequest } from '../base/errors.js';
import { BaseCommand } from '../cli/base-command.js';
import { ExitCode } from '../cli/exit-codes.js';
import { kindOf } from '../cli/named.js';
import { explainPath, pathIn } from '../objects/explain.js';
import { explainText } from '../output/views/reference/explain.js';

export default class Explain extends BaseCommand {
  static override summary = 'Say what a field of a manifest means.';
  static override description = 'Type, default, allowed values, a sentence and an example, for every field of every kind of the dialect in use. Fields of lists are named like those of maps: policy.spec.ingress.source.';
  static override examples = ['<%= config.bin %> explain ipPool', '<%= config.bin %> explain policy.spec.ingress.action', '<%= config.bin %> --dialect v3 explain felixconfig.spec --recursive', '<%= config.bin %> explain node.spec.bgp -o json'];
  static override args = { kind: Args.string({ description: 'kind of resource; with .PATH a field of it', ignoreStdin: true }) };
  static override usage = 'explain KIND[.PATH] [flags]';
  static override flags = {
    recursive: Flags.boolean({ char: 'R', description: 'all fields below, as deep as they go' }),
    output: Flags.string({ char: 'o', description: 'how to print it', options: ['text', 'yaml', 'json'], default: 'text' }),
  };
  static override readonly bundle = 'reference';
  static override readonly warm = ['policy.spec.ingress'];

  protected override async execute(): Promise<ExitCode> {
    const { args, flags: given } = await this.parse(Explain);
    const { recursive, output } = await this.use(given);
    if (args.kind === undefined) throw new InvalidRequest('no kind of resource is given', 'write for example: explain node.spec.bgp');
    const [word = '', ...path] = pathIn(args.kind);
    const kind = kindOf(word, this.dialect);
    const depth = recursive ? Infinity : path.length === 0 ? 2 : 1;
    await this.out(await explainText(explainPath(kind, path, depth), output, recursive));
    return ExitCode.done;
  }
}

import { Flags } from '@oclif/core';
import { ManifestCommand } from '../cli/manifest-command.js';
import { convertedText } from '../changes/convert.js';
import { ExitCode } from '../cli/exit-codes.js';
import { fileFlags, namespaceFlag } from '../cli/flags.js';

export default class Convert extends ManifestCommand {
  static override summary = 'Convert manifests between the classic language and v3, without a datastore.';
  static override description = 'Converts classic documents to projectcalico.org/v3, or back with --to v1. A v3 document that the classic language cannot express stays as it is, so nothing is lost.';
  static override examples = ['<%= config.bin %> convert -f policy.yaml', '<%= config.bin %> convert -f pool-v3.yaml --to v1 -o json'];
  static override usage = ['convert -f FILE... [--to v1|v3] [flags]'];
  static override flags = {
    ...fileFlags,
    ...namespaceFlag,
    to: Flags.string({ description: 'dialect to convert to', options: ['v1', 'v3'], default: 'v3' }),
    output: Flags.string({ char: 'o', description: 'how to print the documents', options: ['yaml', 'json'], default: 'yaml' }),
    'ignore-validation': Flags.boolean({ description: 'convert even what Calico would refuse afterwards' }),
  };
  static override readonly bundle = 'offline';
  static override readonly warm = ['-f', 'MANIFEST'];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(Convert);
    const flags = await this.use(given);
    const files = this.filesOf(flags.filename);
    const { targets, warnings } = await this.read(files, 'convert', flags);
    await this.showWarnings(warnings);
    if (targets.length === 0) return this.nothingGiven(files, flags['skip-empty']);
    const { to, output, 'ignore-validation': ignoreValidation } = flags;
    const text = convertedText(targets, { to: to === 'v1' ? 'v1' : 'v3', format: output === 'json' ? 'json' : 'yaml', ignoreValidation });
    await this.shell.whileReading(async () => {
      for await (const piece of text) await this.out(piece);
    });
    return ExitCode.done;
  }
}

import { Args, Flags } from '@oclif/core';
import { InvalidRequest } from '../base/errors.js';
import { BaseCommand } from '../cli/base-command.js';
import { ExitCode } from '../cli/exit-codes.js';
import { kindOf } from '../cli/named.js';
import { writeNewFiles } from '../cli/new-files.js';
import { anyKindSchema, kindSchema } from '../objects/schema/document.js';
import { schemaFiles, type SchemaFile } from '../objects/schema/files.js';
import { dataText } from '../output/views/data.js';
import type { Kind } from '../resources/kind.js';
import { CLASSIC_KINDS, STORED_KINDS } from '../resources/registry.js';

const ALL: readonly Kind[] = [...CLASSIC_KINDS, ...STORED_KINDS];

export default class Schema extends BaseCommand {
  static override summary = 'Print JSON Schema of manifests, for editors.';
  static override description = 'JSON Schema 2020-12 with help, defaults and examples of every field. What this tool accepts fits it; rules over several fields, and whether a selector can be read, are left to validate. yaml-language-server finds it by a first line `# yaml-language-server: $schema=FILE` in a manifest.';
  static override examples = ['<%= config.bin %> schema policy > policy.schema.json', '<%= config.bin %> schema --all > calico.schema.json', '<%= config.bin %> schema --all --output-dir schemas/'];
  static override args = { kind: Args.string({ description: 'resource kind, such as node or ipPool', ignoreStdin: true }) };
  static override usage = ['schema KIND [flags]', 'schema --all [flags]', 'schema --policy-tests [flags]'];
  static override flags = {
    all: Flags.boolean({ description: 'all kinds of both dialects, in one schema' }),
    'policy-tests': Flags.boolean({ description: 'the file of policy test instead', exclusive: ['all', 'output-dir'] }),
    'output-dir': Flags.string({ helpValue: 'DIR', description: 'write a file for each kind, and all.json, into this directory' }),
  };
  static override readonly bundle = 'reference';
  static override readonly warm = ['policy'];

  protected override async execute(): Promise<ExitCode> {
    const { args, flags: given } = await this.parse(Schema);
    const { all, 'output-dir': directory, 'policy-tests': ofTests } = await this.use(given);
    if (ofTests && args.kind === undefined) return this.print((await import('../insight/policy-tests/schema.js')).testsSchema());
    if (all || ofTests ? args.kind !== undefined : args.kind === undefined) throw new InvalidRequest(all || ofTests ? `give a kind or --${all ? 'all' : 'policy-tests'}, not both` : 'no kind of resource is given', 'write for example: schema policy, or schema --all');
    const kinds = args.kind === undefined ? ALL : [kindOf(args.kind, this.dialect)];
    if (directory !== undefined) return this.write(directory, kinds);
    const [only] = kinds;
    return this.print(kinds.length === 1 ? kindSchema(only as Kind) : anyKindSchema(kinds));
  }

  private async print(schema: object): Promise<ExitCode> {
    await this.out(await dataText(schema, 'json'));
    return ExitCode.done;
  }

  private async write(directory: string, kinds: readonly Kind[]): Promise<ExitCode> {
    const files = schemaFiles(kinds);
    await writeNewFiles(directory, texts(files));
    await this.out(`Successfully wrote ${files.length} schema file(s) to ${directory}\n`);
    return ExitCode.done;
  }
}

async function* texts(files: readonly SchemaFile[]): AsyncGenerator<{ name: string; text: string }> {
  for (const { name, schema } of files) yield { name, text: await dataText(schema, 'json') };
}

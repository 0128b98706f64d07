import { Args, Flags } from '@oclif/core';
import { ManifestCommand } from '../cli/manifest-command.js';
import { wordsBesideFiles, argumentsOf } from '../cli/command-line.js';
import type { Store } from '../datastore/store.js';
import { InvalidRequest } from '../base/errors.js';
import type { ExitCode } from '../cli/exit-codes.js';
import { datastoreFlags, fileFlags, identityFlags, selectorFlags, storeFlag } from '../cli/flags.js';
import { parseFormat, type Format } from '../get/format.js';
import { getReport } from '../output/views/get/report.js';
import { checkColumns, get, type GetOptions, type GetResult } from '../output/views/get/print.js';
import { filterOf } from '../cli/filter.js';
import { ignoredFlags, namespaceForFiles, withArticle, type IdentityFlags } from '../cli/identifiers.js';
import { readNamed } from '../cli/named.js';
import { selectionOfTarget, selectionsOf, type Selection } from '../objects/selection.js';
import { tableContext } from '../get/table-context.js';
import type { TableContext } from '../resources/column.js';

export default class Get extends ManifestCommand {
  static override summary = 'Show resources.';
  static override description = 'Parts of the identity that are left out match anything. KIND/NAME is what -o name prints; several kinds may be mixed. In the classic dialect, a resource that classic manifests cannot express is shown as it is stored (projectcalico.org/v3).';
  static override examples = [
    '<%= config.bin %> get nodes -o wide',
    '<%= config.bin %> get policy allow-web -o yaml',
    '<%= config.bin %> get workloadEndpoint --node host1 --workload frontend',
    '<%= config.bin %> --dialect v3 get ippool -o json',
  ];
  static override args = { kind: Args.string({ description: 'resource kind, such as node or ipPool', ignoreStdin: true }) };
  static override strict = false;
  static override usage = ['get KIND [NAME...] [flags]', 'get KIND/NAME... [flags]', 'get -f FILE [flags]'];
  static override flags = {
    ...fileFlags,
    ...identityFlags,
    ...selectorFlags,
    ...datastoreFlags,
    ...storeFlag,
    'all-namespaces': Flags.boolean({ char: 'A', aliases: ['a'], charAliases: ['a'], description: 'all namespaces, for a v3 kind' }),
    export: Flags.boolean({ description: 'omit what is specific to this cluster, so that the output can be applied to another (v3 resources)' }),
    output: Flags.string({ char: 'o', default: 'ps', description: 'ps, wide, yaml, json, name, custom-columns=A,B, go-template=TEXT or go-template-file=FILE' }),
  };
  static override readonly bundle = 'read';
  static override readonly warm = ['policy', 'web'];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, raw } = await this.parse(Get);
    const flags = await this.use(given);
    const format = parseFormat(flags.output);
    const words = argumentsOf(raw);
    const selections = flags.filename === undefined ? this.named(words, flags) : await this.inFiles(flags.filename, words, flags);
    if (selections.length === 0) return this.nothingGiven(flags.filename ?? [], flags['skip-empty']);
    const filter = await filterOf(flags, this.dialect, selections);
    const print = await this.printer(format, { forExport: flags.export && flags.filename === undefined, filter }, selections);
    const store = await this.connect();
    for (const { kind } of selections.slice(0, 1)) for (const flag of ignoredFlags(kind, flags)) await this.hint(`${flag} is ignored: it does not identify ${withArticle(kind.kind)}`);
    return this.tell(getReport(await print(store, await tableContext(store, selections, format)), selections, filter !== undefined));
  }

  /** What prints in this format; everything that can be wrong with the format is found here, before anything is read. */
  private async printer(format: Format, wanted: Pick<GetOptions, 'forExport' | 'filter'>, selections: readonly Selection[]): Promise<(store: Store, context: TableContext) => Promise<GetResult>> {
    if (format.name === 'template' || format.name === 'template-file') {
      const { getWithTemplate, readTemplate } = await import('../output/views/get/template.js');
      const template = readTemplate(format.name === 'template' ? format.text : await this.shell.readText(format.path));
      return (store, context) => getWithTemplate(store, selections, { ...wanted, template, context, write: this.out });
    }
    checkColumns(selections, format);
    return (store, context) => get(store, selections, { ...wanted, format, context, write: this.out, notify: this.notify });
  }

  private named(words: readonly string[], flags: IdentityFlags): readonly Selection[] {
    if (words.length === 0) throw new InvalidRequest('no kind of resource is given', 'write for example: get node, or get -f FILE');
    return selectionsOf(readNamed(words, this.dialect, flags, 'get'), flags['all-namespaces'] === true);
  }

  private async inFiles(files: readonly string[], words: readonly string[], flags: IdentityFlags & { recursive?: boolean; 'skip-empty'?: boolean }): Promise<readonly Selection[]> {
    if (words.length > 0) throw wordsBesideFiles(words);
    const { targets } = await this.read(files, 'get', { ...flags, namespace: namespaceForFiles(flags) });
    return targets.map(selectionOfTarget);
  }
}

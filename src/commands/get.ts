import { Args, Flags } from '@oclif/core';
import { ManifestCommand } from '../cli/manifest-command.js';
import { argumentsOf } from '../cli/command-line.js';
import { InvalidRequest } from '../base/errors.js';
import type { ExitCode } from '../cli/exit-codes.js';
import { filterOf, sortingOf } from '../cli/filter.js';
import { allNamespacesFlag, datastoreFlags, fileFlags, filterFlags, identityFlags, listingFlags, storeFlag } from '../cli/flags.js';
import { FORMATS, isPlain, parseFormat } from '../get/format.js';
import { getReport } from '../output/views/get/report.js';
import { printerOf } from '../output/views/get/printer.js';
import { ignoredFlags, withArticle, type IdentityFlags } from '../cli/identifiers.js';
import { ALL_KINDS, readNamed } from '../cli/named.js';
import { selectionsOf, type Selection } from '../objects/selection.js';
import { kindList } from '../objects/api-resources.js';

export default class Get extends ManifestCommand {
  static override summary = 'Show resources.';
  static override description = 'Parts of the identity that are left out match anything. KIND/NAME is what -o name prints; several kinds may be mixed, or named with commas between them, and all stands for all kinds. In the classic dialect, a resource that classic manifests cannot express is shown as it is stored (projectcalico.org/v3). calicoctl(7) has the paths of fields and the forms of templates.\n\nKINDS\n' + kindList();
  static override examples = [
    '<%= config.bin %> get nodes -o wide',
    '<%= config.bin %> get policy allow-web -o yaml',
    '<%= config.bin %> get workloadEndpoint -l "role == \'web\'" --field spec.node=host1',
    '<%= config.bin %> get workloadEndpoint --node host1 --workload frontend',
    '<%= config.bin %> get policy,profile -o custom-columns=NAME:.metadata.name',
    '<%= config.bin %> --dialect v3 get ippool -o \'jsonpath={range .items[*]}{.spec.cidr}{"\\n"}{end}\'',
  ];
  static override args = { kind: Args.string({ description: 'resource kind, such as node or ipPool; several with commas, or all', ignoreStdin: true }) };
  static override strict = false;
  static override usage = ['get KIND[,KIND...] [NAME...] [flags]', 'get KIND/NAME... [flags]', 'get all [flags]', 'get -f FILE... [flags]'];
  static override flags = {
    ...fileFlags,
    ...identityFlags,
    ...filterFlags,
    ...listingFlags,
    ...datastoreFlags,
    ...storeFlag,
    ...allNamespacesFlag,
    export: Flags.boolean({ description: 'omit what is specific to this cluster, so that the output can be applied to another (v3 resources)' }),
    watch: Flags.boolean({ char: 'w', description: 'go on with a line for each change, as the command watch does' }),
    'with-revision': Flags.boolean({ description: 'say at which revision each classic resource was read, so that apply and replace see what was changed since: in YAML as a remark, as it does anyway where stdout is a file, in JSON as metadata.resourceVersion' }),
    output: Flags.string({ char: 'o', helpValue: 'FORMAT', default: 'ps', description: FORMATS }),
  };
  static override readonly bundle = 'read';
  static override readonly warm = ['policy', 'web'];
  protected readonly isWatch: boolean = false;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, raw } = await this.parse(Get);
    const flags = await this.use(given);
    const [format, words] = [parseFormat(flags.output), argumentsOf(raw)];
    const selections = flags.filename === undefined ? this.named(words, flags) : await this.selectionsIn(flags.filename, words, flags);
    if (selections.length === 0) return this.nothingGiven(flags.filename ?? [], flags['skip-empty']);
    const filter = await filterOf(flags, this.dialect, selections);
    if (flags.watch || this.isWatch) return (await import('../cli/follow.js')).follow(this.shell, selections, { format, filter, given: flags, connect: () => this.connect() });
    const wanted = { filter, sorting: await sortingOf(flags['sort-by']), forExport: flags.export && flags.filename === undefined };
    const shown = { noHeaders: flags['no-headers'], showLabels: flags['show-labels'], showKinds: words[0] === ALL_KINDS };
    const revisions = flags['with-revision'] || (format.name === 'yaml' && this.shell.keepsOutput && flags.store === undefined);
    const print = await printerOf(selections, isPlain(format) || 'text' in format ? format : { ...format, text: await this.shell.readText(format.path) }, { ...wanted, ...shown, revisions, room: this.shell.room, write: this.out });
    const store = await this.connect();
    for (const { kind } of selections.slice(0, 1)) for (const flag of ignoredFlags(kind, flags)) await this.hint(`${flag} is ignored: it does not identify ${withArticle(kind.kind)}`);
    return this.tell(getReport(await print(store), selections, filter !== undefined));
  }

  protected named(words: readonly string[], flags: IdentityFlags): readonly Selection[] {
    if (words.length === 0) throw new InvalidRequest('no kind of resource is given', 'write for example: get node, or get -f FILE');
    const all = flags['all-namespaces'] === true || (words[0] === ALL_KINDS && (flags.namespace ?? flags.n) === undefined);
    return selectionsOf(readNamed(words, this.dialect, flags, 'get'), all);
  }
}

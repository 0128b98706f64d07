import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { argumentsOf } from '../cli/command-line.js';
import { InvalidRequest } from '../base/errors.js';
import type { ExitCode } from '../cli/exit-codes.js';
import { datastoreFlags, identityFlags, storeFlag } from '../cli/flags.js';
import { readNamed } from '../cli/named.js';
import { describe } from '../describe/describe.js';
import { selectionsOf } from '../objects/selection.js';
import { describeReport } from '../output/views/describe/report.js';

export default class Describe extends BaseCommand {
  static override summary = 'Show a resource with what it has to do with, and its last changes.';
  static override description = 'Shows the resource; what it refers to and what refers to it, by name, selector or address (the policies that select an endpoint, in order; the endpoints of a node; the users of a profile; the BGP peers of a node; pool and block of an address; the policies of a tier); and its last five changes, as far as etcd still has them. All of it is as of one revision. Without a name, all of the kind.';
  static override examples = [
    '<%= config.bin %> describe policy allow-web',
    '<%= config.bin %> describe node host1 host2',
    '<%= config.bin %> describe workloadEndpoint eth0 --node host1 --orchestrator k8s --workload shop.web',
    '<%= config.bin %> describe $(<%= config.bin %> get profile -o name)',
    '<%= config.bin %> --dialect v3 describe tier default -o json',
  ];
  static override args = { kind: Args.string({ description: 'resource kind, such as node or ipPool', ignoreStdin: true }) };
  static override strict = false;
  static override usage = ['describe KIND [NAME...] [flags]', 'describe KIND/NAME... [flags]'];
  static override flags = {
    ...identityFlags,
    ...datastoreFlags,
    ...storeFlag,
    'all-namespaces': Flags.boolean({ char: 'A', aliases: ['a'], charAliases: ['a'], description: 'all namespaces, for a v3 kind' }),
    output: Flags.string({ char: 'o', description: 'print data, for programs', options: ['json'] }),
  };
  static override readonly bundle = 'read';
  static override readonly warm = ['policy', 'web'];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, raw } = await this.parse(Describe);
    const flags = await this.use(given);
    const words = argumentsOf(raw);
    if (words.length === 0) throw new InvalidRequest('no kind of resource is given', 'write for example: describe node NAME');
    const selections = selectionsOf(readNamed(words, this.dialect, flags, 'get'), flags['all-namespaces']);
    const descriptions = await describe(await this.connect(), selections);
    return this.tell(describeReport(descriptions, { dialect: this.dialect, json: flags.output === 'json' }));
  }
}

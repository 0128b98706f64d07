import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { ExitCode } from '../cli/exit-codes.js';
import { apiResources } from '../objects/api-resources.js';
import { apiResourcesText } from '../output/views/reference/api-resources.js';

export default class ApiResources extends BaseCommand {
  static override summary = 'List the kinds of resources.';
  static override description = 'Both dialects: a word that they share means the kind of the dialect in use. The key prefix is where the objects are in etcd; classic kinds are stored as v3 ones.';
  static override examples = ['<%= config.bin %> api-resources', '<%= config.bin %> api-resources --dialect v3 --namespaced true -o name'];
  static override flags = {
    namespaced: Flags.string({ options: ['true', 'false'], description: 'only kinds that belong to a namespace, or only those that do not' }),
    output: Flags.string({ char: 'o', description: 'how to print the list', options: ['ps', 'name', 'yaml', 'json'], default: 'ps' }),
  };
  static override readonly bundle = 'reference';
  static override readonly warm = [];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(ApiResources);
    const { namespaced, output, dialect } = await this.use(given);
    const wanted = apiResources().filter((each) => (namespaced === undefined || String(each.namespaced) === namespaced) && (dialect === undefined || each.dialect === dialect));
    await this.out(await apiResourcesText(wanted, output, this.shell.room));
    return ExitCode.done;
  }
}

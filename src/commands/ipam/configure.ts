import { Flags } from '@oclif/core';
import { InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { IpamCommand, ipamFlags } from '../../cli/ipam-command.js';
import { changeConfiguration, type ConfigurationChange } from '../../ipam/operations/configuration.js';
import { numberFormProblem } from '../../text/number-form.js';
import { parseGoBool, parseGoInteger } from '../../go/parse.js';

export default class IpamConfigure extends IpamCommand {
  static override summary = 'Change IPAM settings.';
  static override description = 'Settings that are not given stay as they are. Combinations that would leave nodes without addresses are refused.';
  static override examples = ['<%= config.bin %> ipam configure --strictaffinity=true --max-blocks-per-host=4'];
  static override usage = ['ipam configure --strictaffinity true|false [flags]', 'ipam configure --max-blocks-per-host NUMBER [flags]', 'ipam configure --kubevirt-ip-persistence Enabled|Disabled [flags]'];
  static override flags = {
    strictaffinity: Flags.string({ description: 'whether nodes use only their own blocks', helpValue: 'true|false' }),
    'max-blocks-per-host': Flags.string({ description: 'how many blocks a node may have; 0 means 20', helpValue: 'NUMBER' }),
    'kubevirt-ip-persistence': Flags.string({ description: 'whether KubeVirt virtual machines keep their addresses', helpValue: 'Enabled|Disabled' }),
    ...ipamFlags,
  };
  static override readonly bundle = 'addresses';
  static override readonly warm = ['--strictaffinity=true'];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(IpamConfigure);
    const flags = await this.use(given);
    const change = readChange(flags);
    await changeConfiguration(await this.openCluster(flags), change);
    const lines: string[] = [];
    if (change.strictAffinity !== undefined) lines.push(`StrictAffinity to: ${change.strictAffinity}`);
    if (change.maxBlocksPerHost !== undefined) lines.push(`MaxBlocksPerHost to: ${change.maxBlocksPerHost}`);
    if (change.addressPersistence !== undefined) lines.push(`KubeVirtVMAddressPersistence to: ${change.addressPersistence}`);
    await this.out(lines.map((line) => `Successfully set ${line}\n`).join(''));
    return ExitCode.done;
  }
}

interface Given {
  readonly strictaffinity?: string | undefined;
  readonly 'max-blocks-per-host'?: string | undefined;
  readonly 'kubevirt-ip-persistence'?: string | undefined;
}

/** What the flags ask for; an empty value counts as absent. Throws InvalidRequest. */
function readChange({ strictaffinity = '', 'max-blocks-per-host': most = '', 'kubevirt-ip-persistence': persistence = '' }: Given): ConfigurationChange {
  if (strictaffinity === '' && most === '' && persistence === '') {
    throw new InvalidRequest('at least one configuration option must be specified', 'write for example: ipam configure --strictaffinity=true');
  }
  const strictAffinity = parseGoBool(strictaffinity);
  // The official tool is recorded to take a sign here.
  const maxBlocksPerHost = parseGoInteger(most.replace(/^\+(?=\d)/, ''));
  if (strictaffinity !== '' && strictAffinity === undefined) throw new InvalidRequest('invalid value. Use true or false to set strictaffinity');
  if (most !== '' && maxBlocksPerHost === undefined) throw new InvalidRequest('invalid value for maxblockhost. Use a valid number', numberFormProblem(most));
  if (persistence !== '' && persistence !== 'Enabled' && persistence !== 'Disabled') throw new InvalidRequest('invalid value for --kubevirt-ip-persistence. Use Enabled or Disabled');
  return {
    ...(strictAffinity === undefined ? {} : { strictAffinity }),
    ...(maxBlocksPerHost === undefined ? {} : { maxBlocksPerHost }),
    ...(persistence === '' ? {} : { addressPersistence: persistence }),
  };
}

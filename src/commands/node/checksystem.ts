import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { CalicoError, DatastoreError } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags, storeFlag } from '../../cli/flags.js';
import { configurationText, readKernelFacts, thisHost } from '../../host/kernel/facts.js';
import type { TunnelUse } from '../../host/kernel/modules.js';
import { readSysctl } from '../../host/kernel/sysctl.js';
import { checkSystem } from '../../host/kernel/system-check.js';
import { checkDocument, checkText } from '../../output/views/node/checksystem.js';
import { readTunnelUse } from '../../node/tunnel-use.js';
import { goJsonIndented } from '../../go/indented-json.js';

export default class NodeChecksystem extends BaseCommand {
  static override summary = 'Check whether this host\'s kernel has what Calico needs.';
  static override description = 'A module counts if it is built in, loaded or loadable. IPIP and VXLAN are required only if a pool in the datastore uses them. Exit code 0 means that nothing required is missing.';
  static override examples = ['<%= config.bin %> node checksystem', '<%= config.bin %> node checksystem -o json', '<%= config.bin %> node checksystem -f /boot/config-6.1.0'];
  static override flags = {
    ...datastoreFlags,
    ...storeFlag,
    timeout: Flags.string({ helpValue: 'DURATION', description: 'time limit for all waiting on etcd, such as 3s', default: '3s', helpGroup: 'DATASTORE' }),
    'kernel-config': Flags.string({ char: 'f', helpValue: 'FILE', description: "kernel configuration to use instead of this host's, plain or gzipped" }),
    output: Flags.string({ char: 'o', default: 'text', options: ['text', 'json'], description: 'how to print it' }),
  };
  static override readonly bundle = 'node';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(NodeChecksystem);
    const file = flags['kernel-config'];
    const facts = await readKernelFacts(thisHost, file === undefined ? undefined : { path: file, text: await readConfiguration(file, this.shell.readInput) });
    const use = await this.tunnelUse(flags);
    const check = checkSystem(facts, readSysctl, use);
    await this.out(flags.output === 'json' ? `${goJsonIndented(checkDocument(check, use !== undefined))}\n` : checkText(check));
    return check.passed ? ExitCode.done : ExitCode.failed;
  }

  private async tunnelUse<T extends object>(flags: T): Promise<TunnelUse | undefined> {
    try {
      await this.use(flags);
      return await readTunnelUse(await this.connect());
    } catch (error) {
      if (!(error instanceof DatastoreError) || this.interruption.signal.aborted) throw error;
      await this.note(`it is unknown which tunnels the pools use, so IPIP and VXLAN are not required: ${error.message}`);
      return undefined;
    }
  }
}

async function readConfiguration(path: string, read: (path: string) => Promise<Buffer>): Promise<string> {
  let text: string;
  try {
    text = await configurationText(await read(path));
  } catch (error) {
    if (error instanceof CalicoError) throw error;
    throw new CalicoError('failed', `the kernel configuration ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
  if (/^(# )?CONFIG_\w/m.test(text)) return text;
  throw new CalicoError('failed', `${path} is not a kernel configuration: no line begins with CONFIG_`);
}

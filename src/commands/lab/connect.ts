import { Args, Flags } from '@oclif/core';
import { troubleCodeOf, ExitCode } from '../../cli/exit-codes.js';
import { parseTimeLimit } from '../../cli/flags.js';
import { LabCommand, labFlags } from '../../cli/lab-command.js';
import { PROBED, type Probed } from '../../lab/probe/task.js';

export default class LabConnect extends LabCommand {
  static override summary = 'Send a real packet in a lab, and show what "policy trace" says of it.';
  static override description = 'An end is a workload by any of its names, a host, outside, or an address. Where nobody listens at the destination, the lab does. Says whether the packet got through, and beside it what the policies of the datastore say of the same flow; if the two do not agree, that is said loudly. The exit code is 0 if the packet got through, 1 if it did not, and anything above that if it could not be sent.';
  static override examples = ['<%= config.bin %> lab connect frontend-1 database:3306', '<%= config.bin %> lab connect backend 10.65.0.3:53 --protocol udp', '<%= config.bin %> lab connect node1 database --protocol icmp', '<%= config.bin %> lab connect database outside:443 -o json'];
  static override usage = ['lab connect FROM TO:PORT [flags]', 'lab connect FROM TO --protocol icmp [flags]'];
  static override args = { from: Args.string({ description: 'where the packet comes from', required: true, ignoreStdin: true }), to: Args.string({ description: 'where it goes', required: true, ignoreStdin: true }) };
  static override flags = {
    protocol: Flags.string({ description: 'what is sent', options: [...PROBED], default: 'tcp' }),
    'from-port': Flags.integer({ helpValue: 'PORT', description: 'source port [default: a free one]', min: 1, max: 65_535 }),
    wait: Flags.string({ helpValue: 'DURATION', description: 'how long an answer is waited for', default: '2s' }),
    output: Flags.string({ char: 'o', description: 'print data', options: ['json'] }),
    ...labFlags,
  };
  static override readonly bundle = 'lab';
  static override readonly warm = 'not run';

  /** That a packet did not get through is 1. */
  protected override codeOf(happened: Parameters<typeof troubleCodeOf>[0]): ExitCode {
    return troubleCodeOf(happened);
  }

  protected override async execute(): Promise<ExitCode> {
    const { args, flags } = await this.parse(LabConnect);
    await this.use(flags);
    const [{ readDestination }, { gotThrough, tryConnection }, { connectionData, connectionText }, { Directory }] = await Promise.all([
      import('../../cli/lab-destination.js'), import('../../lab/connect.js'), import('../../output/views/lab/connect.js'), import('../../insight/directory.js'),
    ]);
    const protocol = flags.protocol as Probed;
    const { word, port } = readDestination(args.to, protocol);
    const longestMs = parseTimeLimit(flags.wait, '--wait');
    const lab = await this.lab(flags.name);
    const [network, from, to] = await Promise.all([this.networkOf(lab), this.end(lab, args.from), this.end(lab, word)]);
    const connection = await tryConnection(lab, { ...network, dialect: this.dialect }, { from, to, protocol, port, fromPort: flags['from-port'], longestMs });
    const directory = new Directory(network.resources, this.dialect);
    if (flags.output === 'json') await this.out(await connectionData(connection, directory));
    else await this.shell.outStyled(connectionText(connection, directory, await this.shell.colours()));
    return gotThrough(connection.outcome) ? ExitCode.done : ExitCode.failed;
  }
}

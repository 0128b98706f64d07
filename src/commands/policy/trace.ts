import { Flags } from '@oclif/core';
import { InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { hostsFlag, networkFlags, PolicyCommand, type NetworkFlags } from '../../cli/policy-command.js';
import { gathered } from '../../cli/report-file.js';
import { POLICY_KINDS } from '../../policy/stored-network.js';
import { ipPool } from '../../resources/v3/ip-pool.js';

const port = (description: string) => Flags.integer({ helpValue: 'PORT', description, min: 0, max: 65_535 });
const icmp = (description: string) => Flags.integer({ helpValue: 'NUMBER', description, min: 0, max: 255 });

export default class PolicyTrace extends PolicyCommand {
  static override summary = 'Show which rule decides a flow, and why.';
  static override description = 'Follows a new packet through all policies on its way, as Calico 3.32 does: at the workload it leaves, the host interfaces that a host endpoint protects, the workload it goes to. Says which rule decides at each, why the rules before it do not match, and what would have to be different. An end is an endpoint by any of its names (workload, NAMESPACE/POD, KIND/NAME), an address, host/NODE, a network set, or internet. The exit code is 0 if the packet is allowed, 1 if it is denied, and anything above that if the question could not be answered.';
  static override examples = [
    '<%= config.bin %> policy trace --from frontend --to database --port 3306',
    '<%= config.bin %> policy trace --from internet --to host/rack1-host1 --port 22',
    '<%= config.bin %> policy trace --from shop/web-0 --to 10.0.0.9 --protocol udp --port 53 -f policy.yaml',
    '<%= config.bin %> policy trace --flows flows.jsonl --store backup.json -o json',
  ];
  static override usage = ['policy trace --from END --to END [--port PORT] [flags]', 'policy trace --flows FILE [flags]'];
  static override flags = {
    from: Flags.string({ description: 'where the packet comes from', helpValue: 'END' }),
    to: Flags.string({ description: 'where it goes', helpValue: 'END' }),
    protocol: Flags.string({ helpValue: 'PROTOCOL', description: 'tcp, udp, sctp, udplite, icmp, icmpv6 or a number [default: tcp]' }),
    port: port('destination port'),
    'from-port': port('source port [default: 40000]'),
    'icmp-type': icmp('type of ICMP [default: that of an echo request]'),
    'icmp-code': icmp('code of ICMP [default: 0]'),
    flows: Flags.string({ description: 'many flows instead, a JSON object a line; - for stdin', helpValue: 'FILE', exclusive: ['from', 'to', 'protocol', 'port', 'from-port', 'icmp-type', 'icmp-code'] }),
    output: Flags.string({ char: 'o', description: 'print data, for programs; with --flows, a line for each', options: ['json'] }),
    ...networkFlags,
    ...hostsFlag,
  };
  static override readonly bundle = 'policy';
  static override readonly warm = ['--from', '10.0.0.1', '--to', '10.0.0.2', '--port', '80', '-f', 'MANIFEST'];

  protected override async execute(): Promise<ExitCode> {
    const flags = await this.use((await this.parse(PolicyTrace)).flags);
    this.refuseTwiceStdin({ '--flows': flags.flows, '--hosts': flags.hosts, '--store': flags.store, '-f': flags.filename });
    if (flags.flows !== undefined) return this.traceAll(flags.flows, flags);
    const { from, to, protocol, port, 'from-port': fromPort, 'icmp-type': icmpType, 'icmp-code': icmpCode } = flags;
    if (from === undefined || to === undefined) throw new InvalidRequest(`${from === undefined ? '--from' : '--to'} is missing`, 'write for example: policy trace --from frontend --to database --port 3306');
    const [{ readWantedEnd }, { trace }, { Directory }] = await Promise.all([import('../../cli/wanted-end.js'), import('../../insight/trace.js'), import('../../insight/directory.js')]);
    const wanted = { from: readWantedEnd(from, this.dialect), to: readWantedEnd(to, this.dialect), protocol, port, fromPort, icmpType, icmpCode };
    const network = await this.readNetwork([...POLICY_KINDS, ipPool], flags);
    const traced = trace(await this.compiled(network, flags), network.resources, wanted, this.dialect);
    const directory = new Directory(network.resources, this.dialect);
    if (flags.output === 'json') await this.out((await import('../../output/views/policy/trace-data.js')).traceData(traced, directory));
    else await this.shell.outProse((await import('../../output/views/policy/trace-text.js')).traceText(traced, directory, await this.shell.colours()));
    return traced.verdict.verdict === 'allow' ? ExitCode.done : ExitCode.failed;
  }

  private async traceAll(file: string, flags: NetworkFlags & { readonly output?: string | undefined }): Promise<ExitCode> {
    const [{ readFlows }, { FlowLines }] = await Promise.all([import('../../insight/flows.js'), import('../../output/views/policy/flows.js')]);
    const flows = readFlows(file === '-' ? '<stdin>' : file, await this.shell.readTextOrStdin(file));
    const found = new FlowLines(await this.compiled(await this.readNetwork(POLICY_KINDS, flags), flags), flows);
    for (const piece of gathered(found.lines(flags.output === 'json'))) await this.out(piece);
    return found.denied === 0 ? ExitCode.done : ExitCode.failed;
  }
}

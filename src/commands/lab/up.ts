import { Flags } from '@oclif/core';
import { ExitCode } from '../../cli/exit-codes.js';
import { LabCommand, labFlags } from '../../cli/lab-command.js';
import { labSource } from '../../cli/lab-source.js';
import type { Encapsulation } from '../../lab/plan.js';

export default class LabUp extends LabCommand {
  static override summary = 'Make a Calico network on this machine: hosts, etcd, workloads.';
  static override description = 'Hosts are namespaces with a bridge between them; on each runs what runs on a node: the agent and BIRD. Nothing of the machine\'s own network is touched. It needs root, and no Docker. Without --from it has the workloads of a small tenant: frontend-1, frontend-2, backend and database. Other commands reach its etcd by --context lab (lab-NAME where it has a name). A lab that fails to come up is taken away again; one that was killed in the making, "lab down" takes away.';
  static override examples = ['<%= config.bin %> lab up', '<%= config.bin %> lab up --from backup.json --name tuesday', '<%= config.bin %> lab up --nodes 5 --vxlan', '<%= config.bin %> lab up --from manifests/'];
  static override usage = ['lab up [--nodes NUMBER] [--from FILE] [flags]'];
  static override flags = {
    ...labFlags,
    nodes: Flags.integer({ helpValue: 'NUMBER', description: 'how many hosts [default: 3; with --from those that it names]', min: 1 }),
    from: Flags.string({ helpValue: 'FILE', description: 'fill the datastore with this: manifests (a file or a directory), a backup, or a file of keys and values' }),
    routed: Flags.boolean({ description: 'packets go from host to host as they are, by routes that BGP brings: the default', exclusive: ['vxlan'] }),
    vxlan: Flags.boolean({ description: 'packets go from host to host in VXLAN, without BGP' }),
    keep: Flags.boolean({ description: 'leave what was made when something fails, to look at it' }),
  };
  static override readonly bundle = 'lab';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const flags = await this.use((await this.parse(LabUp)).flags);
    this.checkLabName(flags.name);
    const [{ checkRequirements, labSearchPath }, { makeLab }, { upText }, { contextOf }] = await Promise.all([import('../../lab/requirements.js'), import('../../lab/up.js'), import('../../output/views/lab/up.js'), import('../../lab/context.js')]);
    const encapsulation: Encapsulation = flags.vxlan ? 'vxlan' : 'routed';
    const searchPath = labSearchPath(this.env['PATH']);
    checkRequirements({ isRoot: this.shell.isRoot, searchPath, encapsulation });
    const source = await labSource(flags, { read: (files) => this.read(files, 'apply', { recursive: true }), stdin: this.shell.stdin, sources: this.sources, encapsulation });
    const began = performance.now();
    const lab = await makeLab({
      plan: { name: flags.name, encapsulation, network: source.network, hosts: source.hosts, program: this.shell.program, searchPath, from: flags.from },
      connect: this.connectTo, fill: source.fill, keep: flags.keep, env: this.env, sources: this.sources, signal: this.interruption.signal, notify: this.notify,
    });
    await this.out(upText(lab, { seconds: (performance.now() - began) / 1000, context: contextOf(lab.folder) }));
    return ExitCode.done;
  }
}

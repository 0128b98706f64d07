import { Flags } from '@oclif/core';
import { resolve } from 'node:path';
import { CalicoError, InvalidRequest } from '../../base/errors.js';
import { BaseCommand } from '../../cli/base-command.js';
import { cniProgram } from '../../cli/cni-program.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags } from '../../cli/flags.js';
import { pollMs, repeated } from '../../cli/poll.js';
import { install, uninstall } from '../../cni/install/install.js';
import { planInstallation, type InstallRequest } from '../../cni/install/plan.js';
import { installRequest } from '../../cni/install/request.js';
import { isNetworkName, NETWORK_NAMES } from '../../cni/install/template.js';
import { changeLines, configLines, remarkLines, removalLines } from '../../output/views/node/install-cni.js';
import { hostNameProblem } from '../../resources/node-name.js';
import { safe } from '../../text/safe.js';

export default class NodeInstallCni extends BaseCommand {
  static override summary = "Install this host's network plugins, and the config of its network for container runtimes.";
  static override description = "Writes calico and calico-ipam, a copy of the program they are in, the network's config with the connection settings of this tool, and copies of the certificates. What is as it should be stays untouched: run it again after an upgrade, or with --poll where certificates or tokens are renewed. A file of somebody else is kept under another name.";
  static override examples = ['<%= config.bin %> node install-cni', '<%= config.bin %> node install-cni --dryrun', '<%= config.bin %> node install-cni --kubeconfig /etc/calico/kubeconfig --poll 1m', '<%= config.bin %> node install-cni --conf network.json', '<%= config.bin %> node install-cni --remove'];
  static override flags = {
    'conf-dir': Flags.string({ helpValue: 'DIR', default: '/etc/cni/net.d', description: 'where container runtimes look for networks' }),
    'bin-dir': Flags.string({ helpValue: 'DIR', default: '/opt/cni/bin', description: 'where container runtimes look for plugins' }),
    conf: Flags.string({ helpValue: 'FILE', description: 'the config to install, with placeholders such as __ETCD_ENDPOINTS__; - for stdin [default: one that is made]' }),
    network: Flags.string({ helpValue: 'NAME', description: 'name of the network [default: k8s-pod-network with Kubernetes, else calico]', exclusive: ['conf'] }),
    name: Flags.string({ helpValue: 'NODE', description: "name of the node [default: the one in /var/lib/calico/nodename when a container comes]" }),
    kubeconfig: Flags.string({ helpValue: 'FILE', description: "how Kubernetes is asked for pods' labels and annotations [default: the account of the pod this runs in, if it is one]" }),
    poll: Flags.string({ helpValue: 'DURATION', description: 'stay, and look again after so long, such as 1m', exclusive: ['remove', 'dryrun'] }),
    remove: Flags.boolean({ description: 'take away what was installed', exclusive: ['conf', 'network', 'name', 'kubeconfig'] }),
    dryrun: Flags.boolean({ aliases: ['dry-run'], description: 'only show what would be done' }),
    ...datastoreFlags,
  };
  static override readonly bundle = 'node';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(NodeInstallCni);
    const everyMs = pollMs(flags.poll);
    if (flags.remove) {
      await this.use({});
      const { changes, setAside } = await uninstall(resolve(flags['bin-dir']), flags.dryrun);
      for (const line of [...changeLines(changes, flags.dryrun), ...removalLines(setAside)]) this.say(line);
      return ExitCode.done;
    }
    const problem = flags.name === undefined ? undefined : hostNameProblem(flags.name);
    if (problem !== undefined) throw new InvalidRequest(`--name: ${problem.message}`, problem.hint);
    if (flags.network !== undefined && !isNetworkName(flags.network)) throw new InvalidRequest(`--network: ${JSON.stringify(flags.network)} is not a name of a network`, NETWORK_NAMES);
    const template = flags.conf === undefined ? undefined : { text: await this.shell.readTextOrStdin(flags.conf), origin: flags.conf === '-' ? '<stdin>' : flags.conf };
    await repeated(everyMs, this.interruption.signal, async (again) => {
      try {
        // Settings and files may have changed since.
        await this.use(flags);
        const program = cniProgram(this.shell.program, this.config.root);
        await this.once(installRequest(flags, { connection: this.connection, program, version: this.config.version, template, env: this.env }), flags.dryrun, again);
      } catch (error) {
        if (!again || !(error instanceof CalicoError) || this.interruption.signal.aborted) throw error;
        await this.note(safe(error.message));
      }
    });
    return ExitCode.done;
  }

  private async once(request: InstallRequest, dryRun: boolean, again: boolean): Promise<void> {
    const plan = planInstallation(request);
    const outcome = await install(plan.files, request, dryRun);
    for (const line of changeLines(outcome.changes, dryRun, this.told)) this.say(line);
    if (dryRun) for (const line of configLines(plan, [request.connection.user?.password, request.account?.token])) this.say(line);
    if (!this.told) for (const line of remarkLines(plan, outcome)) await this.note(line);
    this.told ||= again;
  }

  /** Whether all was told once: from then on only what changes is. */
  private told = false;
}

import { Flags } from '@oclif/core';
import { hostname } from 'node:os';
import { BaseCommand } from '../../cli/base-command.js';
import { InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags, engineFlags, parseTimeLimit, startFlags } from '../../cli/flags.js';
import type { Supervisor } from '../../host/engine/container.js';
import type { NodePlan } from '../../node/container.js';
import { readStoredAddresses } from '../../node/addresses.js';
import { readDockerNetworking, readNodeOptions } from '../../cli/node-options.js';
import { dryRun, runNode } from '../../node/run.js';
import { safe } from '../../text/safe.js';

export default class NodeRunCommand extends BaseCommand {
  static override summary = "Start this node's container and wait until it is ready.";
  static override description = 'Everything that can be checked is checked before anything is changed. Exit code 0 means that the container is ready; on failure the previous container is restored. A healthy container with the same settings is left as it is.';
  static override examples = ['<%= config.bin %> node run --ip=10.0.0.1', '<%= config.bin %> node run --ip-autodetection-method=interface=eth.*', '<%= config.bin %> node run --dryrun --init-system', '<%= config.bin %> node run --watch --runtime=podman'];
  static override usage = ['node run [--ip IPV4] [--name NODE] [--node-image IMAGE] [flags]'];
  static override flags = {
    name: Flags.string({ helpValue: 'NODE', description: 'name of the node [default: the host name, in lower case]' }),
    as: Flags.string({ helpValue: 'NUMBER', description: 'AS number of the node, decimal or as 1.10' }),
    ip: Flags.string({ helpValue: 'IPV4|autodetect', description: 'IPv4 address of the node' }),
    ip6: Flags.string({ helpValue: 'IPV6|autodetect', description: 'IPv6 address of the node' }),
    'ip-autodetection-method': Flags.string({ helpValue: 'METHOD', description: 'how to find the IPv4 address: first-found, can-reach=DESTINATION, interface=REGEX,... or skip-interface=REGEX,...', default: 'first-found' }),
    'ip6-autodetection-method': Flags.string({ helpValue: 'METHOD', description: 'the same for the IPv6 address', default: 'first-found' }),
    'log-dir': Flags.string({ helpValue: 'DIR', description: 'log folder on this host', default: '/var/log/calico' }),
    'node-image': Flags.string({ helpValue: 'IMAGE', description: 'container image', default: 'quay.io/calico/node:latest' }),
    backend: Flags.string({ helpValue: 'bird|gobgp|none', description: 'BGP daemon', default: 'bird' }),
    'no-default-ippools': Flags.boolean({ description: 'do not let the container create default pools' }),
    'felix-config': Flags.string({ helpValue: 'FILE', description: "Felix configuration file" }),
    'disable-docker-networking': Flags.boolean({ description: "do not register Calico with Docker networking (classic)" }),
    'docker-networking-ifprefix': Flags.string({ helpValue: 'PREFIX', description: "prefix of Docker networking interfaces (classic)", default: 'cali' }),
    'use-docker-networking-container-labels': Flags.boolean({ description: 'label endpoints with the labels of their containers (classic)' }),
    dryrun: Flags.boolean({ aliases: ['dry-run'], description: 'only show the command; does not need root' }),
    'init-system': Flags.boolean({ description: 'stay in the foreground, for an init system that restarts it' }),
    watch: Flags.boolean({ description: 'stay, restart the container when it ends, and stop it on Ctrl-C', exclusive: ['init-system'] }),
    replace: Flags.boolean({ description: 'replace even a healthy container with the same settings' }),
    force: Flags.boolean({ description: 'start even an image that reads etcd\'s v2 store' }),
    ...engineFlags,
    ...startFlags,
    ...datastoreFlags,
  };
  static override readonly bundle = 'node';
  static override readonly warm = 'not run';

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(NodeRunCommand);
    const options = await readNodeOptions(given, hostname(), this.interruption.signal);
    const timeoutMs = parseTimeLimit(given['start-timeout'], '--start-timeout');
    const flags = await this.use(given);
    const supervisor: Supervisor = flags['init-system'] ? 'init-system' : flags.watch ? 'watch' : 'engine';
    const plan: NodePlan = { options, supervisor, dialect: this.dialect, dockerNetworking: readDockerNetworking(flags, this.dialect), datastore: this.connection };
    if (plan.dialect === 'v3' && options.backend === 'gobgp') throw new InvalidRequest('--backend: gobgp belongs to classic Calico', 'version 3 knows bird and none');
    if (flags.dryrun) {
      await this.out(dryRun({ plan, runtime: flags.runtime, env: this.env }).split('\n').map(safe).join('\n'));
      if (plan.datastore.user !== undefined) await this.note('ETCD_PASSWORD is not shown: the command takes it from its environment');
      return ExitCode.done;
    }
    await runNode({
      plan, timeoutMs, replace: flags.replace ? '--replace was given' : undefined, force: flags.force, runtime: flags.runtime, env: this.env, isRoot: this.shell.isRoot, signal: this.interruption.signal, notify: this.notify,
      storedAddresses: async () => readStoredAddresses(await this.connect(), options.name),
    });
    return ExitCode.done;
  }
}

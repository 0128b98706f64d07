import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { CALICO_VERSION } from '../base/calico-version.js';
import { CalicoError } from '../base/errors.js';
import { ExitCode } from '../cli/exit-codes.js';
import { datastoreFlags, storeFlag } from '../cli/flags.js';
import { pollMs, repeated } from '../cli/poll.js';
import { keyOf } from '../resources/keys.js';
import { plainText } from '../resources/plain-text.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { clusterInformation } from '../resources/v3/cluster-information.js';
import { safe } from '../text/safe.js';

export default class Version extends BaseCommand {
  static override summary = 'Show the versions of this tool and of the cluster.';
  static override description = 'With --poll it goes on until it is interrupted, and shows the version and type of the cluster whenever they change; what goes wrong meanwhile is said on stderr.';
  static override examples = ['<%= config.bin %> version', '<%= config.bin %> version --client', '<%= config.bin %> version --poll 10s'];
  static override flags = {
    ...datastoreFlags,
    ...storeFlag,
    client: Flags.boolean({ description: 'only the version of this tool; needs no datastore' }),
    poll: Flags.string({ helpValue: 'DURATION', description: 'look again after so long, such as 10s or 5m; 0 looks once' }),
  };
  static override readonly bundle = 'read';
  static override readonly warm = [];

  private told: readonly string[] = [];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(Version);
    const flags = await this.use(given);
    const everyMs = pollMs(flags.poll);
    await this.out(`Client Version:    v${this.config.version}\nCalico Version:    ${CALICO_VERSION}\n`);
    if (flags.client) return ExitCode.done;
    await repeated(everyMs, this.interruption.signal, (again) => this.tellChanges(again));
    return ExitCode.done;
  }

  /** Says what of the cluster is not as it was told before; while polling, also what went wrong, after which all is told again. */
  private async tellChanges(polling: boolean): Promise<void> {
    const before = this.told;
    this.told = [];
    try {
      const lines = await this.clusterLines();
      for (const [index, line] of lines.entries()) if (line !== before[index]) this.say(line);
      this.told = lines;
    } catch (error) {
      if (!polling || !(error instanceof CalicoError) || this.interruption.signal.aborted) throw error;
      await this.note(safe(error.message));
    }
  }

  private async clusterLines(): Promise<readonly string[]> {
    const store = await this.connect();
    try {
      const entry = await store.get(keyOf(clusterInformation, 'default'));
      if (entry === undefined) throw new CalicoError('missing', 'unable to retrieve Cluster Version or Type: resource does not exist: ClusterInformation(default)', { hint: 'the first create or apply creates it', subject: 'ClusterInformation(default)' });
      const object = decodeStored(clusterInformation, entry);
      if (isCorrupt(object)) throw new CalicoError('unreadable', `${object.key} cannot be read: ${object.reason}`);
      const { calicoVersion, clusterType } = object.spec;
      return [`Cluster Version:   ${plainText(calicoVersion, 'unknown')}`, `Cluster Type:      ${plainText(clusterType, 'unknown')}`];
    } finally {
      store.close();
    }
  }
}

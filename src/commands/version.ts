import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { CALICO_VERSION } from '../base/calico-version.js';
import { CalicoError } from '../base/errors.js';
import { ExitCode } from '../cli/exit-codes.js';
import { datastoreFlags, storeFlag } from '../cli/flags.js';
import { keyOf } from '../resources/keys.js';
import { plainText } from '../resources/plain-text.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { clusterInformation } from '../resources/v3/cluster-information.js';

export default class Version extends BaseCommand {
  static override summary = 'Show the versions of this tool and of the cluster.';
  static override examples = ['<%= config.bin %> version', '<%= config.bin %> version --client'];
  static override flags = {
    ...datastoreFlags,
    ...storeFlag,
    client: Flags.boolean({ description: 'only the version of this tool; needs no datastore' }),
  };
  static override readonly bundle = 'read';
  static override readonly warm = [];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(Version);
    const flags = await this.use(given);
    await this.out(`Client Version:    v${this.config.version}\nCalico Version:    ${CALICO_VERSION}\n`);
    if (flags.client) return ExitCode.done;
    const store = await this.connect();
    const entry = await store.get(keyOf(clusterInformation, 'default'));
    if (entry === undefined) throw new CalicoError('missing', 'unable to retrieve Cluster Version or Type: resource does not exist: ClusterInformation(default)', { hint: 'the first create or apply creates it', subject: 'ClusterInformation(default)' });
    const object = decodeStored(clusterInformation, entry);
    if (isCorrupt(object)) throw new CalicoError('unreadable', `${object.key} cannot be read: ${object.reason}`);
    const { calicoVersion, clusterType } = object.spec;
    await this.out(`Cluster Version:   ${plainText(calicoVersion, 'unknown')}\nCluster Type:      ${plainText(clusterType, 'unknown')}\n`);
    return ExitCode.done;
  }
}

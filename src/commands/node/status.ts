import { Flags } from '@oclif/core';
import { hostname } from 'node:os';
import { BaseCommand } from '../../cli/base-command.js';
import { compareNode } from '../../bgp/compare.js';
import { readBirds } from '../../bgp/local-status.js';
import { readNetwork } from '../../bgp/network.js';
import { overviewOf } from '../../bgp/overview.js';
import type { ObservedPeer } from '../../bgp/protocols.js';
import { DatastoreError } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags, storeFlag } from '../../cli/flags.js';
import { listProcesses } from '../../host/processes.js';
import { checkNodeName } from '../../cli/node-flag.js';
import { overviewDocument, overviewText } from '../../output/views/node/overview.js';
import { isHealthy, observedPeers, processFacts, type NodeStatus } from '../../node/status.js';
import { statusDocument } from '../../output/views/node/status-data.js';
import { lookedFor, notCompared, statusText } from '../../output/views/node/status-text.js';
import { goJsonIndented } from '../../go/indented-json.js';

export default class NodeStatusCommand extends BaseCommand {
  static override summary = 'Show whether Calico runs on this node and the state of its BGP sessions.';
  static override description = 'Asks BIRD 1.6 or 2 on its control sockets, and compares its peers with those that the datastore asks for. Exit code 0 means that BIRD answers and that every peer it has or should have is Established; of a node without BGP (CALICO_NETWORKING_BACKEND is none or vxlan), that no session is in trouble.';
  static override examples = ['<%= config.bin %> node status', '<%= config.bin %> node status -o json', '<%= config.bin %> node status --all'];
  static override usage = ['node status [flags]', 'node status --all [flags]'];
  static override flags = {
    ...datastoreFlags,
    ...storeFlag,
    timeout: Flags.string({ helpValue: 'DURATION', description: 'time limit for all waiting on etcd, such as 2m [default: 3s; 10s with --all]', helpGroup: 'DATASTORE' }),
    all: Flags.boolean({ description: 'show the sessions that every node should have, from the datastore alone' }),
    name: Flags.string({ helpValue: 'NODE', description: 'name of this node in the datastore [default: the name of this host]', exclusive: ['all'] }),
    output: Flags.string({ char: 'o', default: 'text', options: ['text', 'json'], description: 'how to print it' }),
  };
  static override readonly bundle = 'node';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(NodeStatusCommand);
    if (given.all) {
      const overview = overviewOf(await readNetwork(await this.connectWith(given)));
      await this.out(given.output === 'json' ? asJson(overviewDocument(overview)) : await overviewText(overview));
      return ExitCode.done;
    }
    if (given.name !== undefined) checkNodeName(given.name, '--name');
    const name = given.name ?? hostname().trim().toLowerCase();
    const birds = await readBirds();
    const facts = processFacts(listProcesses());
    const comparison = await this.compare(given, { name, observed: observedPeers({ birds }), ...facts });
    const status: NodeStatus = { name, birds, comparison, ...facts };
    await this.out(given.output === 'json' ? asJson(statusDocument(status)) : await statusText(status));
    const healthy = isHealthy(status);
    for (const line of lookedFor(status)) await (healthy ? this.hint(line) : this.note(line));
    for (const line of notCompared(status)) await this.note(line);
    return healthy ? ExitCode.done : ExitCode.failed;
  }

  private async connectWith<T extends { all: boolean; timeout: string | undefined }>(flags: T): ReturnType<BaseCommand['connect']> {
    await this.use({ ...flags, timeout: flags.timeout ?? (flags.all ? '10s' : '3s') });
    return this.connect();
  }

  /** A datastore that cannot be asked is no reason to say nothing of BIRD. */
  private async compare<T extends { all: boolean; timeout: string | undefined; name: string | undefined }>(flags: T, { name, observed, withoutBgp }: Pick<NodeStatus, 'name' | 'withoutBgp'> & { readonly observed: readonly ObservedPeer[] }): Promise<NodeStatus['comparison']> {
    try {
      const advice = flags.name === undefined ? 'give its name with --name' : '`calicoctl get nodes` lists them';
      return compareNode(await readNetwork(await this.connectWith(flags)), name, observed, { advice, withoutBgp });
    } catch (error) {
      if (!(error instanceof DatastoreError) || this.interruption.signal.aborted) throw error;
      return { reason: error.message };
    }
  }
}

function asJson(document: unknown): string {
  return `${goJsonIndented(document)}\n`;
}

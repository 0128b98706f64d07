import { Flags } from '@oclif/core';
import { InvalidRequest, ListedError } from '../base/errors.js';
import type { Applying, Network } from '../insight/network.js';
import type { Model } from '../policy/model.js';
import type { StoredKind } from '../resources/kind.js';
import { safe } from '../text/safe.js';
import { troubleCodeOf, type ExitCode } from './exit-codes.js';
import { datastoreFlags, fileFlags, namespaceFlag, storeFlag } from './flags.js';
import { ManifestCommand, type ManifestFlags } from './manifest-command.js';

/** Where a network is read from, for commands that say what policies do. */
export const networkFlags = {
  filename: Flags.string({
    char: 'f',
    description: 'look at the network as if this manifest were applied: a file, a directory, or - for stdin; may be given several times',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'MANIFEST',
  }),
  recursive: fileFlags.recursive,
  ...namespaceFlag,
  ...datastoreFlags,
  ...storeFlag,
};

/** What a store does not say of hosts. */
export const hostsFlag = {
  hosts: Flags.string({ description: 'file with the addresses of interfaces of hosts: {"HOST": {"interfaces": {"eth0": ["10.0.0.1"]}}} [default: what Node resources say]', helpValue: 'FILE', helpGroup: 'DATASTORE' }),
};

export interface NetworkFlags extends ManifestFlags {
  readonly filename?: readonly string[] | undefined;
  readonly store?: string | undefined;
  readonly at?: string | undefined;
  readonly hosts?: string | undefined;
}

/** What the commands share that say what policies do. */
export abstract class PolicyCommand extends ManifestCommand {
  /** That something is denied is 1. */
  protected override codeOf(happened: Parameters<typeof troubleCodeOf>[0]): ExitCode {
    return troubleCodeOf(happened);
  }

  /** Reads resources of some kinds: as they are, or as they would be with the manifests of -f applied. Names on stderr what cannot be read. */
  protected async readNetwork(kinds: readonly StoredKind[], flags: NetworkFlags): Promise<Network> {
    const { networkOf } = await import('../insight/network.js');
    const network = await networkOf(await this.connect(), kinds, await this.applying(flags));
    if (network.refused.length > 0) {
      const { refusalReport } = await import('../output/views/changes/report.js');
      const { stderr, meaning } = refusalReport('apply', network.refused);
      throw new ListedError(meaning === 'done' ? 'failed' : meaning, stderr);
    }
    for (const { key, reason } of network.corrupt) await this.note(safe(`${key} cannot be read: ${reason}`));
    return network;
  }

  /** The network, ready to be asked. */
  protected async compiled({ resources }: Network, { hosts }: NetworkFlags): Promise<Model> {
    const [{ compile }, { readHosts }] = await Promise.all([import('../policy/compile.js'), import('../insight/hosts.js')]);
    return compile(resources, hosts === undefined ? {} : readHosts(hosts === '-' ? '<stdin>' : hosts, await this.readInput(hosts)));
  }

  /** A file that is named in a flag, or standard input, as text. */
  protected async readInput(path: string): Promise<string> {
    if (path !== '-') return this.shell.readText(path);
    const { readWhole } = await import('../manifest/input.js');
    return (await this.shell.whileReading(() => readWhole(this.shell.stdin, () => undefined))).toString();
  }

  /** Standard input can be read once. Throws InvalidRequest. */
  protected refuseTwiceStdin(given: Readonly<Record<string, string | readonly string[] | undefined>>): void {
    const reading = Object.entries(given).flatMap(([flag, value]) => [value].flat().filter((each) => each === '-').map(() => flag));
    if (reading.length > 1) throw new InvalidRequest(`standard input cannot be read twice: ${reading.join(' and ')}`, 'write one of them to a file');
  }

  private async applying(flags: NetworkFlags): Promise<Applying | undefined> {
    if (flags.filename === undefined) return undefined;
    const { targets, warnings } = await this.read(this.filesOf(flags.filename), 'apply', flags);
    await this.showWarnings(warnings);
    return { targets, anyRevision: (flags.store ?? flags.at) !== undefined, sources: this.sources, signal: this.interruption.signal, notify: this.notify };
  }
}

import { Flags } from '@oclif/core';
import { InvalidRequest, ListedError } from '../base/errors.js';
import type { Applying, Network, NetworkPair } from '../insight/network.js';
import type { Model } from '../policy/model.js';
import type { StoredKind } from '../resources/kind.js';
import { safe } from '../text/safe.js';
import { comparedWith } from './against.js';
import { troubleCodeOf, type ExitCode } from './exit-codes.js';
import { datastoreFlags, fileFlags, namespaceFlag, storeFlag } from './flags.js';
import { ManifestCommand, type ManifestFlags } from './manifest-command.js';
import type { PruneFlags } from './prune-flags.js';

/** Where a network is read from, for commands that say what policies do. */
export const networkFlags = {
  filename: Flags.string({
    char: 'f',
    helpValue: 'FILE',
    description: 'look at the network as if this manifest were applied: a file, a directory, or - for stdin',
    multiple: true,
    multipleNonGreedy: true,
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
  /** A file or a context that stands for the usual cluster. */
  readonly against?: string | undefined;
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
    return this.usable(await networkOf(await this.connect(), kinds, flags.filename === undefined ? undefined : await this.applying(flags.filename, flags)));
  }

  /** The network if it could be read. Throws ListedError where the manifests are refused; names on stderr what cannot be read. */
  protected async usable(network: Network): Promise<Network> {
    if (network.refused.length > 0) {
      const { refusalReport } = await import('../output/views/changes/report.js');
      const { stderr, meaning } = refusalReport('apply', network.refused);
      throw new ListedError(meaning === 'done' ? 'failed' : meaning, stderr);
    }
    for (const { key, reason } of network.corrupt) await this.note(safe(`${key} cannot be read: ${reason}`));
    return network;
  }

  /** A network as it is, and as it would be with manifests applied; of one revision. */
  protected async networksAround(filename: readonly string[], given: NetworkFlags & PruneFlags & Parameters<typeof this.use>[0]): Promise<NetworkPair> {
    const flags = await this.use(given);
    const [{ networksAround }, { leftOutHints, pruneScopeOf }, { POLICY_KINDS }] = await Promise.all([import('../insight/network.js'), import('./prune-flags.js'), import('../policy/stored-network.js')]);
    const applying = await this.applying(filename, flags);
    const prune = await pruneScopeOf(applying.targets, flags, this.dialect);
    for (const hint of prune === undefined ? [] : leftOutHints(prune)) await this.hint(hint);
    const { before, after } = await networksAround(await this.connect(), POLICY_KINDS, { ...applying, prune });
    return { before, after: await this.usable(after) };
  }

  /** Another network, a file or that of a context, and then the one that the flags name. */
  protected async comparedNetworks(against: string, given: NetworkFlags & Parameters<typeof this.use>[0]): Promise<NetworkPair> {
    const { POLICY_KINDS } = await import('../policy/stored-network.js');
    const after = await this.readNetwork(POLICY_KINDS, await this.use(given));
    const { dialect } = this;
    this.disconnect();
    const before = await this.readNetwork(POLICY_KINDS, await this.use({ ...given, at: undefined, store: undefined, context: undefined, ...comparedWith(against) }));
    this.dialect = dialect;
    return { before, after };
  }

  /** Networks, ready to be asked, with what --hosts says of hosts. */
  protected async compiledAll(networks: readonly Network[], { hosts }: NetworkFlags): Promise<readonly Model[]> {
    const [{ compileAll }, { readHosts }] = await Promise.all([import('../policy/compile.js'), import('../insight/hosts.js')]);
    const said = hosts === undefined ? {} : readHosts(hosts === '-' ? '<stdin>' : hosts, await this.shell.readTextOrStdin(hosts));
    return compileAll(networks.map(({ resources }) => resources), said);
  }

  /** A network, ready to be asked. */
  protected async compiled(network: Network, flags: NetworkFlags): Promise<Model> {
    return (await this.compiledAll([network], flags))[0]!;
  }

  /** Standard input can be read once. Throws InvalidRequest. */
  protected refuseTwiceStdin(given: Readonly<Record<string, string | readonly string[] | undefined>>): void {
    const reading = Object.entries(given).flatMap(([flag, value]) => [value].flat().filter((each) => each === '-').map(() => flag));
    if (reading.length > 1) throw new InvalidRequest(`standard input cannot be read twice: ${reading.join(' and ')}`, 'write one of them to a file');
  }

  /** The manifests of -f, to be looked at as if they were applied. */
  protected async applying(filename: readonly string[], flags: NetworkFlags): Promise<Applying> {
    const { targets, warnings } = await this.read(this.filesOf(filename), 'apply', flags);
    await this.showWarnings(warnings);
    return { targets, anyRevision: (flags.store ?? flags.at ?? flags.against) !== undefined, sources: this.sources, signal: this.interruption.signal, notify: this.notify };
  }
}

import { Flags } from '@oclif/core';
import { BaseCommand } from './base-command.js';
import { CALICO_VERSION } from './calico-version.js';
import type { Store } from './datastore/store.js';
import { UsageError } from './errors.js';
import { datastoreFlags } from './flags.js';
import { parseIp, type Ip } from './ipam/address.js';

/** Data instead of text for people. */
export const dataFlag = { output: Flags.string({ char: 'o', description: 'print data', options: ['json', 'yaml'] }) };

/** What the commands of `ipam` share: a cluster of another release is refused, as the official tool does (v3-storage.md 7.1). */
export abstract class IpamCommand extends BaseCommand {
  /** The store of a cluster whose release is ours, or of any with --allow-version-mismatch. */
  protected async openCluster(flags: { readonly 'allow-version-mismatch': boolean }): Promise<Store> {
    const store = await this.connect();
    const { refuseOtherVersion } = await import('./ipam/cluster-facts.js');
    if (!flags['allow-version-mismatch']) await refuseOtherVersion(store, CALICO_VERSION);
    return store;
  }

  /** Writes data as it was asked for. */
  protected async outData(value: object, format: string): Promise<void> {
    if (format === 'yaml') {
      const { goYaml } = await import('./output/yaml.js');
      return this.out(goYaml(value));
    }
    const { goJsonIndented } = await import('./output/json.js');
    return this.out(`${goJsonIndented(value)}\n`);
  }
}

export const ipamFlags = {
  ...datastoreFlags,
  'allow-version-mismatch': Flags.boolean({ description: 'work also on a cluster of another Calico release', helpGroup: 'DATASTORE' }),
};

/** An address of the command line. Throws UsageError. */
export function readIp(text: string): Ip {
  const ip = parseIp(text);
  if (ip === undefined) throw new UsageError(`invalid IP address specified: ${text}`);
  return ip;
}

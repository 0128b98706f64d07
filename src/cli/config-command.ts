import { Args, Flags } from '@oclif/core';
import { BaseCommand } from './base-command.js';
import { InvalidRequest } from '../base/errors.js';
import { datastoreFlags } from './flags.js';
import { checkNodeName } from './node-flag.js';
import { findSetting, type Setting } from '../settings/setting.js';

export const settingArg = { setting: Args.string({ description: 'logLevel, nodeToNodeMesh, asNumber or ipip; with --raw: a setting of that component', required: true, ignoreStdin: true }) };

export const settingFlags = {
  node: Flags.string({ char: 'n', helpValue: 'NODE', description: 'this node\'s setting, not the cluster\'s' }),
  raw: Flags.string({ description: 'a low-level setting of this component', options: ['bgp', 'felix'] }),
  ...datastoreFlags,
};

/** What `config get`, `set` and `unset` share. */
export abstract class ConfigCommand extends BaseCommand {
  /** In both dialects -n is the node: settings have no namespace. */
  protected chosen(name: string, { node, raw }: { readonly node?: string | undefined; readonly raw?: string | undefined }): Setting {
    const setting = findSetting(name, raw as 'felix' | 'bgp' | undefined);
    if (node !== undefined) checkNodeName(node);
    if (node !== undefined && !setting.perNode) throw new InvalidRequest('--node should not be specified', `${setting.name} is the same for all nodes`);
    return setting;
  }
}

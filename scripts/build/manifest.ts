import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Command } from '@oclif/core';
import { loadCommand, type CommandFile } from './commands.js';

type CacheCommand = (command: Command.Class, plugin: undefined, respectNoCacheDefault: boolean) => Promise<Command.Cached>;

/** What oclif keeps in oclif.manifest.json. */
export interface Manifest {
  readonly commands: Readonly<Record<string, Command.Cached>>;
  readonly version: string;
}

/** Describes every command: flags, arguments, examples. oclif does not export the function it does that with, so it is taken from its file. */
export async function describeCommands(commands: readonly CommandFile[], facts: { readonly root: string; readonly version: string }): Promise<Manifest> {
  const require = createRequire(import.meta.url);
  const { cacheCommand } = require(join(dirname(require.resolve('@oclif/core')), 'util', 'cache-command.js')) as { cacheCommand: CacheCommand };
  const described: Record<string, Command.Cached> = {};
  for (const command of commands) {
    const cached = await cacheCommand(await loadCommand(command), undefined, false);
    const extras = { isESM: true, relativePath: relative(facts.root, command.file).split('/'), pluginName: 'calicoctl', pluginType: 'core' };
    described[cached.id] = { ...(JSON.parse(JSON.stringify(cached)) as Command.Cached), ...extras };
  }
  return { commands: described, version: facts.version };
}

/** The names by which each command is called, aliases included, and the name it is filed under. */
export function commandNames(manifest: Manifest): Record<string, string> {
  const spaced = (id: string): string => id.replaceAll(':', ' ');
  const entries = Object.values(manifest.commands).flatMap(({ id, aliases, hiddenAliases }) => [id, ...aliases, ...hiddenAliases].map((name) => [spaced(name), spaced(id)] as const));
  return Object.fromEntries(entries);
}

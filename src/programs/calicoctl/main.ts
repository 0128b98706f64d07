import { homedir } from 'node:os';
import { Config, type Command, type Interfaces } from '@oclif/core';
import { failureReport } from './failure.js';
import { writeAll } from './streams.js';

/** The commands by name, written with spaces; each is loaded when it is called. */
export type Loaders = Readonly<Record<string, () => Promise<{ readonly default: Command.Class }>>>;

/** The parts of package.json that oclif wants to know. */
export interface PackageFacts {
  readonly root: string;
  readonly name: string;
  readonly version: string;
  readonly oclif: object;
}

const nothing = (): void => undefined;
/** Takes the place of the `debug` package, which costs 9 ms to load (reference/speed 2.3). */
const silent: Interfaces.Logger = { child: () => silent, debug: nothing, error: nothing, info: nothing, namespace: 'oclif', trace: nothing, warn: nothing };

/**
 * Runs one command by oclif, which is told of that command only: nothing is searched on disk. Prints a failure that the
 * command did not tell itself. Never returns: the process ends with the exit code that the command left in `process.exitCode`.
 */
export async function runCommand(facts: PackageFacts, loaders: Loaders, command: string, args: readonly string[]): Promise<void> {
  // oclif would look for a theme file in the home directory.
  process.env.CALICOCTL_DISABLE_THEME = 'true';
  // It would look up the user's shell, and fail where the user is a number alone, as in a container.
  process.env.SHELL ??= '/bin/sh';
  giveHome();
  try {
    const config = Object.assign(await Config.load(configOptions(facts, loaders, command)), logger());
    await config.runCommand(command.replaceAll(' ', ':'), [...args]);
  } catch (error) {
    const { text, exitCode } = failureReport(error, facts.root);
    writeAll(2, text);
    process.exitCode = exitCode;
  }
  // Everything is written by now; connections would take their time to close, up to a second (reference/speed 3.1).
  process.exit();
}

/** Without HOME, such a user has no home at all, and whoever asks for it would fail. */
function giveHome(): void {
  try {
    homedir();
  } catch {
    process.env.HOME = '/nonexistent';
  }
}

function configOptions(facts: PackageFacts, loaders: Loaders, command: string): Interfaces.LoadOptions {
  const pjson = { name: facts.name, version: facts.version, oclif: facts.oclif };
  const plugin = {
    name: facts.name, version: facts.version, root: facts.root, type: 'core', valid: true, pjson, options: { root: facts.root },
    hooks: {}, topics: [], commandIDs: [], commandsDir: undefined, hasManifest: true,
    commands: [loadable(command, loaders[command] as Loaders[string])],
  } as unknown as Interfaces.Plugin;
  return {
    root: facts.root, pjson: pjson as unknown as Interfaces.PJSON, plugins: new Map([[facts.name, plugin]]), userPlugins: false, devPlugins: false,
    ...logger(),
  };
}

/** The logger to use where nobody asks for oclif's own words with DEBUG. The command hands its configuration to oclif once more, so that needs it too. */
function logger(): { readonly logger?: Interfaces.Logger } {
  return process.env.DEBUG === undefined ? { logger: silent } : {};
}

function loadable(command: string, load: Loaders[string]): object {
  const id = command.replaceAll(' ', ':');
  return {
    id, aliases: [], hiddenAliases: [], args: {}, flags: {},
    load: async () => {
      const loaded = (await load()).default;
      loaded.id = id;
      return loaded;
    },
  };
}

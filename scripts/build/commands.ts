import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from '@oclif/core';
import { BUNDLES, type BundleName, type WarmRun } from '../../src/cli/build-facts.js';
import { Refusal } from './refusal.js';

/** A command of the tool: its name as it is typed, and its file. */
export interface CommandFile {
  readonly name: string;
  readonly file: string;
}

export type CommandClass = Command.Class;

/** A command with what its class says of how it is built. */
export interface BuiltCommand extends CommandFile {
  readonly bundle: BundleName;
  readonly warm: WarmRun;
}

/** Every command under a folder such as `src/commands`: `ipam/show.ts` is `ipam show`. Sorted by name. */
export function findCommands(folder: string): CommandFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ name: path.slice(0, -'.ts'.length).split(sep).join(' '), file: join(folder, path) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Loads the class of a command from its source. Throws where the file does not export one. */
export async function loadCommand({ name, file }: CommandFile): Promise<CommandClass> {
  const loaded = ((await import(pathToFileURL(file).href)) as { default?: CommandClass }).default;
  if (typeof loaded?.run !== 'function') throw new Error(`${file} exports no command by default`);
  loaded.id = name.replaceAll(' ', ':');
  return loaded;
}

/** A command with what its class says of how it is built. Throws Refusal where it does not say it. */
export async function readCommand(command: CommandFile): Promise<BuiltCommand> {
  return { ...command, ...buildFactsOf(`src/commands/${command.name.replaceAll(' ', '/')}.ts`, await loadCommand(command)) };
}

/** The bundle and the warm run that a class declares; `file` is what to call it. Throws Refusal where it declares none, or a bundle that is not there. */
export function buildFactsOf(file: string, declared: object): { readonly bundle: BundleName; readonly warm: WarmRun } {
  const { bundle, warm } = declared as { readonly bundle?: unknown; readonly warm?: unknown };
  const known = BUNDLES.find((each) => each === bundle);
  const choices = `${BUNDLES.slice(0, -1).join(', ')} or ${String(BUNDLES.at(-1))} (docs/build.md)`;
  if (bundle === undefined) throw new Refusal(`${file} does not say which bundle it is built into: declare \`static override readonly bundle\` as ${choices}`);
  if (known === undefined) throw new Refusal(`${file} wants to be built into "${String(bundle)}", and there is no such bundle: it is ${choices}`);
  if (warm !== 'not run' && !isWords(warm)) throw new Refusal(`${file} does not say how it is run while it is built: declare \`static override readonly warm\` as its arguments, or 'not run' (docs/build.md)`);
  return { bundle: known, warm };
}

function isWords(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === 'string');
}

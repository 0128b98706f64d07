import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from '@oclif/core';

/** A command of the tool: its name as it is typed, and its file. */
export interface CommandFile {
  readonly name: string;
  readonly file: string;
}

export type CommandClass = Command.Class;

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

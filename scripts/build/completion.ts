import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@oclif/core';
import { GLOBAL_OPTIONS } from '../../src/cli/argv.js';
import { COMPLETE, type CommandFacts, type CompletionFacts, type FlagFacts } from '../../src/cli/completion/facts.js';
import { SCRIPTS } from '../../src/cli/completion/scripts.js';
import { SHELLS } from '../../src/cli/completion/shells.js';
import { VALUE_LISTS } from '../../src/cli/completion/words.js';
import type { WarmRun } from '../../src/cli/build-facts.js';
import type { Flag } from '../manual/page.js';
import type { Manifest } from './manifest.js';


/** What completion looks up, built like a command: with names of the stub of etcd. */
export const LOOK_UPS = { name: COMPLETE, file: '', bundle: COMPLETE, warm: ['zsh', '--', 'calicoctl', 'get', 'policy', ''] satisfies WarmRun } as const;

/** Writes the script of each shell, and `completion.json`, of which `complete.ts` answers what they ask. */
export function writeCompletion(folder: string, manifest: Manifest, topics: Readonly<Record<string, { readonly description: string }>>): void {
  writeFileSync(join(folder, 'completion.json'), JSON.stringify(completionFacts(manifest, topics)));
  mkdirSync(join(folder, 'completion'));
  for (const shell of SHELLS) writeFileSync(join(folder, `completion/calicoctl.${shell}`), SCRIPTS[shell]);
}

/** What completion knows of the commands: out of their flags, arguments and the words that stand for values in their help. */
function completionFacts({ commands }: Manifest, topics: Readonly<Record<string, { readonly description: string }>>): CompletionFacts {
  const all = Object.values(commands);
  const named = all.flatMap((command) => [command.id, ...command.aliases].map((name) => [name.replaceAll(':', ' '), commandFacts(command)] as const));
  const visible = all.flatMap(({ flags }) => Object.values(flags) as Flag[]).filter(({ hidden }) => hidden !== true);
  const globals = GLOBAL_OPTIONS.flatMap(({ name }) => visible.find((flag) => flag.name === name) ?? []).map(flagFacts);
  return {
    commands: Object.fromEntries(named),
    topics: Object.fromEntries(Object.entries(topics).map(([name, { description }]) => [name.replaceAll(':', ' '), description])),
    globals: [...globals, ...SWITCHES],
    lists: VALUE_LISTS,
  };
}

/** oclif's switches, of which its manifest says nothing. */
const SWITCHES: readonly FlagFacts[] = [{ name: 'help', char: 'h', about: 'show help' }, { name: 'version', char: 'v', about: 'show the version' }];

function commandFacts({ summary = '', flags, args, strict, usage = [] }: Command.Cached): CommandFacts {
  const shown = [usage].flat().join(' ');
  return {
    about: summary,
    flags: Object.values(flags).map((flag) => flagFacts(flag as Flag)),
    args: Object.values(args).map(({ name, options }) => options?.join('|') ?? (shown.includes(`${name.toUpperCase()}[.PATH]`) ? 'FIELD' : name.toUpperCase())),
    ...(strict === false && { more: true }),
  };
}

function flagFacts({ name, char, aliases = [], charAliases = [], type, options, helpValue = '', exclusive = [], hidden, description = '', ...flag }: Flag): FlagFacts {
  const others = [...new Set<string>([...aliases, ...charAliases])];
  return {
    name,
    ...(char !== undefined && { char }),
    ...(others.length > 0 && { aliases: others }),
    ...(type === 'option' && { value: options?.join('|') ?? String(helpValue) }),
    ...((flag as { readonly multiple?: boolean }).multiple === true && { repeatable: true }),
    ...(exclusive.length > 0 && { excludes: exclusive }),
    ...(hidden === true && { hidden: true }),
    ...(description !== '' && { about: inShort(description) }),
  };
}


const LONGEST = 60;

/** The beginning of a description: what fits beside the word in a list of a shell. */
function inShort(description: string): string {
  const [first = ''] = description.split(/[;[(]|: /);
  const text = first.trim();
  return text.length <= LONGEST ? text : `${text.slice(0, text.lastIndexOf(' ', LONGEST))} ...`;
}

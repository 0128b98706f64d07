import { shellWord } from '../../text/shell-word.js';

/** The word that makes the executable of calicoctl a plugin, the one that the next word names. */
export const PLUGIN_WORD = '__cni';

/** What starts a plugin: words for the operating system, and the files among them without which it does not start. */
export interface LaunchedProgram {
  readonly words: readonly string[];
  readonly files: readonly string[];
}

/**
 * The file that a container runtime calls as a plugin: a shell's, with absolute paths, since a runtime has a PATH of its own. Where the
 * program is gone it says so as a plugin does (reference/network-plugin 31.1).
 */
export function launcherText(plugin: string, { words, files }: LaunchedProgram, version: string): string {
  return [
    '#!/bin/sh',
    `# The network plugin ${plugin}, installed by calicoctl ${version}.`,
    '# "calicoctl node install-cni" makes this file, anew where that is needed; with --remove it takes it away.',
    ...files.map((file) => `[ -r ${shellWord(file)} ] || { printf '%s\\n' ${shellWord(JSON.stringify({ code: 999, msg: `${file} is gone; run on this host: calicoctl node install-cni` }))}; exit 1; }`),
    `exec ${[...words, plugin].map(shellWord).join(' ')} "$@"`,
    '',
  ].join('\n');
}

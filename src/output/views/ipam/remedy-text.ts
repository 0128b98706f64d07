import type { Finding } from '../../../ipam/check/finding.js';
import type { Remedy } from '../../../ipam/check/remedy.js';
import { shellWord } from '../../../text/shell-word.js';

/** The commands that repair something, in the order in which they are to be run; `chosen` are further words that choose the cluster. */
export function commandsText(remedy: readonly Remedy[], chosen: readonly string[]): string {
  return remedy.map((each) => commandText(each, chosen)).join(' && ');
}

/** A command as it is typed into a shell. */
function commandText({ verb, options, force }: Remedy, chosen: readonly string[]): string {
  return ['calicoctl', 'ipam', verb, ...options.map(([name, value]) => `--${name}=${shellWord(value)}`), ...(force === true ? ['--force'] : []), ...chosen].join(' ');
}

/** A finding as data: `remedy` is the command or null, and then `advice` says what to do. */
export function findingData({ remedy, ...rest }: Finding, chosen: readonly string[] = []): object {
  return typeof remedy === 'string' ? { ...rest, remedy: null, advice: remedy } : { ...rest, remedy: commandsText(remedy, chosen) };
}

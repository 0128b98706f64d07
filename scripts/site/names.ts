import { commandNames, type Manifest } from '../build/manifest.js';
import { manualName } from '../manual/manual-page.js';
import { CLASSIC_KINDS, STORED_KINDS } from '../../src/resources/registry.js';
import { kindPath } from './kind-pages.js';
import { manualPath } from './manual-pages.js';

/** Pages in which commands and kinds are named without more. */
const LISTS = { commands: 'docs/commands.md', kinds: 'docs/kinds.md' };

/** What finds the page of what a piece of code names: `calicoctl ipam show --ip`; in the lists also `ipam show` or `IPPool`. */
export function namesOf(manifest: Manifest): (code: string, file: string) => string | undefined {
  const commands = commandNames(manifest);
  const kinds = new Map([...CLASSIC_KINDS, ...STORED_KINDS].map((kind) => [kind.kind, kindPath(kind)]));
  return (code, file) => {
    if (file === LISTS.kinds && kinds.has(code)) return kinds.get(code);
    const [, line] = (file === LISTS.commands ? /^(?:calicoctl )?([a-z].*)$/ : /^calicoctl ([a-z].*)$/).exec(code) ?? [];
    const words = line?.split(/[ |]/) ?? [];
    const called = words.map((_, at) => words.slice(0, words.length - at).join(' ')).find((name) => Object.hasOwn(commands, name));
    return called === undefined ? undefined : manualPath({ name: manualName(commands[called] as string), section: 1 });
  };
}

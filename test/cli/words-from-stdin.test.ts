import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ROOT } from '../../scripts/support/calicoctl.js';

const COMMANDS = join(ROOT, 'src/commands');

interface CommandClass {
  readonly args?: Readonly<Record<string, { readonly ignoreStdin?: boolean }>>;
}

describe('words of the command line', () => {
  it('are never taken from stdin: in a loop over lines of a file they would be eaten', async () => {
    const files = readdirSync(COMMANDS, { recursive: true }).map(String).filter((file) => file.endsWith('.ts'));
    const args = await Promise.all(files.map(async (file) => {
      const { default: command } = (await import(pathToFileURL(join(COMMANDS, file)).href)) as { readonly default: CommandClass };
      return Object.entries(command.args ?? {}).map(([name, { ignoreStdin }]) => ({ word: `${file} ${name}`, ignoreStdin }));
    }));
    expect(args.flat().length).to.be.greaterThan(20);
    expect(args.flat().filter(({ ignoreStdin }) => ignoreStdin !== true).map(({ word }) => word)).to.deep.equal([]);
  });
});

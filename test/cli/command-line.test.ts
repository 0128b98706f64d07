import { expect } from 'chai';
import { Flags, Parser } from '@oclif/core';
import { describe, it } from 'mocha';
import { inOurWords } from '../../src/cli/command-line.js';

const FLAGS = { count: Flags.integer({ min: 1, max: 65_536 }), namespace: Flags.string({ char: 'n' }), n: Flags.string(), file: Flags.string() };

describe("oclif's errors in our words", () => {
  const cases: readonly (readonly [argv: readonly string[], message: string])[] = [
    [['--count', '0'], '--count: expected a whole number of at least 1, found "0"'],
    [['--count', '65537'], '--count: expected a whole number of at most 65536, found "65537"'],
    [['--count', 'many'], '--count: expected a whole number, found "many"'],
    [['--count', 'a\nb'], '--count: expected a whole number, found "a\\nb"'],
    [['--n', 'a', '--n', 'b'], 'Flag -n can only be specified once'],
    [['--file', 'a', '--file', 'b'], 'Flag --file can only be specified once'],
  ];
  for (const [argv, message] of cases) {
    it(argv.join(' ').replace('\n', ' '), async () => {
      const error = await Parser.parse([...argv], { flags: FLAGS, strict: true }).then(() => undefined, (reason: unknown) => inOurWords(reason));
      expect((error as Error).message).to.equal(message);
    });
  }
});

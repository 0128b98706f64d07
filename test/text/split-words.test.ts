import { expect } from 'chai';
import { splitWords } from '../../src/text/split-words.js';

describe('the words of a command', () => {
  const CASES: readonly (readonly [text: string, words: readonly string[] | undefined])[] = [
    ['vim', ['vim']],
    ['  code --wait\t-n ', ['code', '--wait', '-n']],
    [`sed -i 's/a b/c "d"/'`, ['sed', '-i', 's/a b/c "d"/']],
    [`"/opt/my editor/ed" -x"y z"'w'`, ['/opt/my editor/ed', '-xy zw']],
    ['a\\ b \\"c', ['a b', '"c']],
    ['"a \\" \\n $x"', ['a " \\n $x']],
    [`'a\\b' ''`, ['a\\b', '']],
    ['$HOME/ed `x` *.c ~ ; rm | y', ['$HOME/ed', '`x`', '*.c', '~', ';', 'rm', '|', 'y']],
    ['', []],
    ['a "b', undefined],
    [`it's`, undefined],
    ['a \\', undefined],
  ];
  for (const [text, words] of CASES) it(`of ${JSON.stringify(text)}`, () => expect(splitWords(text)).to.deep.equal(words));
});

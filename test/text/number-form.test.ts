import { expect } from 'chai';
import { describe, it } from 'mocha';
import { isPlainWhole, numberFormProblem } from '../../src/text/number-form.js';

describe('numbers of the command line', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['1e9', '1e9 has an exponent: write 1000000000'],
    ['1E3', '1E3 has an exponent: write 1000'],
    ['1e400', '1e400 has an exponent'],
    ['+5', '+5 has a sign: write 5'],
    ['+05', '+05 has a sign: write 5'],
    ['010', '010 has a leading zero, which some read as octal: write 10'],
    ['-01', '-01 has a leading zero, which some read as octal: write -1'],
    ['.5', '.5 has no digit on one side of its dot: write 0.5'],
    ['5.', '5. has no digit on one side of its dot: write 5'],
    ['01.10', '01.10 has a leading zero, which some read as octal: write 1.10'],
  ];
  for (const [text, problem] of refused) it(`${text} is refused`, () => expect(numberFormProblem(text)).to.equal(problem));

  for (const text of ['0', '5', '-1', '10', '1.10', '0.5', '4294967296', '0x10', 'ten', '', '1.2.3', 'tcp:010']) {
    it(`${JSON.stringify(text)} is left to those who know what it means`, () => expect(numberFormProblem(text)).to.equal(undefined));
  }

  it('whole ones are digits alone', () => {
    expect(['0', '7', '10'].filter(isPlainWhole)).to.deep.equal(['0', '7', '10']);
    expect(['', '00', '07', '+7', '-7', '7.0', '7 '].filter(isPlainWhole)).to.deep.equal([]);
  });
});

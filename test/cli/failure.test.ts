import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { failureReport, sourceStack } from '../../src/programs/calicoctl/failure.js';
import { ROOT } from '../../scripts/support/calicoctl.js';

/** It stands in one place of the sources. */
const SENTENCE = 'write for example: get node, or get -f FILE';

function placeOf(text: string, sentence: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(sentence)).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

describe('a bug of the tool', () => {
  it('is told with a stack that points into the sources', () => {
    const folder = `${ROOT}dist`;
    const expected = `src/commands/get.ts:${placeOf(readFileSync(`${ROOT}src/commands/get.ts`, 'utf8'), SENTENCE).line}`;
    const bundles = readdirSync(folder).filter((name) => /^calicoctl.*\.js$/.test(name) && readFileSync(`${folder}/${name}`, 'utf8').includes(SENTENCE));
    const places = bundles.flatMap((name) => {
      const { line, column } = placeOf(readFileSync(`${folder}/${name}`, 'utf8'), SENTENCE);
      return /[^ (]+:\d+(?=:\d+\)$)/.exec(sourceStack(`    at run (${folder}/${name}:${line}:${column})`, folder)) ?? [];
    });
    expect(places).to.include(expected);
  });

  it('keeps places that no map knows', () => {
    expect(sourceStack('    at run (/nowhere/else.js:1:2)', `${ROOT}dist`)).to.equal('    at run (/nowhere/else.js:1:2)');
  });

  it('is asked to be reported, and ends with 1', () => {
    const error = new Error('unthinkable');
    error.stack = 'Error: unthinkable\n    at think (/nowhere/else.js:1:2)';
    expect(failureReport(error, `${ROOT}dist`)).to.deep.equal({ text: 'this is a bug of calicoctl, please report it with these lines:\nError: unthinkable\n    at think (/nowhere/else.js:1:2)\n', exitCode: 1 });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Manifest } from '../../scripts/build/manifest.js';
import { ROOT } from '../../scripts/support/calicoctl.js';
import { unexpectedWords } from '../../src/cli/unexpected-words.js';
import type { KnownFlags } from '../../src/cli/value-words.js';
import { expectRecorded } from '../support/recorded.js';

const { commands } = JSON.parse(readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8')) as Manifest;
/** What people write where a flag is wanted. */
const WORDS = ['policy.yaml', 'tenant/', '-', '10.0.0.1', 'fd00::1', '10.0.0.0/26', 'web', '100', '30s', 'json', 'https://etcd1:2379'];

function told(words: readonly string[], flags: KnownFlags, args: readonly string[] = []): string {
  const { message, hint } = unexpectedWords(words, { command: 'ipam try', args, flags, instead: () => undefined });
  return `${message}: ${String(hint)}`;
}

describe('what to write for a word that a command has no place for', () => {
  it('for every command', () => {
    const lines = Object.values(commands).filter(({ strict }) => strict !== false).flatMap(({ id, flags, args }) => {
      const called = { command: id.replaceAll(':', ' '), args: Object.keys(args), flags: flags as unknown as KnownFlags, instead: () => undefined };
      const hints = WORDS.flatMap((word) => {
        const hint = String(unexpectedWords([word], called).hint);
        return hint.startsWith('leave out') ? [] : [`  ${word}: ${hint}`];
      });
      return [unexpectedWords(['WORD'], called).message, ...hints];
    });
    expectRecorded(`${lines.join('\n')}\n`, 'unexpected-words.txt');
  });

  const text = { type: 'option' } as const;
  for (const [what, words, flags, expected] of [
    ['nothing fits', ['web', 'shop'], { all: { type: 'boolean' } }, 'leave out web shop; calicoctl ipam try --help shows what it takes'],
    ['the flag is hidden', ['a.yaml'], { file: { ...text, helpValue: 'FILE', hidden: true } }, 'leave out a.yaml; calicoctl ipam try --help shows what it takes'],
    ['the flag is common', ['prod.cfg'], { config: { ...text, helpValue: 'FILE', helpGroup: 'DATASTORE' } }, 'leave out prod.cfg; calicoctl ipam try --help shows what it takes'],
    ['it is a choice of a common flag', ['v3'], { dialect: { ...text, options: ['v1', 'v3'], helpGroup: 'GLOBAL' } }, 'write --dialect v3'],
    ['two flags take such words', ['a', 'b'], { from: { ...text, helpValue: 'END' }, to: { ...text, helpValue: 'END' } }, 'write --from a --to b'],
    ['it may be either', ['web'], { handle: { ...text, helpValue: 'HANDLE' }, node: { ...text, helpValue: 'NODE' } }, 'write --handle web, or --node web'],
    ['one of them is needed', ['web'], { handle: { ...text, helpValue: 'HANDLE' }, node: { ...text, helpValue: 'NODE', required: true } }, 'write --node web'],
    ['a file that is needed is called anything', ['data'], { filename: { ...text, char: 'f', helpValue: 'FILE', required: true } }, 'write -f data'],
    ['a flag is given once', ['10.0.0.1', '10.0.0.2'], { ip: { ...text, helpValue: 'IP' } }, 'write --ip 10.0.0.1 alone: --ip can be given only once'],
    ['a flag is given often', ['10.0.0.1', '10.0.0.2'], { ip: { ...text, helpValue: 'IP', multiple: true } }, 'write --ip 10.0.0.1 --ip 10.0.0.2'],
    ['it is the name of a flag', ['node', 'a b', 'all'], { node: { ...text, helpValue: 'NODE' }, all: { type: 'boolean' } }, "write --node 'a b' --all"],
    ['it is the name of a flag alone', ['node'], { node: { ...text, helpValue: 'NODE' } }, 'write --node NODE'],
  ] as const) {
    it(`where ${what}`, () => expect(told(words, flags)).to.equal(`ipam try takes no arguments, but was given ${words.join(', ')}: ${expected}`));
  }

  it('names the arguments that there are', () => {
    expect(told(['c'], {}, ['from', 'to'])).to.equal('ipam try takes FROM and TO, but was also given c: leave out c; calicoctl ipam try --help shows what it takes');
  });
});

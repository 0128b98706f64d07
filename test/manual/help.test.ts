import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@oclif/core';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Manifest } from '../../scripts/build/manifest.js';
import { Refusal } from '../../scripts/build/refusal.js';
import { helpText } from '../../scripts/manual/help-text.js';
import { pageOf, placeholders } from '../../scripts/manual/page.js';
import { ROOT } from '../../scripts/support/calicoctl.js';
import { readCommandLine } from '../../src/cli/argv.js';
import { HELP_WIDTHS } from '../../src/programs/calicoctl/help-width.js';
import { expectRecorded } from '../support/recorded.js';
import { unknownFlags } from '../support/unknown-flags.js';

const { commands } = JSON.parse(readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8')) as Manifest;
const names = Object.keys(commands).map((id) => id.replaceAll(':', ' '));
const texts = HELP_WIDTHS.map((width) => JSON.parse(readFileSync(join(ROOT, `dist/help-${width}.json`), 'utf8')) as Record<string, string>);

/** The words of a help text, wherever its lines break. */
const wordsOf = (text: string): string => text.replaceAll(/ \\\n/g, ' ').split(/\s+/).join(' ');

describe('help texts', () => {
  it('there is one for every command, at every width', () => {
    for (const each of texts) expect(Object.keys(each)).to.include.members(['', ...names]);
  });

  for (const topic of Object.keys(texts[0] ?? {})) {
    it(`of ${topic === '' ? 'calicoctl' : topic}: nothing torn, the same words at every width, each what is recorded`, () => {
      const [narrow = '', ...wider] = texts.map((each) => each[topic] ?? '');
      for (const text of wider) expect(wordsOf(text)).to.equal(wordsOf(narrow));
      [narrow, ...wider].forEach((text, at) => expect(text.split('\n').filter((line) => line.length > (HELP_WIDTHS[at] as number) || line.endsWith(' '))).to.deep.equal([]));
      expect(narrow).not.to.match(/<(?:value|option)/);
      const summary = (wordsOf(narrow).split(' USAGE ')[0] as string);
      expect(wordsOf(narrow).split(summary), 'the summary is said once').to.have.lengthOf(2);
      expectRecorded([narrow, ...wider].join('~~~ wide ~~~\n'), `help/${topic === '' ? 'calicoctl' : topic.replaceAll(' ', '-')}.txt`);
    });
  }
});

describe('what commands say of how they are called', () => {
  for (const command of Object.values(commands)) {
    const page = pageOf(command);

    it(`${page.command}: usage and examples have only flags that there are`, () => {
      expect(page.examples.length, 'an example').to.be.greaterThan(0);
      for (const usage of page.usage) {
        expect(usage.split(' ').slice(0, page.command.split(' ').length).join(' ')).to.equal(page.command);
        expect(unknownFlags(usage.split(/[\s[\]|]+/), command.flags), usage).to.deep.equal([]);
      }
      expect(placeholders(page.usage).filter((word) => !page.args.some(({ term }) => term === word)), 'words that no one explains').to.deep.equal([]);
      for (const line of page.examples.flatMap(callsIn)) {
        const read = readCommandLine(line, names);
        if (read.kind !== 'run') throw new Error(`calicoctl ${line.join(' ')} is no call of a command`);
        expect(unknownFlags(read.args, commands[read.command.replaceAll(' ', ':')]?.flags ?? {}), line.join(' ')).to.deep.equal([]);
      }
    });
  }
});

describe('the page of a command', () => {
  const flag = (name: string, rest: object): Command.Flag.Cached => ({ name, type: 'option', ...rest }) as unknown as Command.Flag.Cached;
  const command = (flags: Record<string, Command.Flag.Cached>, rest: object = {}): Command.Cached => ({ id: 'ipam:try', summary: 'Try.', description: '', args: {}, flags, ...rest }) as unknown as Command.Cached;

  it('needs a word for every value', () => {
    expect(() => pageOf(command({ to: flag('to', {}) }))).to.throw(Refusal, 'ipam try: --to does not say what its value is called: declare helpValue, such as FILE');
  });

  it('has what the usage names first, what is common last, and hides what is hidden', () => {
    const flags = {
      all: flag('all', { type: 'boolean' }), zone: flag('zone', { helpValue: 'ZONE', required: true, multiple: true, description: 'a zone' }), old: flag('old', { hidden: true }),
      timeout: flag('timeout', { helpValue: 'DURATION', helpGroup: 'DATASTORE', default: '10s', description: 'how long' }), kind: flag('kind', { helpGroup: 'EXTRA', options: ['a', 'b'] }),
      level: flag('level', { char: 'l', helpGroup: 'GLOBAL', helpValue: 'LEVEL', options: ['low', 'high', 'none'], description: 'how much' }),
    };
    expect(pageOf(command(flags, { description: 'One.\n\nTwo.\n\nKINDS\nOf v1.\nOf v3.' }))).to.deep.include({
      usage: ['ipam try --zone ZONE [flags]'],
      description: ['One.', 'Two.'],
      flags: [{ title: 'FLAGS', rows: [{ term: '--zone ZONE', text: 'a zone; may be given several times' }, { term: '--all', text: '' }] }, { title: 'EXTRA FLAGS', rows: [{ term: '--kind a|b', text: '' }] }],
      lists: [{ title: 'KINDS', paragraphs: ['Of v1.', 'Of v3.'] }],
      commonFlags: [
        { title: 'DATASTORE FLAGS', rows: [{ term: '--timeout DURATION', text: 'how long [default: 10s]' }] },
        { title: 'GLOBAL FLAGS', rows: [{ term: '-l, --level LEVEL', text: 'how much: low, high or none' }, { term: '-h, --help', text: 'show the help text' }] },
      ],
    });
  });

  it('breaks a long example where a shell goes on, and nothing in quotes', () => {
    const example = "<%= config.bin %> ipam try 'a word of several' --zone one --all | sort > list\n<%= config.bin %> ipam try";
    expect(helpText(pageOf(command({}, { examples: [example] })), 40)).to.include(["EXAMPLES", "  $ calicoctl ipam try \\", "      'a word of several' --zone one \\", '      --all | sort > list', '  $ calicoctl ipam try', ''].join('\n'));
  });
});

/** The calls of calicoctl in an example, as words without their quotes; of one within a word of another, only the outer. */
function callsIn(example: string): readonly (readonly string[])[] {
  const plain = example.replaceAll(/\$\(calicoctl [^)]*\)/g, 'WORD');
  return [...plain.matchAll(/calicoctl ((?:'[^']*'|"[^"]*"|[^'"|;&>\n])*)/g)].map(([, words = '']) => (words.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? []).map((word) => word.replaceAll(/['"]/g, '')));
}

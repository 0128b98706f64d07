import { expect } from 'chai';
import { Args, Flags, Parser } from '@oclif/core';
import { describe, it } from 'mocha';
import { InvalidRequest } from '../../src/base/errors.js';
import { parseProblem } from '../../src/cli/parse-problems.js';
import type { KnownFlags } from '../../src/cli/value-words.js';

const FLAGS = {
  count: Flags.integer({ min: 1, max: 65_536, helpValue: 'NUMBER' }),
  namespace: Flags.string({ char: 'n', helpValue: 'NAMESPACE' }),
  n: Flags.string({ char: 'm', helpValue: 'NAME' }),
  file: Flags.string({ helpValue: 'FILE', exclusive: ['all', 'count'] }),
  all: Flags.boolean({ exclusive: ['file'] }),
  output: Flags.string({ options: ['json', 'yaml', 'tap'] }),
  old: Flags.string({ hidden: true }),
};
const NEEDED = { node: Flags.string({ helpValue: 'NODE', required: true, description: 'node that gets them' }), ip: Flags.string({ helpValue: 'IP', required: true }), ...FLAGS };
const NAMED = { name: Args.string({ required: true }), value: Args.string({ required: true, description: 'the new value' }) };

async function told(argv: readonly string[], { flags = FLAGS, args = {}, examples = [] as readonly unknown[] } = {}): Promise<string> {
  const called = { command: 'ipam try', args: Object.keys(args), flags: flags as unknown as KnownFlags, examples, instead: () => undefined };
  const problem = await Parser.parse([...argv], { flags, args, strict: true }).then(() => undefined, (reason: unknown) => parseProblem(reason, called));
  expect(problem).to.be.instanceOf(InvalidRequest);
  const { message, hint } = problem as InvalidRequest;
  return hint === undefined ? message : `${message} (${String(hint)})`;
}

describe("oclif's errors in our words", () => {
  const cases: readonly (readonly [argv: readonly string[], message: string])[] = [
    [['--count', '0'], '--count: expected a whole number of at least 1, found "0"'],
    [['--count', '65537'], '--count: expected a whole number of at most 65536, found "65537"'],
    [['--count', 'many'], '--count: expected a whole number, found "many"'],
    [['--count', 'a\nb'], '--count: expected a whole number, found "a\\nb"'],
    [['--n', 'a', '--n', 'b'], '-n can be given only once (leave out all but one -n)'],
    [['--file', 'a', '--file', 'b'], '--file can be given only once (leave out all but one --file)'],
    [['--file'], '--file needs a value (write --file FILE)'],
    [['--output'], '--output needs a value (write --output json|yaml|tap)'],
    [['--output', 'a\nb'], '--output: expected json, yaml or tap, found "a\\nb"'],
    [['--file', 'a', '--all'], '--all and --file cannot be given together (leave out one of the two)'],
    [['--file', 'a\n--x cannot also be provided', '--count', '3', '--all'], '--all and --file cannot be given together (leave out one of the two)'],
    [['--cuont', '3'], 'ipam try has no flag --cuont (did you mean --count?)'],
    [['--cuont=3', '--al'], 'ipam try has no flag --cuont, --al (did you mean --count --all?)'],
    [['--cuont=3', '--frobnicate'], 'ipam try has no flag --cuont, --frobnicate (calicoctl ipam try --help shows what it takes)'],
    [['--olt', 'x'], 'ipam try has no flag --olt (calicoctl ipam try --help shows what it takes)'],
    [['-x'], 'ipam try has no flag -x (calicoctl ipam try --help shows what it takes)'],
    [['web'], 'ipam try takes no arguments, but was given web (leave out web; calicoctl ipam try --help shows what it takes)'],
  ];
  for (const [argv, message] of cases) {
    it(argv.join(' ').replaceAll('\n', ' '), async () => expect(await told(argv)).to.equal(message));
  }

  it('says all that a command needs, with an example where there is one', async () => {
    const examples = ['<%= config.bin %> ipam try --node n\n<%= config.bin %> get node'];
    expect(await told([], { flags: NEEDED, examples })).to.equal('--ip is missing\n--node is missing: node that gets them (write for example: ipam try --node n)');
    expect(await told(['--node', 'n'], { flags: NEEDED })).to.equal('--ip is missing (calicoctl ipam try --help shows what it takes)');
    expect(await told(['--ip', '1', '--all', '--file', 'x'], { flags: NEEDED, examples })).to.equal('--node is missing: node that gets them\n--all and --file cannot be given together (write for example: ipam try --node n)');
    expect(await told(['a'], { args: NAMED, examples })).to.equal('VALUE is missing: the new value (write for example: ipam try --node n)');
    expect(await told([], { args: NAMED, examples: ['cat x | <%= config.bin %> ipam try -'] })).to.equal('NAME is missing\nVALUE is missing: the new value (write for example: ipam try -)');
  });

  it('leaves what is no error of the parser', () => {
    const error = new InvalidRequest('Missing a thing');
    expect(parseProblem(error, { command: 'x', args: [], flags: {}, examples: [], instead: () => undefined })).to.equal(error);
  });
});

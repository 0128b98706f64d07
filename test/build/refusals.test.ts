import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { buildFactsOf, findCommands, readCommand } from '../../scripts/build/commands.js';
import { Refusal } from '../../scripts/build/refusal.js';
import { checkTopics } from '../../scripts/build/topics.js';
import { checkWarmRun } from '../../scripts/build/warm-runs.js';
import { BUNDLES } from '../../src/cli/build-facts.js';
import { ROOT } from '../../scripts/support/calicoctl.js';

const FILE = 'src/commands/get.ts';

describe('what the build refuses', () => {
  const commands = findCommands(join(ROOT, 'src/commands'));

  it('a command that says no bundle', () => {
    expect(() => buildFactsOf(FILE, { warm: [] })).to.throw(Refusal, 'src/commands/get.ts does not say which bundle it is built into: declare `static override readonly bundle` as offline, read, write, addresses, node, policy, lab or reference (docs/build.md)');
  });

  it('a bundle that is not there', () => {
    expect(() => buildFactsOf(FILE, { bundle: 'watch', warm: [] })).to.throw(Refusal, 'src/commands/get.ts wants to be built into "watch", and there is no such bundle');
  });

  for (const [what, warm] of [['no warm run', undefined], ['something else as a warm run', 'ipam show'], ['a warm run of numbers', [1]]] as const) {
    it(`a command that says ${what}`, () => {
      expect(() => buildFactsOf(FILE, { bundle: 'read', warm })).to.throw(Refusal, 'src/commands/get.ts does not say how it is run while it is built');
    });
  }

  for (const [what, warm, end, fault] of [
    ['stops at its command line', ['--wrong'], { code: 2, output: 'get has no flag --wrong\n' }, 'stopped at its command line, so that it is no use'],
    ['does not end', [], { code: null, output: '' }, 'did not end'],
    ['crashes', [], { code: 1, output: 'this is a bug of calicoctl, please report it with these lines:\n' }, 'crashed'],
    ['crashes although it should not begin', 'not run', { code: 1, output: 'this is a bug of calicoctl, please report it with these lines:\n' }, 'crashed'],
  ] as const) {
    it(`a warm run that ${what}`, () => {
      expect(() => checkWarmRun({ name: 'ipam show', warm }, end)).to.throw(Refusal, `the warm run of calicoctl ipam show (\`warm\` in src/commands/ipam/show.ts) ${fault}:\n${end.output}`);
    });
  }

  it('no warm run that works, or does what it can', () => {
    expect(() => checkWarmRun({ name: 'get', warm: [] }, { code: 0, output: '' })).not.to.throw();
    expect(() => checkWarmRun({ name: 'get', warm: [] }, { code: 5, output: 'there is none' })).not.to.throw();
    expect(() => checkWarmRun({ name: 'get', warm: 'not run' }, { code: 2, output: 'get has no flag --wrong' })).not.to.throw();
  });

  it('a folder of commands without a description', () => {
    expect(() => checkTopics(['datastore migrate lock'], { datastore: { description: 'The datastore.' } })).to.throw(Refusal, 'package.json: oclif.topics has no description of "datastore:migrate", which src/commands/datastore/migrate makes a topic');
    expect(() => checkTopics(['ipam show'], { ipam: {} })).to.throw(Refusal, 'has no description of "ipam"');
  });

  it('the description of a folder that is not there', () => {
    expect(() => checkTopics(['get'], { policy: { description: 'Questions about policies.' } })).to.throw(Refusal, 'package.json: oclif.topics describes "policy", and src/commands/policy has no command');
  });

  it('nothing of what there is; every bundle has a command', async () => {
    const { oclif } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { oclif: { topics: Record<string, { description: string }> } };
    checkTopics(commands.map(({ name }) => name), oclif.topics);
    const built = await Promise.all(commands.map(readCommand));
    expect(new Set(built.map(({ bundle }) => bundle))).to.deep.equal(new Set(BUNDLES));
  });
});

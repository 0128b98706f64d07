import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { installFiles } from '../../../src/agent/bgp/install.js';
import type { BirdFiles } from '../../../src/bgp/bird/files.js';
import type { ProgramEnd, RunProgram } from '../../../src/host/program.js';

describe("BIRD's files are put in place", () => {
  let folder: string;
  /** The commands that were run, with what the checked file and those beside it held. */
  let ran: { command: string; beside: Record<string, string> }[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'calico-bird-'));
    ran = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const filesOf = (main: string, others = 'o', isSecret = false): BirdFiles => ({ main: 'bird.cfg', isSecret, texts: new Map([['bird_aggr.cfg', others], ['bird.cfg', main]]) });
  const ends = (end: Partial<ProgramEnd> | Error): RunProgram => async (file, args) => {
    const checked = args.at(-1) as string;
    const stage = join(checked, '..');
    ran.push({ command: [file, ...args].join(' ').replace(stage, 'STAGE'), beside: Object.fromEntries(readdirSync(stage).map((name) => [name, readFileSync(join(stage, name), 'utf8')])) });
    if (end instanceof Error) throw end;
    return { code: 0, stdout: '', ...end, stderr: (end.stderr ?? '').replace('STAGE', stage) };
  };
  const there = (): Record<string, string> => Object.fromEntries(readdirSync(folder).sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

  it('all together, once BIRD accepts them where it can include them', async () => {
    const below = join(folder, 'not', 'yet');
    expect(await installFiles(below, filesOf('one'), 'bird', ends({}))).to.equal('installed');
    expect(ran).to.deep.equal([{ command: 'bird -p -c STAGE/bird.cfg', beside: { 'bird.cfg': 'one', 'bird_aggr.cfg': 'o' } }]);
    expect(readdirSync(below).sort()).to.deep.equal(['bird.cfg', 'bird_aggr.cfg']);
    expect(statSync(join(below, 'bird.cfg')).mode & 0o777).to.equal(0o644);
  });

  it('not again where they are so already', async () => {
    await installFiles(folder, filesOf('one'), 'bird', ends({}));
    expect([await installFiles(folder, filesOf('one'), 'bird', ends(new Error('not asked'))), await installFiles(folder, filesOf('one', 'other'), 'bird', ends({}))]).to.deep.equal(['unchanged', 'installed']);
    expect(there()).to.deep.equal({ 'bird.cfg': 'one', 'bird_aggr.cfg': 'other' });
  });

  it('none of them where BIRD refuses the main one, and its words are kept without the name of the stage', async () => {
    await installFiles(folder, filesOf('old'), 'bird', ends({}));
    const refusals = [{ code: 1, stderr: 'bird: STAGE/bird.cfg:3:7 syntax error\n' }, { code: 1 }, { code: null }, new Error('spawn bird ENOENT')];
    const outcomes = [];
    for (const refusal of refusals) outcomes.push(await installFiles(folder, filesOf('new', 'new'), 'bird', ends(refusal)));
    expect(outcomes).to.deep.equal([{ refused: 'bird: bird.cfg:3:7 syntax error' }, { refused: 'bird -p ended with code 1' }, { refused: 'bird -p ended with a signal' }, { refused: 'bird cannot be started to check it: spawn bird ENOENT' }]);
    expect(there()).to.deep.equal({ 'bird.cfg': 'old', 'bird_aggr.cfg': 'o' });
  });

  it('those with passwords for nobody else, also where others could read what was there', async () => {
    writeFileSync(join(folder, 'bird.cfg'), 'old', { mode: 0o644 });
    await installFiles(folder, filesOf('password', 'o', true), 'bird', ends({}));
    expect(['bird.cfg', 'bird_aggr.cfg'].map((name) => statSync(join(folder, name)).mode & 0o777)).to.deep.equal([0o600, 0o644]);
  });
});

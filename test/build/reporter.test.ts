import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { ROOT } from '../../scripts/support/calicoctl.js';

/** Files of tests by what is wrong with them. */
const FILES = {
  good: "describe('good', () => { it('passes', () => undefined); it('passes too', () => undefined); });",
  bad: "describe('bad', () => { it('passes', () => undefined); it('fails', () => { throw new Error('as it must'); }); });",
  hook: "describe('hook', () => { before(() => { throw new Error('no good start'); }); it('is never reached', () => undefined); });",
  unloadable: "throw new Error('cannot be loaded');",
  deadly: "describe('deadly', () => { it('ends its worker', () => process.exit(0)); });",
  only: "describe('only', () => { it.only('is run alone', () => undefined); });",
  skipped: "describe('skipped', () => { it.skip('is left out', () => undefined); });",
} as const;

describe('the report of the tests', () => {
  let folder: string;
  before(() => {
    // Inside the project, where mocha is found.
    folder = mkdtempSync(join(ROOT, 'node_modules/.cache/reporter-'));
    for (const name of ['reporter.cjs', 'worker.cjs']) cpSync(join(ROOT, 'test/support', name), join(folder, name));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, `${name}.cjs`), text);
  });
  after(() => rmSync(folder, { recursive: true }));

  function run(flags: readonly string[], ...files: (keyof typeof FILES)[]): { readonly status: number | null; readonly report: string; readonly counts: string | undefined } {
    const mocha = join(ROOT, 'node_modules/mocha/bin/mocha.js');
    const common = ['--no-config', '--no-package', '--forbid-only', '--forbid-pending', '--reporter', join(folder, 'reporter.cjs'), '--require', join(folder, 'worker.cjs')];
    const { status, stdout } = spawnSync(process.execPath, [mocha, ...common, ...flags, ...files.map((name) => join(folder, `${name}.cjs`))], { encoding: 'utf8', env: { ...process.env, NODE_V8_COVERAGE: '', MOCHA_WORKER_ID: undefined } });
    return { status, report: stdout, counts: stdout.split('\n').at(-2) };
  }

  for (const [how, flags] of [['one file after the other', []], ['in parallel', ['--parallel', '--jobs=2']]] as const) {
    it(`ends with the counts: ${how}`, () => {
      expect(run(flags, 'good', 'bad', 'hook')).to.deep.include({ status: 2, counts: '3 passed, 2 failed' });
      expect(run(flags, 'good', 'skipped')).to.deep.include({ status: 1, counts: '2 passed, 1 failed' });
    });
  }

  it('counts and names in parallel what never came to be a test', () => {
    const { status, report, counts } = run(['--parallel', '--jobs=2'], 'good', 'unloadable', 'deadly', 'only');
    expect({ status, counts }).to.deep.equal({ status: 3, counts: '2 passed, 3 failed' });
    for (const said of ['cannot be loaded', 'Workerpool Worker terminated Unexpectedly', '`.only` is not supported in parallel mode']) expect(report).to.include(said);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { ROOT, runProgram } from '../../scripts/support/calicoctl.js';
import { HELP_WIDTHS } from '../../src/programs/calicoctl/help-width.js';
import { BUNDLES } from '../../src/cli/build-facts.js';
import { makeNpmPackage } from '../../scripts/package/npm.js';
import { expectRecorded } from '../support/recorded.js';

/** What runs, and what its reader may want; nothing else. */
const PACKAGE = ['CHANGELOG.md', 'LICENSE', 'README.md', 'bin/agent.js', 'bin/calico', 'bin/calico-ipam', 'bin/cni.js', 'bin/package.json', 'bin/run.js', 'dist/agent.js', 'dist/calicoctl-cni.js', 'dist/cni.js', ...BUNDLES.map((name) => `dist/calicoctl-${name}.js`), ...HELP_WIDTHS.map((width) => `dist/help-${width}.json`), 'dist/calicoctl-__complete.js', 'dist/completion.json', 'dist/lab.js', 'dist/launch.js', 'dist/licences.txt', 'dist/man', 'dist/package.json', 'examples', 'package.json'].sort();

describe('the tour', function () {
  this.timeout(120_000);
  let prefix: string;
  before(() => {
    prefix = mkdtempSync(join(tmpdir(), 'calicoctl-prefix-'));
  });
  after(() => rmSync(prefix, { recursive: true }));

  /** Packs what is built and installs it, without a network, into an empty prefix; returns the program. */
  async function install(): Promise<string> {
    const archive = makeNpmPackage(ROOT, prefix);
    expect(statSync(archive).size).to.be.lessThan(6_000_000);
    const files = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trim().split('\n').map((path) => path.replace('package/', ''));
    expect([...new Set(files.map((path) => path.replace(/^(examples|dist\/man)\/.*/, '$1')))].sort()).to.deep.equal(PACKAGE);
    const { code, stderr } = await runProgram(['npm', 'install', '--global', '--offline', '--prefix', prefix, archive], { cwd: ROOT, env: { npm_config_cache: join(prefix, 'cache') } });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(readdirSync(join(prefix, 'share/man/man1'))).to.include.members(['calicoctl.1', 'calicoctl-ipam-show.1']);
    return join(prefix, 'bin/calicoctl');
  }

  it('by the installed npm package prints the same on every machine, to the line', async () => {
    const { code, stdout, stderr } = await runProgram([process.execPath, '--import', 'tsx', 'scripts/tour/index.ts', await install()], { cwd: ROOT });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expectRecorded(stdout.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://127.0.0.1:PORT'), 'tour.txt');
  });

  it('is what docs/tour.md shows, and parts of it what the README does', () => {
    const tour = readFileSync(join(ROOT, 'test/cases/tour.txt'), 'utf8').trimEnd();
    expect(readFileSync(join(ROOT, 'docs/tour.md'), 'utf8')).to.include(`\`\`\`console\n${tour}\n\`\`\`\n`);
    const samples = readFileSync(join(ROOT, 'README.md'), 'utf8').split('```console\n').slice(1).map((sample) => sample.slice(0, sample.indexOf('```\n')));
    const steps = samples.flatMap((sample) => sample.split(/^(?=\$ )/m)).map((step) => step.replace(/\n+$/, ''));
    expect(steps).to.have.length(5);
    for (const step of steps) expect(tour).to.include(`${step}\n`);
  });
});

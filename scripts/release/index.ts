import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseProblems } from './problems.js';

/**
 * `npm run release`: says what stands against a release of what is committed, all at once; where nothing does, checks the contracts and the
 * documentation, and makes what is delivered. It tags and uploads nothing (docs/releasing.md).
 */
const root = join(import.meta.dirname, '../..');
const CONTRACTS = 'test/cases/contracts';
/** What holds contracts and documentation. */
const TESTS = ['test/cli/contracts.test.ts', 'test/cli/tour.test.ts', 'test/docs*.test.ts', 'test/named-files.test.ts', 'test/reference.test.ts', 'test/build/release.test.ts'];

const git = (...words: string[]): string => execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const { version } = JSON.parse(read('package.json')) as { version: string };
const released = lines(git('tag', '--list', 'v*', '--sort=-version:refname')).map((tag) => tag.slice(1));
const files = readdirSync(join(root, CONTRACTS)).map((name) => `${CONTRACTS}/${name}`);
const problems = releaseProblems({
  version, released, today: new Date().toISOString().slice(0, 10),
  changed: lines(git('status', '--porcelain')).map((line) => line.slice(3)),
  changelog: read('CHANGELOG.md'),
  before: released[0] === undefined ? undefined : files.flatMap((file) => lines(contentAt(`v${released[0]!}`, file))),
  contracts: files.flatMap((file) => lines(read(file))),
});
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else {
  const npm = (...words: string[]): void => void execFileSync('npm', words, { cwd: root, stdio: 'inherit' });
  npm('run', 'pretest');
  npm('exec', '--', 'mocha', ...TESTS);
  npm('run', 'package');
  console.log(`${version} is ready, in packages/. What is left:\n  git tag -a v${version} -m 'calicoctl ${version}' && git push origin v${version}\n  npm publish packages/calicoctl-${version}.tgz`);
}

/** A file as it was in a release; nothing where it was not there. */
function contentAt(tag: string, file: string): string {
  try {
    return git('show', `${tag}:${file}`);
  } catch {
    return '';
  }
}

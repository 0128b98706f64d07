import { expect } from 'chai';
import { describe, it } from 'mocha';
import { releaseProblems, type Release } from '../../scripts/release/problems.js';

const TODAY = '2026-11-30';
const changelogOf = (version: string, { unreleased = '', body = '- Something.' } = {}): string => `# Changelog\n\n## [Unreleased]\n\n### Added\n\n${unreleased}\n\n## [${version}] - ${TODAY}\n\n${body}\n\n## [0.0.1] - 2020-01-01\n\n- Old.\n`;
const ready = (version: string, more: Partial<Release> = {}): Release => ({ version, today: TODAY, changed: [], changelog: changelogOf(version), released: [], before: undefined, contracts: ['get', 'get --all'], ...more });

describe('a release', () => {
  const table: readonly (readonly [what: string, release: Release, problems: readonly string[]])[] = [
    ['the first one', ready('0.1.0'), []],
    ['all that is wrong at once', ready('0.1.0', { changed: ['src/a.ts'], changelog: '## [0.0.1] - 2020-01-01\n', released: ['0.1.0'] }), [
      'src/a.ts is not committed', '0.1.0 was released: package.json needs a new version', 'CHANGELOG.md does not begin with "## [Unreleased]"', `CHANGELOG.md has no "## [0.1.0] - ${TODAY}" behind "Unreleased"`,
    ]],
    ['a version that is none', ready('1.0'), ['package.json: version "1.0" is not three numbers such as 1.4.0']],
    ['changes that nobody moved', ready('0.1.0', { changelog: changelogOf('0.1.0', { unreleased: '- More.' }) }), [`CHANGELOG.md: what is below "Unreleased" belongs below "## [0.1.0] - ${TODAY}"`]],
    ['a section without a word', ready('0.1.0', { changelog: changelogOf('0.1.0', { body: '### Added' }) }), ['CHANGELOG.md says nothing of 0.1.0']],
    ['mended only, as a patch', ready('1.2.4', { released: ['1.2.3'], before: ['get', 'get --all'] }), []],
    ['more flags, as a patch', ready('1.2.4', { released: ['1.2.3'], before: ['get'] }), ['1.2.4 after 1.2.3 is only a patch release, and it must be at least a minor one: the contracts have new lines: "get --all"']],
    ['more flags, as a minor release', ready('1.3.0', { released: ['1.2.3'], before: ['get'] }), []],
    ['a flag less, as a minor release', ready('1.3.0', { released: ['1.2.3'], before: ['get', 'get --all', 'get --old'] }), ['1.3.0 after 1.2.3 is only a minor release, and it must be at least a major one: these lines of the contracts are gone or different: "get --old"']],
    ['a flag less, as a major release', ready('2.0.0', { released: ['1.2.3'], before: ['get', 'get --old'] }), []],
    ['a flag less, before 1.0.0, as a minor release', ready('0.3.0', { released: ['0.2.0'], before: ['get', 'get --old'] }), []],
    ['a flag less, before 1.0.0, as a patch', ready('0.2.1', { released: ['0.2.0'], before: ['get', 'get --old'] }), ['0.2.1 after 0.2.0 is only a patch release, and it must be at least a minor one: these lines of the contracts are gone or different: "get --old"']],
    ['more flags, before 1.0.0, as a patch', ready('0.2.1', { released: ['0.2.0'], before: ['get'] }), []],
    ['an older version', ready('1.1.0', { released: ['1.2.0'], before: ['get'] }), ['1.1.0 is not newer than 1.2.0']],
  ];
  for (const [what, release, problems] of table) it(`with ${what}: ${problems.length === 0 ? 'can be made' : 'is refused'}`, () => {
    expect(releaseProblems(release)).to.deep.equal(problems);
  });
});

/** What is to be released, and what was before. */
export interface Release {
  /** Of package.json. */
  readonly version: string;
  /** Today, as 2026-11-30. */
  readonly today: string;
  /** Files that differ from the commit, as `git status --porcelain` lists them. */
  readonly changed: readonly string[];
  readonly changelog: string;
  /** Versions that have a tag, the newest first. */
  readonly released: readonly string[];
  /** Lines of the contracts (test/cases/contracts) in the last release; undefined where there was none. */
  readonly before: readonly string[] | undefined;
  readonly contracts: readonly string[];
}

const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;
type Numbers = readonly [major: number, minor: number, patch: number];
const STEPS = ['major', 'minor', 'patch'] as const;

/** Why this cannot be released, a sentence each; none where it can (docs/releasing.md). */
export function releaseProblems(release: Release): readonly string[] {
  const { version, changed, released } = release;
  const problems = changed.map((file) => `${file} is not committed`);
  const numbers = numbersOf(version);
  if (numbers === undefined) return [...problems, `package.json: version "${version}" is not three numbers such as 1.4.0`];
  if (released.includes(version)) problems.push(`${version} was released: package.json needs a new version`);
  return [...problems, ...changelogProblems(release), ...stepProblems(numbers, release)];
}

function changelogProblems({ changelog, version, today }: Release): readonly string[] {
  const sections = changelog.split(/^(?=## \[)/m).slice(1).map((text) => ({ heading: text.slice(0, text.indexOf('\n')), body: text.slice(text.indexOf('\n')).replace(/^### .*$/gm, '').trim() }));
  const [unreleased, newest] = sections;
  const problems: string[] = [];
  if (unreleased?.heading !== '## [Unreleased]') problems.push('CHANGELOG.md does not begin with "## [Unreleased]"');
  else if (unreleased.body !== '') problems.push(`CHANGELOG.md: what is below "Unreleased" belongs below "## [${version}] - ${today}"`);
  if (newest?.heading !== `## [${version}] - ${today}`) problems.push(`CHANGELOG.md has no "## [${version}] - ${today}" behind "Unreleased"`);
  else if (newest.body === '') problems.push(`CHANGELOG.md says nothing of ${version}`);
  return problems;
}

/** Whether the version says what it does to whoever relies on commands, flags, columns and fields. */
function stepProblems(numbers: Numbers, { version, released: [last], before, contracts }: Release): readonly string[] {
  const previous = last === undefined ? undefined : numbersOf(last);
  if (last === undefined || previous === undefined || before === undefined) return [];
  const gone = before.filter((line) => !contracts.includes(line));
  const added = contracts.filter((line) => !before.includes(line));
  // Before 1.0.0, the second number is what the first is later.
  const unstable = previous[0] === 0 && numbers[0] === 0 ? 1 : 0;
  const least = gone.length > 0 ? unstable : added.length > 0 ? Math.min(unstable + 1, 2) : 2;
  const step = numbers.findIndex((number, at) => number !== previous[at]);
  if (step < 0 || numbers[step]! < previous[step]!) return last === version ? [] : [`${version} is not newer than ${last}`];
  if (step <= least) return [];
  const why = gone.length > 0 ? `these lines of the contracts are gone or different: ${listed(gone)}` : `the contracts have new lines: ${listed(added)}`;
  return [`${version} after ${last} is only a ${STEPS[step]!} release, and it must be at least a ${STEPS[least]!} one: ${why}`];
}

function listed(lines: readonly string[]): string {
  return `${lines.slice(0, 5).map((line) => `"${line}"`).join(', ')}${lines.length > 5 ? ` and ${lines.length - 5} more` : ''}`;
}

function numbersOf(version: string): Numbers | undefined {
  const match = VERSION.exec(version);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

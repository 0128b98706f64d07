import type { Notify } from '../base/notice.js';
import type { InsightNotice } from '../insight/notices.js';
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { isMap } from '../base/data.js';
import { InvalidRequest, ListedError, ManifestError } from '../base/errors.js';
import { testsFile, type TestsFile } from '../insight/policy-tests/fields.js';
import { Covering, coverageOf } from '../insight/policy-tests/coverage.js';
import { Directory } from '../insight/directory.js';
import { runTests } from '../insight/policy-tests/run.js';
import { TestReader, type PolicyTest } from '../insight/policy-tests/question.js';
import { readFiles, type FileOptions } from '../manifest/files.js';
import { inDocumentOrder, locate, toDiagnostic, type ResourceLocation } from '../manifest/manifests.js';
import { readValue } from '../manifest/value.js';
import type { TestReport } from '../output/views/policy/tests/report.js';
import { profileId } from '../policy/ids.js';
import type { Model } from '../policy/model.js';
import type { Dialect, StoredObject } from '../resources/kind.js';
import { unknownFieldAdvice, vocabularyOf } from '../resources/hints/unknown-field.js';
import { Problems } from '../resources/problem.js';
import { defaultAllowProfile } from '../resources/v3/profile.js';
import { storedSelector } from '../resources/v1/names.js';
import { readWantedEnd, readWantedResource } from './wanted-end.js';

/** A file of tests, read and found right as far as its form goes. */
export interface ReadTests {
  readonly name: string;
  readonly written: TestsFile;
  readonly origin: ResourceLocation;
  /** The manifests that it names, as paths from here. */
  readonly manifests: readonly string[];
}

/** Reads the file of `policy test`. Throws ManifestError with all that is wrong with its form, ListedError where it cannot be read. */
export async function readTests(path: string, stdin: FileOptions['stdin']): Promise<ReadTests> {
  const { files: [file, ...more], failures, empty } = await readFiles([path], { stdin });
  if (failures.length > 0) throw new ListedError('failed', failures);
  if (file === undefined || more.length > 0 || empty !== undefined) throw new InvalidRequest(`-f ${path} is a directory`, 'name the file of tests; it lists manifests under manifests:, or name them with --manifests');
  const { value, origin } = readValue(file.name, file.bytes);
  const problems = new Problems();
  const written = testsFile.decode(value, [], { problems, coerce: true });
  const manifests = (written?.manifests ?? []).map((each) => pathFrom(path === '-' ? '.' : dirname(path), each));
  manifests.forEach((each, index) => existsSync(each) || problems.add('value', ['manifests', index], `${each} does not exist`, { hint: path === '-' ? 'paths are looked up from the current directory' : `paths are looked up from the folder of ${path}` }));
  if (written === undefined || problems.failed) throw wrong(origin, advised(problems, value));
  return { name: file.name, written, origin, manifests };
}

/** A path that stands in a file of a folder; never that of stdin. */
function pathFrom(folder: string, path: string): string {
  const found = isAbsolute(path) ? path : join(folder, path);
  return found === '-' ? './-' : found;
}

/**
 * Runs the tests in a network.
 * @param covers whether it is noted which rules the tests are about
 * @throws ManifestError with every name that nothing has, and everything else that makes a test say nothing
 */
export function testReport(file: ReadTests, model: Model, resources: readonly StoredObject[], dialect: Dialect, { covers, notify }: { readonly covers: boolean; readonly notify?: Notify<InsightNotice> }): TestReport {
  const tests = findTests(file, model, resources, dialect);
  const covering = covers ? new Covering(model) : undefined;
  const results = runTests(model, tests, { listener: covering?.listen, notify });
  const directory = new Directory(resources, dialect);
  const coverage = covering === undefined ? undefined : coverageOf(model, covering, (id) => directory.object(id) !== undefined && id !== ALLOW_ALL);
  const line = (index: number): number => locate(file.origin, ['tests', index]).line;
  return { file: file.name, results, line, directory, ...(coverage !== undefined && { coverage }) };
}

/** The profile that is everywhere, and that nobody wrote. */
const ALLOW_ALL = profileId(defaultAllowProfile.metadata.name);

function findTests({ written, origin }: ReadTests, model: Model, resources: readonly StoredObject[], dialect: Dialect): readonly PolicyTest[] {
  const problems = new Problems();
  const words = { end: (word: string) => readWantedEnd(word, dialect), resource: (word: string) => readWantedResource(word, dialect), selector: (text: string) => (dialect === 'v1' ? storedSelector(text) : text) };
  const reader = new TestReader(model, resources, dialect, words, problems);
  const tests = written.tests.map((test, index) => reader.read(test, index));
  if (problems.failed) throw wrong(origin, problems);
  return tests;
}

/** Says of unknown fields what to write instead. */
function advised({ list }: Problems, value: unknown): Problems {
  const language = { kind: 'policy test', fields: testsFile.fields, vocabulary: vocabularyOf([testsFile.fields]), other: undefined };
  const problems = new Problems();
  for (const problem of list) {
    const hint = problem.code === 'unknown-field' && problem.hint === undefined && isMap(value) ? unknownFieldAdvice(language, value, problem.path)?.text : problem.hint;
    problems.list.push({ ...problem, ...(hint !== undefined && { hint }) });
  }
  return problems;
}

function wrong(origin: ResourceLocation, problems: Problems): ManifestError {
  return new ManifestError(inDocumentOrder(problems.list.map((problem) => toDiagnostic({ origin, problem })), []));
}

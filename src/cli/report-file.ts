import { CalicoError } from '../base/errors.js';
import type { NamedReport } from '../ipam/operations/release-reports.js';
import { parseReport } from '../ipam/report/report.js';

/** Reads a report of `ipam check -o`. Throws CalicoError if it is not one. */
export async function readReport(path: string, read: (path: string) => Promise<Buffer>): Promise<NamedReport> {
  let text: string;
  try {
    text = (await read(path)).toString();
  } catch (error) {
    if (error instanceof CalicoError) throw error;
    throw new CalicoError('invalid-document', `the report ${path} cannot be read: ${(error as Error).message}`);
  }
  const report = parseReport(text);
  if ('problem' in report) throw new CalicoError('invalid-document', `${path} is not a report of \`ipam check -o\`: ${report.problem}`);
  return { name: path, report };
}

/** Writes a report for `ipam release --from-report` into a new file, in place of one that is there. Throws CalicoError. */
export async function writeReportFile(path: string, pieces: Iterable<string>): Promise<void> {
  const [{ writeNewFile }, { UnfitFileError }] = await Promise.all([import('../base/new-file.js'), import('../base/regular-file.js')]);
  try {
    await writeNewFile(path, gathered(pieces));
  } catch (error) {
    throw new CalicoError('failed', `the report cannot be written: ${error instanceof UnfitFileError ? `${path} ` : ''}${(error as Error).message}`);
  }
}

/** Pieces of text in portions worth a write. */
export function* gathered(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < 65_536) continue;
    yield text;
    text = '';
  }
  yield text;
}

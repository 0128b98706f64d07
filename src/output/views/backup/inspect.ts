import type { Inspection } from '../../../backup/inspect.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import { safe } from '../../../text/safe.js';
import type { CommandReport } from '../report.js';

/** What a backup is, as text or as JSON; one that is damaged is no good answer. */
export function inspectReport(found: Inspection, format: string | undefined): CommandReport {
  const { problem } = found;
  const stderr = problem === undefined ? [] : [safe(problem.message)];
  return { stdout: format === 'json' ? `${goJsonIndented(data(found))}\n` : text(found), stderr, meaning: problem === undefined ? 'done' : 'failed' };
}

function data({ header, end, bytes, keys, leased, notUtf8, kinds, problem }: Inspection): object {
  const { calicoctlBackup: form, made, madeBy, revision, prefix, cluster } = header;
  return {
    form, made, madeBy, revision, prefix,
    cluster: cluster ?? null,
    bytes, keys, leased, notUtf8,
    kinds: Object.fromEntries(kinds),
    sha256: end?.sha256 ?? null,
    whole: problem === undefined,
    problem: problem?.message ?? null,
  };
}

function text({ header, end, bytes, keys, leased, notUtf8, kinds, problem }: Inspection): string {
  const { calicoctlBackup: form, made, madeBy, revision, cluster } = header;
  const lines: readonly (readonly [string, string])[] = [
    ['Format', `${form}, made by ${madeBy}`],
    ['Made', made],
    ['Cluster', cluster === undefined ? 'unknown: there was no ClusterInformation' : `${cluster.guid || 'without GUID'}, Calico ${cluster.calicoVersion || 'of unknown version'}`],
    ['Locked', cluster?.locked === true ? 'yes: the datastore was locked when the backup was made' : 'no'],
    ['Revision', revision],
    ['Checksum', `${problem === undefined ? 'correct' : end === undefined ? 'missing' : 'wrong'}${end === undefined ? '' : ` (SHA-256 ${end.sha256})`}`],
    ['Size', `${bytes} bytes`],
    ['Keys', String(keys)],
    ...(leased > 0 ? [['Bound to a lease', `${leased}, which a restore leaves out`] as const] : []),
    ...(notUtf8 > 0 ? [['Not UTF-8', String(notUtf8)] as const] : []),
  ];
  const counts = [...kinds].map(([kind, count]): readonly [string, string] => [`  ${kind}`, String(count)]);
  return aligned([...lines, ...counts]);
}

/** Two columns. */
function aligned(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.map(([label, value]) => `${`${label}:`.padEnd(width)}${safe(value)}\n`).join('');
}

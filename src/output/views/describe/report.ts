import type { Descriptions } from '../../../describe/describe.js';
import { absenceHints, selectionIdentity } from '../../../objects/selection.js';
import type { Dialect } from '../../../resources/kind.js';
import { safe } from '../../../text/safe.js';
import type { CommandReport } from '../report.js';
import { describeData } from './data.js';
import { describeText } from './text.js';

/** What `describe` says; what was named and is not there is a failure, in either dialect. */
export function describeReport(descriptions: Descriptions, { dialect, json }: { readonly dialect: Dialect; readonly json: boolean }): CommandReport {
  const { missing, unreadable, described } = descriptions;
  const stdout = json ? describeData(descriptions, dialect) : describeText(descriptions, dialect);
  const stderr = [
    ...unreadable.map(({ key, reason }) => `${key} cannot be read: ${reason}`),
    ...missing.map((selection) => `resource does not exist: ${selectionIdentity(selection)}`),
  ];
  const hints = described.length === 0 && missing.length === 0 ? ['nothing to describe was found'] : absenceHints(missing);
  return { stdout, stderr: stderr.map(safe), hints: hints.map(safe), meaning: missing.length > 0 ? 'missing' : unreadable.length > 0 ? 'unreadable' : 'done' };
}

import type { Descriptions } from '../../../describe/describe.js';
import type { Selection } from '../../../objects/selection.js';
import { v3Identity } from '../../../objects/target.js';
import type { Dialect } from '../../../resources/kind.js';
import { plainText } from '../../../resources/plain-text.js';
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
    ...missing.map((selection) => `resource does not exist: ${identityOf(selection)}`),
  ];
  const hints = described.length === 0 && missing.length === 0 ? ['nothing to describe was found'] : [];
  return { stdout, stderr: stderr.map(safe), hints, meaning: missing.length > 0 ? 'missing' : unreadable.length > 0 ? 'unreadable' : 'done' };
}

function identityOf(selection: Selection): string {
  if (selection.by === 'name') return v3Identity(selection.kind, selection.name, selection.namespace);
  if (selection.by === 'all') return selection.kind.kind;
  const { kind, wanted } = selection;
  return wanted.map((metadata) => kind.identityText(metadata)).join(', ') || plainText(kind.kind);
}

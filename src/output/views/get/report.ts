import type { Ending } from '../../../base/errors.js';
import { absenceHints, selectionIdentity, type Selection } from '../../../objects/selection.js';
import { safe } from '../../../text/safe.js';
import type { CommandReport } from '../report.js';
import type { GetResult } from './gather.js';

/** What `get` has to say besides what it printed; where a filter left nothing, to a pipe too. */
export function getReport({ found, missing, unmatched, corrupt, exported }: GetResult, selections: readonly Selection[], filtered = false): CommandReport {
  const stderr = [
    ...corrupt.map(({ key, reason }) => `${key} cannot be read: ${reason}`),
    ...missing.map((identity) => `resource does not exist: ${identity}`),
  ];
  const left = [
    ...(exported?.kept ?? []).map((identity) => `${identity} is not exported: Calico maintains it itself in every datastore`),
    ...(exported?.unknown ?? []).map((identity) => `${identity} is exported without the fields that this version does not know`),
  ];
  const none = found > 0 || missing.length > 0 ? [] : [`no ${namesOf(selections)} found`];
  const hints = [...absenceHints(selections.filter((selection) => missing.includes(selectionIdentity(selection)))), ...(filtered ? [] : none), ...(found > 0 ? unmatched.map((name) => `no ${name} found`) : [])];
  return { stdout: '', stderr: [...stderr, ...left, ...(filtered ? none : [])].map(safe), hints: hints.map(safe), meaning: endingOf({ missing, corrupt }) };
}

function endingOf({ missing, corrupt }: Pick<GetResult, 'missing' | 'corrupt'>): Ending {
  if (missing.length > 0) return 'missing';
  return corrupt.length > 0 ? 'unreadable' : 'done';
}

/** The kinds that were asked for. Of many, no single one was meant. */
function namesOf(selections: readonly Selection[]): string {
  const kinds = [...new Set(selections.map(({ kind }) => kind.kind))];
  return kinds.length > MANY_KINDS ? 'resource' : kinds.join(' or ');
}

const MANY_KINDS = 5;

import { accountLines, isOutcomeUnknown, type Account } from '../../../datastore/account.js';
import type { Deed } from '../../../datastore/store.js';
import type { CalicoError } from '../../../base/errors.js';
import { safe } from '../../../text/safe.js';
import { hintText } from '../hint.js';
import type { CommandReport } from '../report.js';

/** How a command tells what it has done where it does not come to its end. */
export interface Telling {
  /** What success prints for deeds that are `did`, on stdout; the others are listed on stderr. */
  readonly did?: string;
  print?(deeds: readonly Deed[]): Promise<string> | string;
  /** What to do then. */
  advice(account: Account, failure: CalicoError): string | undefined;
}

/** What was done, what perhaps, and what to do: for work that was ended in the middle. */
export async function unfinishedText(account: Account, failure: CalicoError, { did, print = successLines, advice }: Telling): Promise<CommandReport> {
  const shown = account.done.filter((deed) => deed.did === did);
  const others = { done: account.done.filter((deed) => deed.did !== did), unknown: account.unknown };
  // That all of it was done or nothing is true of one transaction, and there were several.
  const hint = isOutcomeUnknown(failure) || failure.hint === undefined ? [] : [`hint: ${hintText(failure.hint)}`];
  const next = advice(account, failure);
  return {
    stdout: shown.length === 0 ? '' : await print(shown),
    stderr: [failure.message, ...accountLines(others), ...hint, ...(next === undefined ? [] : [next])].map(safe),
    meaning: account.isBegun ? 'partly' : failure.meaning,
  };
}

/** `Successfully released IP address 10.0.0.1` */
function successLines(deeds: readonly Deed[]): string {
  return deeds.map(({ did, what }) => `Successfully ${did} ${safe(what)}\n`).join('');
}

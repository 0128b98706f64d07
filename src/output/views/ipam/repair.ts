import type { FindingRepair } from '../../../ipam/operations/repair-findings.js';
import type { HandleRepair } from '../../../ipam/operations/repair.js';
import type { Repaired } from '../../../ipam/operations/repair-wanted.js';
import { suspectsOf } from '../../../ipam/operations/release-unused.js';
import { formatCidr } from '../../../net/address.js';
import { safe } from '../../../text/safe.js';
import { done, type CommandReport } from '../report.js';
import { notReleased, suspectLines } from './release.js';

const HANDLE_REPAIRS: Readonly<Record<HandleRepair, string>> = { sound: 'nothing to repair', counted: 'count corrected', removed: 'removed, it has no address' };

/** What there is to say of what was repaired. */
export function repairReport(repaired: Repaired): CommandReport {
  switch (repaired.of) {
    case 'block':
      return blockReport(repaired);
    case 'handles':
      return done([...repaired.repairs].map(([handle, repair]) => `Handle ${safe(handle)}: ${HANDLE_REPAIRS[repair]}\n`).join(''));
    case 'keys':
      return done(repaired.done.map(({ key, what }) => `Key ${safe(key)}: ${safe(what)}\n`).join(''));
    case 'finding':
      return findingReport(repaired.code, repaired.result);
  }
}

function blockReport({ cidr, done: what, kept }: Extract<Repaired, { of: 'block' }>): CommandReport {
  const name = `Block ${formatCidr(cidr)}`;
  if (kept === undefined) return done(`${name}: ${what.length === 0 ? 'nothing to repair' : what.map(safe).join('; ')}\n`);
  return { stdout: what.length === 0 ? '' : `${name}: ${what.map(safe).join('; ')}\n`, stderr: [safe(`${name}: ${kept}`)], meaning: 'failed' };
}

function findingReport(code: string, { found, left, withheld, unreadable }: FindingRepair): CommandReport {
  const all = found + withheld;
  const reasons = withheld === 0 ? suspectLines(suspectsOf(left)) : [`${code}: ${withheld} not judged as long as this cannot be read:`, ...unreadable.map((each) => safe(`  ${each.key}: ${each.problem}`))];
  return {
    stdout: `${code}: ${all === 0 ? 'nothing to repair' : `${found - left.length} of ${all} repaired`}\n`,
    stderr: [...left.map(notReleased), ...reasons],
    hints: withheld > 0 ? ['`calicoctl ipam check` says what to do about it'] : [],
    meaning: left.length + withheld > 0 ? 'failed' : 'done',
  };
}

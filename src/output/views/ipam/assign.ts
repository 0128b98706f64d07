import type { Assigned } from '../../../ipam/operations/assignment.js';
import { formatCidr, formatIp } from '../../../net/address.js';
import type { Telling } from '../changes/unfinished.js';
import { dataText } from '../data.js';

/** What is printed of addresses that were assigned: a line for each, or data in a format. */
export function assignedText(assigned: readonly Assigned[], format: string | undefined): Promise<string> {
  return addressesText(assigned.map(({ ip, block }) => ({ ip: formatIp(ip), block: formatCidr(block) })), format);
}

async function addressesText(addresses: readonly { readonly ip: string; readonly block: string }[], format: string | undefined): Promise<string> {
  if (format !== undefined) return dataText(addresses, format);
  return addresses.map(({ ip, block }) => `Successfully assigned IP address ${ip} from block ${block}\n`).join('');
}

/** How an assignment tells what it has done where it does not come to its end; `count` is how many free addresses were asked for. */
export function assignTelling(format: string | undefined, count?: number): Telling {
  const advice = count === undefined ? NOT_NAMED : countLeft(count);
  return {
    did: 'assigned',
    print: (deeds) => addressesText(deeds.map(({ data }) => ({ ip: data?.['ip'] ?? '', block: data?.['block'] ?? '' })), format),
    advice: (account, failure) => (account.unknown.length > 0 ? '`calicoctl ipam show --ip ADDRESS` tells whether it is assigned' : advice(account, failure)),
  };
}

/** What to do where some of the addresses of --ip were assigned: nothing more where the failure says it. */
const NOT_NAMED: Telling['advice'] = (_account, { meaning }) => (meaning === 'partly' ? undefined : 'The addresses that are not named here were not assigned.');

/** What to do where some of so many addresses were assigned. */
function countLeft(count: number): Telling['advice'] {
  return ({ done }) => {
    const assigned = done.filter(({ did }) => did === 'assigned').length;
    return `${assigned} of ${count} addresses were assigned; the same command with --count ${count - assigned} assigns the rest.`;
  };
}

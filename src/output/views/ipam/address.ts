import { formatCidr, formatIp } from '../../../net/address.js';
import type { AddressFacts } from '../../../ipam/operations/lookup.js';
import { ownerText } from '../../../ipam/cluster/uses.js';
import { safe } from '../../../text/safe.js';
import { compareBytes } from '../../../go/json.js';

/** What is known of an address: first as the official tool says it, then where it lives and who has it. */
export function addressFactsText(facts: AddressFacts): string {
  const lines = [...(facts.allocation === undefined ? [`${formatIp(facts.ip)} is not assigned`] : allocationLines(facts)), ...placeLines(facts), ...unreadableLines(facts)];
  return lines.map((line) => `${safe(line)}\n`).join('');
}

/** The same as data. */
export function addressFactsData({ ip, allocation, block, pool, uses, unknownUsers, unknownPools }: AddressFacts): object {
  return {
    ip: formatIp(ip),
    assigned: allocation !== undefined,
    handle: allocation?.handle ?? null,
    sequenceNumber: allocation?.sequence ?? null,
    attributes: allocation?.attribute?.secondary ?? null,
    alternateOwnerAttributes: allocation?.attribute?.alternateOwnerAttrs ?? null,
    block: block === undefined ? null : formatCidr(block.cidr),
    blockOwner: block?.affinity ?? null,
    pool: pool === undefined ? null : { name: pool.name, cidr: formatCidr(pool.cidr), disabled: pool.disabled },
    usedBy: uses.map(({ kind, name, node }) => ({ kind, name, node })),
    ...(unknownUsers.length + unknownPools.length === 0 ? {} : { unreadable: [...unknownPools, ...unknownUsers] }),
  };
}

function allocationLines({ ip, allocation, block }: AddressFacts): string[] {
  const { handle, attribute } = allocation!;
  const active = attributeLines(attribute?.secondary);
  const alternate = attributeLines(attribute?.alternateOwnerAttrs);
  return [
    `IP ${formatIp(ip)} is in use`,
    `Handle ID: ${handle ?? '<none>'}`,
    ...(attribute === undefined ? [`The block ${formatCidr(block!.cidr)} refers to attributes that do not exist`] : []),
    ...(active.length === 0 ? ['No Active Owner attributes defined'] : ['Active Owner Attributes:', ...active]),
    ...(alternate.length === 0 ? [] : ['Alternate Owner Attributes:', ...alternate]),
  ];
}

function attributeLines(attributes: Readonly<Record<string, string>> | null | undefined): string[] {
  return Object.entries(attributes ?? {}).sort(([a], [b]) => compareBytes(a, b)).map(([name, value]) => `  ${name}: ${value}`);
}

/** What cannot be read and may change the answer. */
function unreadableLines({ unknownUsers, unknownPools }: AddressFacts): string[] {
  const unknown = [...unknownPools, ...unknownUsers];
  return unknown.length === 0 ? [] : ['', 'Note: these cannot be read and may use it. `calicoctl ipam check` says what to do.', ...unknown.map(({ key, problem }) => `  ${key}: ${problem}`)];
}

function placeLines({ allocation, block, pool, uses, unknownUsers, unknownPools }: AddressFacts): string[] {
  const assigned = allocation !== undefined;
  const pools = pool === undefined ? (unknownPools.length > 0 ? '<unknown>' : '<none>') : `${pool.name} (${formatCidr(pool.cidr)})${pool.disabled ? ', disabled' : ''}`;
  return [
    ...(assigned && block !== undefined ? [`Block: ${formatCidr(block.cidr)}`, `Block Owner: ${block.affinity ?? '<none>'}`, `IP Pool: ${pools}`] : []),
    ...uses.map((use) => `In Use By: ${ownerText(use)}`),
    ...(assigned && uses.length === 0 ? [`In Use By: ${unknownUsers.length > 0 ? '<unknown>' : '<none>'}`] : []),
  ];
}

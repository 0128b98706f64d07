/**
 * What must hold of every IPAM store, checked with nothing of the code under test: plain JSON, texts and counting.
 * Returns what does not hold, one sentence each.
 */
export function violations(store: Readonly<Record<string, string>>): string[] {
  const wrong: string[] = [];
  const held = new Map<string, Map<string, number>>();
  const affinities = new Set<string>();
  for (const [key, value] of Object.entries(store)) {
    if (key.includes('/ipam/v2/assignment/')) checkBlock(key, value, held, affinities, wrong);
  }
  for (const [key, value] of Object.entries(store)) {
    const handle = /\/ipam\/v2\/handle\/(.*)/.exec(key)?.[1];
    if (handle !== undefined) {
      const counted = sortedText((JSON.parse(value) as { block: Record<string, number> }).block);
      const real = sortedText(Object.fromEntries(held.get(handle) ?? []));
      if (counted !== real) wrong.push(`handle ${handle} counts ${counted}, the blocks hold ${real}`);
      held.delete(handle);
    }
    if (/\/ipam\/v2\/host\/.*\/block\//.test(key)) {
      if (value !== '{"state":"confirmed","deleted":false}') wrong.push(`${key} is ${value}`);
      if (!affinities.delete(key)) wrong.push(`${key} has no block`);
    }
  }
  for (const handle of held.keys()) wrong.push(`there is no handle ${handle}`);
  for (const key of affinities) wrong.push(`there is no ${key}`);
  return wrong;
}

interface StoredBlock {
  cidr: string;
  affinity: string | null;
  allocations: (number | null)[];
  unallocated: number[];
  attributes: { handle_id?: string }[] | null;
  sequenceNumberForAllocation: Record<string, unknown>;
}

function checkBlock(key: string, value: string, held: Map<string, Map<string, number>>, affinities: Set<string>, wrong: string[]): void {
  const block = JSON.parse(value) as StoredBlock;
  const used = new Set<number>();
  const free = new Set(block.unallocated);
  if (!key.endsWith(`/block/${block.cidr.replace('/', '-')}`)) wrong.push(`${key} holds ${block.cidr}`);
  if (free.size !== block.unallocated.length) wrong.push(`${key}: an ordinal is free twice`);
  for (const [ordinal, index] of block.allocations.entries()) {
    if ((index === null) !== free.delete(ordinal)) wrong.push(`${key}: ordinal ${ordinal} is both free and taken, or neither`);
    if (index === null) continue;
    used.add(index);
    const attribute = block.attributes?.[index];
    if (attribute === undefined) wrong.push(`${key}: ordinal ${ordinal} has no attribute`);
    if (block.sequenceNumberForAllocation[ordinal] === undefined) wrong.push(`${key}: ordinal ${ordinal} has no sequence number`);
    const handle = attribute?.handle_id;
    if (handle === undefined) continue;
    const counts = held.get(handle) ?? new Map<string, number>();
    counts.set(block.cidr, (counts.get(block.cidr) ?? 0) + 1);
    held.set(handle, counts);
  }
  if (free.size > 0) wrong.push(`${key}: free ordinals past the end`);
  if (used.size !== (block.attributes?.length ?? 0)) wrong.push(`${key}: attributes that nobody has`);
  const host = /^host:(.*)$/.exec(block.affinity ?? '')?.[1];
  if (host !== undefined) affinities.add(`/calico/ipam/v2/host/${host}/${key.includes('/ipv4/') ? 'ipv4' : 'ipv6'}${key.slice(key.indexOf('/block/'))}`);
  if (block.affinity === null && used.size === 0) wrong.push(`${key} is empty and nobody's`);
}

function sortedText(counts: Record<string, number>): string {
  return JSON.stringify(Object.entries(counts).sort());
}

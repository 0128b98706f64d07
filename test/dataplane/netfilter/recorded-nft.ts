import type { NftTable } from '../../../src/dataplane/desired.js';
import type { RecordedNftTable } from '../../support/recordings.js';

const ID = /cali:([\w-]{16});/;

interface ListedSet {
  readonly type: string;
  readonly flags?: string;
  readonly elements: readonly string[];
}

/** nft prints rules in its own words: ids stand for the texts. Of sets it leaves out link-local addresses that came later. */
export function recordedNft({ chains, sets, maps }: RecordedNftTable): unknown {
  return {
    chains: Object.fromEntries(Object.entries(chains).map(([name, lines]) => [name, lines.map((line) => ID.exec(line)?.[1] ?? line)])),
    sets: Object.fromEntries(Object.entries(sets as Readonly<Record<string, ListedSet>>).map(([name, { type, flags, elements }]) => [name, { type, flags, elements: elements.filter(isSure).sort() }])),
    maps: Object.fromEntries(Object.entries(maps as Readonly<Record<string, ListedSet>>).map(([name, { type, elements }]) => [name, { type, elements: [...elements].sort() }])),
  };
}

export function plannedNft({ chains, sets, maps }: NftTable): unknown {
  return {
    chains: Object.fromEntries([...chains].map(([name, { hook, rules }]) => [name, [...(hook === undefined ? [] : [hook]), ...rules.map(({ id }) => id)]])),
    sets: Object.fromEntries([...sets].map(([name, { type, flags, elements }]) => [name, { type, flags, elements: [...elements].filter(isSure).sort() }])),
    maps: Object.fromEntries([...maps].map(([name, { type, elements }]) => [name, { type, elements: [...elements].map(([key, verdict]) => `${key} : ${verdict}`).sort() }])),
  };
}

function isSure(element: string): boolean {
  return !/^(fe80|@)/.test(element);
}

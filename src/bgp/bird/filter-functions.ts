import { createHash } from 'node:crypto';
import { mapsIn } from '../stored.js';
import type { BirdFacts } from './facts.js';
import { filterRule } from './filter-rule.js';
import { block, NotForBird } from './text.js';

export type Direction = 'import' | 'export';

/** The function that one direction of a BGPFilter becomes (reference/bird 3.4). */
export interface FilterFunction {
  readonly filter: string;
  readonly direction: Direction;
  /** In quotes, as BIRD wants a name with dashes. */
  readonly name: string;
  /** Whether it asks for the kind of the peer. */
  readonly asksForPeer: boolean;
  readonly lines: readonly string[];
}

const LONGEST_SYMBOL = 64;
const HASH_LENGTH = 16;
const LISTS = { import: { 4: 'importV4', 6: 'importV6' }, export: { 4: 'exportV4', 6: 'exportV6' } } as const;

/** The functions of all BGPFilters, in the order of their names. A direction without rules has none. Throws NotForBird. */
export function filterFunctions({ family, objects }: BirdFacts): readonly FilterFunction[] {
  const filters = [...objects.filters].sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  return filters.flatMap(({ metadata: { name: filter }, spec }) =>
    (['import', 'export'] as const).flatMap((direction): FilterFunction[] => {
      const rules = mapsIn(spec[LISTS[direction][family]]);
      if (rules.length === 0) return [];
      const name = functionName(filter, `_${direction}FilterV${family}`);
      const asksForPeer = rules.some(({ peerType }) => peerType !== undefined && peerType !== '');
      const lines = block(`function ${name}(${asksForPeer ? 'bool is_same_as' : ''})`, rules.flatMap((rule) => filterRule(rule, family, filter)));
      return [{ filter, direction, name, asksForPeer, lines }];
    }),
  );
}

/** BIRD takes no names of more than 64 characters: of a longer one the beginning is kept, and a hash tells it from others. */
function functionName(filter: string, ending: string): string {
  if (!/^[a-zA-Z0-9._-]+$/.test(filter)) throw new NotForBird(`BGPFilter ${filter}: BIRD takes no such name`);
  const room = LONGEST_SYMBOL - 'bgp_'.length - ending.length;
  if (filter.length <= room) return `'bgp_${filter}${ending}'`;
  const hash = createHash('sha256').update(filter).digest('hex').toUpperCase().slice(0, HASH_LENGTH);
  return `'bgp_${filter.slice(0, room - HASH_LENGTH - 1)}_${hash}${ending}'`;
}

/** The statement that calls a function for a peer. */
export function callOf({ name, asksForPeer }: FilterFunction, isInternal: boolean): string {
  return `${name}(${asksForPeer ? String(isInternal) : ''});`;
}

import type { TableName } from '../desired.js';
import { forwardEnd } from './filter.js';
import { jump, rule, type Rule } from './rule.js';
import type { Terms } from './terms.js';

/** The kernel's own chains that ours hang from. */
const HOOKS: Readonly<Record<TableName, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'POSTROUTING'],
  nat: ['PREROUTING', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** Our rules in a chain of the kernel. */
export interface Hook {
  readonly chain: string;
  /** What leads to our own chains, and whether it comes before the rules of others or behind them. */
  readonly entry: readonly Rule[];
  readonly isFirst: boolean;
  /** What always comes behind all others. */
  readonly end: readonly Rule[];
}

/** What stands for the name of a chain's end where ids are made of it: the rules there are a row of their own. */
export function endOf(chain: string): string {
  return `${chain}*appends*`;
}

/** Of the chains of the kernel, ours are asked first, or behind those of others where the settings say so; what ends FORWARD and what translates sources always comes last. */
export function hooksOf(terms: Terms, table: TableName): readonly Hook[] {
  return HOOKS[table].map((chain): Hook => {
    const entry = rule([], jump(`cali-${chain}`));
    if (table === 'nat' && chain === 'POSTROUTING') return { chain, entry: [], end: [entry], isFirst: true };
    return { chain, entry: [entry], end: table === 'filter' && chain === 'FORWARD' ? forwardEnd(terms) : [], isFirst: terms.settings.chainInsertMode === 'Insert' };
  });
}

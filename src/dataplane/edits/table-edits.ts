import type { RenderedRule, TableName, TableState } from '../desired.js';
import { isOurChain, type SavedRule, type SavedTable } from './saved-tables.js';

/** A line of the input of `iptables-restore`, and the rule it puts into a chain, where it does. */
export interface EditLine {
  readonly text: string;
  readonly chain?: string;
  readonly rule?: RenderedRule;
}

/** What makes a table as it should be, and what it has then. */
export interface TableEdits {
  /** Empty where there is nothing to do. Line by line what iptables-restore reads, so that the number it complains of is found. */
  readonly lines: readonly EditLine[];
  readonly after: SavedTable;
}

/**
 * The least edits that make our part of a table what it should be (reference/felix 4.2). Chains are compared by the ids of their rules,
 * position by position; our rules in the kernel's own chains are all taken out and put in anew if one is not where it should be. What
 * is not ours stays as it is.
 */
export function tableEdits(table: TableName, kernel: SavedTable, desired: TableState): TableEdits {
  const after = new Map<string, readonly SavedRule[]>(kernel);
  const declared: EditLine[] = [];
  const edits: EditLine[] = [];
  for (const [chain, rules] of desired.chains) {
    const there = kernel.get(chain);
    if (there === rules) continue;
    if (there === undefined) declared.push({ text: `:${chain} - -` });
    chainEdits(chain, there ?? [], rules, edits);
    after.set(chain, rules as readonly SavedRule[]);
  }
  hookEdits(kernel, desired, edits, after);
  const stale = [...kernel.keys()].filter((chain) => isOurChain(chain) && !desired.chains.has(chain));
  for (const chain of stale) {
    declared.push({ text: `:${chain} - -` });
    after.delete(chain);
  }
  const body = [...declared, ...edits, ...stale.map((chain) => ({ text: `--delete-chain ${chain}` }))];
  return { lines: body.length === 0 ? [] : [{ text: `*${table}` }, ...body, { text: 'COMMIT' }], after };
}

function chainEdits(chain: string, there: readonly SavedRule[], rules: readonly RenderedRule[], edits: EditLine[]): void {
  rules.forEach((rule, at) => {
    if (at >= there.length) edits.push({ text: `-A ${chain} ${rule.text}`, chain, rule });
    else if (there[at]!.id !== rule.id) edits.push({ text: `-R ${chain} ${at + 1} ${rule.text}`, chain, rule });
  });
  for (let at = there.length; at > rules.length; at--) edits.push({ text: `-D ${chain} ${at}` });
}

function hookEdits(kernel: SavedTable, { hooks }: TableState, edits: EditLine[], after: Map<string, readonly SavedRule[]>): void {
  const own = [...kernel].filter(([chain, rules]) => !isOurChain(chain) && rules.some(({ isOurs }) => isOurs)).map(([chain]) => chain);
  for (const chain of new Set([...hooks.keys(), ...own])) {
    const { inserted = [], appended = [] } = hooks.get(chain) ?? {};
    const there = kernel.get(chain) ?? [];
    const foreign = there.filter(({ isOurs }) => !isOurs);
    const wanted = [...inserted.map(asSaved), ...foreign, ...appended.map(asSaved)];
    after.set(chain, wanted);
    if (sameOrder(there, wanted)) continue;
    for (const { isOurs, text } of there) if (isOurs) edits.push({ text: `-D ${chain} ${text}` });
    for (const rule of [...inserted].reverse()) edits.push({ text: `-I ${chain} ${rule.text}`, chain, rule });
    for (const rule of appended) edits.push({ text: `-A ${chain} ${rule.text}`, chain, rule });
  }
}

function asSaved({ id, text }: RenderedRule): SavedRule {
  return { id, text, isOurs: true };
}

function sameOrder(left: readonly SavedRule[], right: readonly SavedRule[]): boolean {
  return left.length === right.length && left.every(({ isOurs, id }, at) => isOurs === right[at]!.isOurs && id === right[at]!.id);
}

import type { Figures } from './run.js';

/** How many of each kind of wrong are shown. */
const SHOWN = 10;

/** The figures of a run, for people; the last line but for what is wrong has the counts. */
export function reportOf(figures: Figures): string {
  const { verdict, transactions, commands } = figures;
  const wrong = wrongs(figures);
  return [
    `faults: ${counted(figures.faults)}`,
    `on the way: ${counted(figures.troubles)}; ${figures.strikes} strikes of the rival`,
    `commands: ${commands.all}, ${commands.program} of them by the built program`,
    `transactions: ${transactions.done} done, ${transactions.notWritten} not written, ${transactions.unknown} not known`,
    `etcd's history: ${figures.changes} changes; claims compared with it: ${verdict.compared}`,
    ...Object.entries(wrong).flatMap(([title, list]) => list.slice(0, SHOWN).map((line) => `  ${title}: ${line}`)),
    ...(isProof(figures) ? [] : ['  nothing was broken, or nothing was written: this run shows nothing']),
    Object.entries(wrong).map(([title, list]) => `${list.length} ${title}`).join(', '),
    '',
  ].join('\n');
}

/** Whether nothing was lost, doubled or false, and something could have been. */
export function isGood(figures: Figures): boolean {
  return isProof(figures) && Object.values(wrongs(figures)).every((list) => list.length === 0);
}

function isProof({ faults, transactions }: Figures): boolean {
  return Object.keys(faults).length > 0 && transactions.done > 0;
}

function wrongs({ verdict: { lost, doubled, false: untrue }, violations, broken }: Figures): Readonly<Record<string, readonly string[]>> {
  return { lost, doubled, false: untrue, 'broken ends': broken, 'wrong records of addresses': violations };
}

function counted(counts: Readonly<Record<string, number>>): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return `${total} (${Object.entries(counts).map(([title, count]) => `${count} ${title}`).join(', ')})`;
}

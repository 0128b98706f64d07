import { CNI_ROWS } from './cni.js';
import { IPAM_ROWS } from './ipam.js';
import { POLICY_ROWS } from './policy.js';
import { BULK, preparePlace, ROWS, type Row } from './rows.js';
import type { Measured } from './measure.js';
import { WATCH_ROW } from './watching.js';
import { measureWriting } from './writing.js';

/** Keys of the comparison with single transactions: enough to be steady, few enough to be over soon. */
const SINGLES = 2000;

const [only = '', rounds = '3'] = process.argv.slice(2);

function line(...cells: readonly string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(28) : cell.padStart(11))).join('');
}

function report({ work, limit, official, memoryLimit }: Row, { ratio, ms, peakMb }: Measured): string {
  const verdict = (limit !== undefined && ratio > limit) || peakMb > memoryLimit ? 'OVER' : 'ok';
  return line(work, ratio.toFixed(2), limit === undefined ? '' : String(limit), official, `${ms.toFixed(0)} ms`, `${peakMb.toFixed(0)} MB`, verdict);
}

console.log('Wall time of whole processes in multiples of node -e 0, median of paired runs. Usage: npm run bench [-- PART-OF-A-NAME [ROUNDS]]\n');
console.log(line('work', 'ratio', 'at most', 'Go', 'time', 'peak', ''));
const place = preparePlace(Number(rounds));
try {
  const seconds: Record<string, number> = {};
  for (const row of [...ROWS, WATCH_ROW, ...IPAM_ROWS, ...POLICY_ROWS, ...CNI_ROWS].filter(({ work }) => work.includes(only))) {
    const measured = await row.measure(place);
    seconds[row.work] = measured.ms / 1000;
    console.log(report(row, measured));
  }
  const bulk = seconds['create 10,000'];
  if (bulk !== undefined) {
    const { oneByOne, inBatches } = await measureWriting((await place.freshEtcd()).endpoint, SINGLES, BULK);
    const times = (rate: number): string => `${rate.toFixed(0)} keys/s, ${(rate / oneByOne).toFixed(1)}x`;
    console.log(`\none guarded transaction at a time: ${oneByOne.toFixed(0)} keys/s; in batches: ${times(inBatches)} (at least 10x wanted); the whole create, with reading and checking the file: ${times(BULK / bulk)}`);
  }
} finally {
  await place.close();
}

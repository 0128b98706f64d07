import { measure, type Reader, type Run } from './measure.js';
import { BULK, type Place, type Row } from './rows.js';

const MEMORY_MB = 150;

/** The row of issue 12: a watch that sees every endpoint created, in the order of their revisions. */
export const WATCH_ROW: Row = {
  work: 'watch of 10,000 changes', official: '', memoryLimit: MEMORY_MB,
  measure: (place) => measure(1, () => watchCreation(place), () => place.freshEtcd()),
};

async function watchCreation(place: Place): Promise<Run> {
  let created: Promise<unknown> | undefined;
  // Something to show at once: its line tells that the watch has begun.
  await place.calicoctl('create', '-f', place.policy);
  const run = await place.read(eventsInOrder(BULK, () => (created ??= place.calicoctl('create', '-f', place.stored))), 'watch', 'workloadEndpoint,policy', '-o', 'json');
  await created;
  return run;
}

/** Counts the changes after what is there already; the first line tells that the watch has begun. Throws where one is out of order. */
function eventsInOrder(count: number, begun: () => unknown): Reader {
  let [rest, seen, last] = ['', 0, 0];
  return (piece) => {
    const lines = (rest + piece.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { type, revision } = JSON.parse(line) as { type: string; revision: string };
      if (type === 'PRESENT') begun();
      else seen++;
      if (Number(revision) < last) throw new Error(`revision ${revision} was told after ${last}`);
      last = Number(revision);
    }
    return seen >= count;
  };
}

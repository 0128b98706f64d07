import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Member } from './cluster.js';
import type { Random } from './random.js';

/** Something that is done to members, and undone. */
interface Fault {
  readonly members: 1 | 2;
  begin(member: Member): void | Promise<void>;
  end(member: Member): void;
  /** How long it lasts, in milliseconds. */
  readonly lasts: readonly [low: number, high: number];
}

const kill = { begin: (member: Member) => member.end('SIGKILL'), end: (member: Member) => member.start(), lasts: [200, 3000] } as const;
const freeze = { begin: (member: Member) => member.freeze(), end: (member: Member) => member.thaw(), lasts: [300, 5000] } as const;
const heal = (member: Member): void => member.place.heal();

/** What may happen to the cluster. Two of three members at once leave it without a quorum. */
const FAULTS: Readonly<Record<string, Fault>> = {
  kill: { members: 1, ...kill },
  'kill of two': { members: 2, ...kill },
  stop: { members: 1, ...kill, begin: (member) => member.end('SIGTERM') },
  freeze: { members: 1, ...freeze },
  'freeze of two': { members: 2, ...freeze, lasts: [300, 2500] },
  blink: { members: 2, ...freeze, lasts: [50, 300] },
  cut: { members: 1, begin: (member) => member.place.cut('all'), end: heal, lasts: [300, 5000] },
  'cut from peers': { members: 1, begin: (member) => member.place.cut('peers'), end: heal, lasts: [500, 6000] },
};

/** Makes one fault after the other until the time is over; all of them are undone at the end. Returns how many there were of each. */
export async function makeFaults(cluster: Cluster, random: Random, until: number): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  while (performance.now() < until) {
    const title = random.pick(Object.keys(FAULTS));
    const fault = FAULTS[title]!;
    const members = random.several(cluster.members, fault.members);
    for (const member of members) await fault.begin(member);
    await sleep(random.between(...fault.lasts));
    for (const member of members) fault.end(member);
    counts[title] = (counts[title] ?? 0) + 1;
    await sleep(random.between(300, 2500));
  }
  return counts;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { CalicoError } from '../base/errors.js';
import { readStat } from '../host/process-stat.js';
import { signalProcess } from '../host/program.js';
import { removeContext } from './context.js';
import type { LabFolder } from './folder.js';
import { keepersOf } from './lab.js';

const LONGEST_MS = 10_000;

/**
 * Takes a lab away, whatever was made of it. With its first process the kernel ends all others in it, and namespaces, devices and mounts go
 * with those; then its files go. Returns false where there was none. Throws CalicoError where something stays.
 */
export async function takeDown(folder: LabFolder): Promise<boolean> {
  // Somebody may have taken its files away, and left it running.
  const was = folder.exists || keepersOf(folder).length > 0;
  await endKeepers(() => keepersOf(folder), folder.name);
  await removeContext(folder);
  folder.remove();
  return was;
}

/** Looks again after each round: a process that was just being started is seen then. */
async function endKeepers(find: () => ReturnType<typeof keepersOf>, name: string): Promise<void> {
  const deadline = performance.now() + LONGEST_MS;
  for (let found = find(); found.length > 0; found = find()) {
    // What made the process namespace goes last, by itself: when it has ended, all of the lab has.
    const keepers = found.filter(({ argv }) => argv[0] !== 'unshare');
    for (const { pid, started } of keepers.length > 0 ? keepers : found) if (readStat(pid)?.started === started) signalProcess(pid, 'SIGKILL');
    if (performance.now() > deadline) throw new CalicoError('failed', `processes of lab ${name} do not end: ${found.map(({ pid }) => pid).join(', ')}`);
    await sleep(10);
  }
}

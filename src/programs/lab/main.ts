import { basename, dirname } from 'node:path';
import { LabFolder } from '../../lab/folder.js';
import { Keeper } from '../../lab/keeper/keeper.js';
import { serve } from '../../lab/keeper/serve.js';
import { probe } from '../../lab/probe/probe.js';
import { writeAll } from '../calicoctl/streams.js';

/** The first process of a lab: it makes what it is asked for, and ends, with all of the lab, when whoever started it does before the lab is made. */
async function keep(path: string, id: string): Promise<void> {
  const folder = new LabFolder(basename(path), dirname(path));
  const plan = folder.read();
  if (plan?.id !== id) return process.exit(1);
  const keeper = new Keeper(folder, plan);
  const goneEarly = (): void => {
    if (!keeper.kept) process.exit(1);
  };
  process.stdin.on('end', goneEarly).on('error', goneEarly).resume();
  await serve(folder, keeper, (line) => writeAll(1, `${new Date().toISOString()} ${line}\n`));
}

/** Sends or receives packets where it is started; what came of it is a line of JSON. */
async function probeHere(task: string): Promise<void> {
  await probe(JSON.parse(task) as Parameters<typeof probe>[0], (result) => writeAll(1, `${JSON.stringify(result)}\n`));
  process.exit(0);
}

const [word, ...words] = process.argv.slice(2);
void (word === 'keeper' ? keep(words[0] ?? '', words[1] ?? '') : probeHere(words[0] ?? '')).catch((error: unknown) => {
  writeAll(2, `${String((error as Error).stack ?? error)}\n`);
  process.exit(1);
});

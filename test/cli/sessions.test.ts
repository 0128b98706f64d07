import { readdirSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import { playTranscript } from '../support/transcript.js';
import { Workplace } from '../support/workplace.js';

const FOLDER = new URL('../cases/cli/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));

/** Sessions that are played at the same time, each on a store of its own. */
const AT_ONCE = 3;

describe('sessions at the command line', function () {
  this.timeout(120_000);
  const workplaces: Workplace[] = [];
  const played = new Map<string, Promise<void>>();

  before(async () => {
    for (let count = 0; count < AT_ONCE; count++) workplaces.push(await Workplace.open());
    let queues = workplaces.map(() => Promise.resolve());
    FILES.forEach((file, index) => {
      const at = index % AT_ONCE;
      const turn = (queues[at] as Promise<void>).then(() => playTranscript(new URL(file, FOLDER), workplaces[at] as Workplace));
      played.set(file, turn);
      queues = queues.map((queue, each) => (each === at ? turn.catch(() => undefined) : queue));
    });
  });
  after(() => Promise.all(workplaces.map((workplace) => workplace.close())));

  for (const file of FILES) it(file.replace('.txt', '').replaceAll('-', ' '), () => played.get(file));
});

import { after, before, it } from 'mocha';
import { Workplace } from './workplace.js';

/** Cases that are tried at the same time: enough for two processors that also wait for disks. */
const AT_ONCE = 3;
/** How long a case may take, with those that are tried before it. */
const LONGEST_MS = 900_000;

/**
 * One test for each case; several are tried at the same time, each on an emptied store and folder of its own. Called inside `describe`.
 * `ONLY=pools.txt` or `ONLY=pools` tries those alone whose title has these words; a word that is in none is a mistake.
 * @param title what the test of a case is called
 */
export function testAtOnce<Case>(all: readonly Case[], title: (each: Case) => string, attempt: (each: Case, workplace: Workplace) => Promise<void>): void {
  const only = (process.env['ONLY'] ?? '').replace(/\.\w+$/, '').replaceAll('-', ' ');
  const cases = all.filter((each) => title(each).replaceAll('-', ' ').includes(only));
  if (cases.length === 0) throw new Error(`ONLY=${only} is in the title of no case`);
  const workplaces: Workplace[] = [];
  const attempts = new Map<Case, Promise<void>>();

  before(async () => {
    for (let count = 0; count < Math.min(AT_ONCE, cases.length); count++) workplaces.push(await Workplace.open());
    const waiting = [...cases];
    const settle = new Map<Case, { resolve: () => void; reject: (reason: unknown) => void }>();
    for (const each of cases) {
      const attempted = new Promise<void>((resolve, reject) => settle.set(each, { resolve, reject }));
      // Nobody may be waiting for it yet.
      attempted.catch(() => undefined);
      attempts.set(each, attempted);
    }
    for (const workplace of workplaces) void work(workplace, waiting, async (each) => attempt(each, workplace).then(settle.get(each)?.resolve, settle.get(each)?.reject));
  });
  after(() => Promise.all(workplaces.map((workplace) => workplace.close())));

  for (const each of cases) it(title(each), () => attempts.get(each)).timeout(LONGEST_MS);
}

async function work<Case>(workplace: Workplace, waiting: Case[], attempt: (each: Case) => Promise<void>): Promise<void> {
  for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
    await workplace.wipe();
    workplace.clear();
    await attempt(each);
  }
}

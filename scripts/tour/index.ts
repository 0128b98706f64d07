import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startEtcd } from '../support/etcd.js';
import { ensurePrograms } from '../support/programs.js';
import { STEPS } from './steps.js';

/** What is toured: the build of this clone, or a program that is named. */
const PROGRAM = process.argv[2] === undefined ? [process.execPath, 'bin/run.js'] : [process.argv[2]];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the tour on an etcd of its own and prints it. Returns false when a step ended otherwise than it should. */
async function tour(): Promise<boolean> {
  const [file = '', ...words] = PROGRAM;
  const etcd = await startEtcd();
  console.log(`# etcd for this tour: ${etcd.endpoint}`);
  try {
    return STEPS.every((step) => {
      if (step.about !== undefined) console.log(`\n# ${step.about}`);
      console.log(`$ calicoctl ${step.argv.join(' ')}`);
      const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ETCD_ENDPOINTS: etcd.endpoint };
      const done = spawnSync(file, [...words, ...step.argv], { cwd: ROOT, env, encoding: 'utf8' });
      process.stdout.write(done.stdout + done.stderr);
      const expected = step.exit ?? 0;
      if (done.status === expected) return true;
      console.log(`# ended with ${String(done.status)}, not ${expected}`);
      return false;
    });
  } finally {
    await etcd.stop();
  }
}

ensurePrograms({ etcd: 'etcd-server', etcdctl: 'etcd-client' });
process.exitCode = (await tour()) ? 0 : 1;

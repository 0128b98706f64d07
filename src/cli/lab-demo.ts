import { writeFileSync } from 'node:fs';
import { CalicoError } from '../base/errors.js';
import { runAttached } from '../host/program.js';
import { demoSteps, type DemoStep } from '../lab/demo.js';
import { takeDown } from '../lab/down.js';
import type { LabFolder } from '../lab/folder.js';
import { nameFlag } from '../lab/lab.js';
import { ExitCode } from './exit-codes.js';
import type { Shell } from './shell.js';

/** Plays the demonstration: each command with what it prints. Throws CalicoError where one ends otherwise than it should; the lab is taken away in any case unless it is kept. */
export async function playDemo(shell: Shell, folder: LabFolder, { keep }: { readonly keep: boolean }): Promise<ExitCode> {
  const { name } = folder;
  if (folder.exists) throw new CalicoError('exists', `there is a lab of the name ${name} already`, { hint: `take it away with calicoctl lab down${nameFlag(name)}, or give another --name` });
  try {
    for (const step of demoSteps(name, folder.path)) await play(shell, step);
    if (keep) shell.say(`\n# The lab stays: calicoctl lab down${nameFlag(name)} takes it away.`);
    return ExitCode.done;
  } finally {
    if (!keep) await finish(shell, folder);
  }
}

async function play(shell: Shell, { remark, words, exitCode = ExitCode.done, file }: DemoStep): Promise<void> {
  if (remark !== undefined) await shell.out(`\n# ${remark}\n`);
  if (file !== undefined) {
    writeFileSync(file.name, file.text);
    await shell.out(`$ cat ${file.name}\n${file.text}`);
  }
  await shell.out(`$ calicoctl ${words.join(' ')}\n`);
  const code = await run(shell, words);
  if (code === exitCode) return;
  shell.interruption.signal.throwIfAborted();
  throw new CalicoError('failed', `this was to end with exit code ${exitCode}, and ended with ${code ?? 'a signal'}`);
}

async function finish(shell: Shell, folder: LabFolder): Promise<void> {
  await shell.out(`\n$ calicoctl lab down${nameFlag(folder.name)}\n`);
  await takeDown(folder);
  shell.say(`Lab ${folder.name} is gone.`);
}

/** What it prints goes where ours goes. */
function run(shell: Shell, words: readonly string[]): Promise<number | null> {
  const [file = '', ...own] = shell.program;
  return shell.whileAway(() => runAttached(file, [...own, ...words], { env: shell.env, signal: shell.interruption.signal }));
}

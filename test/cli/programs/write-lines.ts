import { CalicoError } from '../../../src/base/errors.js';
import { exitCodeOf } from '../../../src/cli/exit-codes.js';
import { ReaderGone, TextWriter } from '../../../src/cli/text-writer.js';

// Writes as many numbered lines as asked. Says `alive` on stderr when its timers have run while it was writing.
const count = Number(process.argv[2]);
const writer = new TextWriter(1);
let ticks = 0;
const timer = setInterval(() => {
  ticks += 1;
  if (ticks === 3) process.stderr.write('alive\n');
}, 1);
try {
  for (let line = 1; line <= count; line += 1) await writer.write(`line ${line} ${'x'.repeat(90)}\n`);
  await writer.flush();
} catch (error) {
  if (error instanceof CalicoError) process.stderr.write(`${error.message}\n`);
  else if (!(error instanceof ReaderGone)) throw error;
  process.exitCode = error instanceof CalicoError ? exitCodeOf(error) : 0;
}
clearInterval(timer);
